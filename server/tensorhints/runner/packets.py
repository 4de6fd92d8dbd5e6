"""Messages between the processes of one host: one packet each, of any length, with descriptors.

The text of a message lies in a file in memory that travels beside the packet, so that sending never
waits for the one who reads.
"""

from __future__ import annotations

import os
import socket
from typing import Any, List, Sequence, Tuple

from ..model import wire

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
    mark, descriptors, _, _ = socket.recv_fds(connection, 1, _MOST_DESCRIPTORS, flags)
    if not mark or not descriptors:
        for descriptor in descriptors:
            os.close(descriptor)
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
