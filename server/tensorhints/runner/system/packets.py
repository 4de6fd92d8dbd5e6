"""Messages between the host, its runs and its checkpoints, with descriptors passed beside them.

Each message is one packet of any length: its text lies in an anonymous memory file whose
descriptor travels with the packet, so that sending never waits for the receiver.
"""

from __future__ import annotations

import os
import socket
from array import array
from typing import Any, List, Sequence, Tuple

from ...model import wire

_MARK = b"m"
_MAX_DESCRIPTORS = 8


def pair() -> Tuple[socket.socket, socket.socket]:
    """Create two connected sockets that carry packets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(connection: socket.socket, message: object, descriptors: Sequence[int] = ()) -> None:
    """Send a message with descriptors. Raises `OSError` if the other end is closed."""
    text = os.memfd_create("message", os.MFD_CLOEXEC)
    try:
        with open(text, "wb", closefd=False) as file:
            file.write(wire.encode(message))
        socket.send_fds(connection, [_MARK], [text, *descriptors])
    finally:
        os.close(text)


def receive(connection: socket.socket, flags: int = 0) -> Tuple[Any, List[int]]:
    """Receive the next message and its descriptors.

    Raises `EOFError` at the end of the stream, `OSError` for any other failure.
    """
    # Not by `socket.recv_fds`, which ignores the flags.
    ancillary_size = socket.CMSG_SPACE(_MAX_DESCRIPTORS * array("i").itemsize)
    mark, ancillary, _, _ = connection.recvmsg(1, ancillary_size, flags | socket.MSG_CMSG_CLOEXEC)
    received = array("i")
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            received.frombytes(data[: len(data) - len(data) % received.itemsize])
    descriptors = received.tolist()
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
