"""Messages between the processes of one host: one packet each, of any length, with descriptors.

The text of a message lies in a file in memory that travels beside the packet, so that sending never
waits for the one who reads.
"""

from __future__ import annotations

import os
import socket
from array import array
from typing import Any, List, Sequence, Tuple

from ...model import wire

_MARK = b"m"
_MOST_DESCRIPTORS = 8


def pair() -> Tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(connection: socket.socket, message: object, descriptors: Sequence[int] = ()) -> None:
    """Raises `OSError` where nobody can take it any more."""
    text = os.memfd_create("message", os.MFD_CLOEXEC)
    try:
        with open(text, "wb", closefd=False) as file:
            file.write(wire.encode(message))
        socket.send_fds(connection, [_MARK], [text, *descriptors])
    finally:
        os.close(text)


def receive(connection: socket.socket, flags: int = 0) -> Tuple[Any, List[int]]:
    """The next message and what came beside it. Raises `EOFError` at the end, else `OSError`."""
    # Not by `socket.recv_fds`, which forgets the flags.
    room = socket.CMSG_SPACE(_MOST_DESCRIPTORS * array("i").itemsize)
    mark, beside, _, _ = connection.recvmsg(1, room, flags | socket.MSG_CMSG_CLOEXEC)
    found = array("i")
    for level, kind, data in beside:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    descriptors = found.tolist()
    if not mark or not descriptors:
        raise EOFError
    try:
        with open(descriptors[0], "rb") as file:
            file.seek(0)
            (message,) = wire.Decoder().feed(file.read())
    except BaseException:
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        raise
    return message, descriptors[1:]
