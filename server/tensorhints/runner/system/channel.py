"""The connection of a run to the server, for any thread and for workers that the program forks.

A message is sent whole or not at all. The only thing known about the meaning of messages is how to
shrink one that is too large for a packet.
"""

from __future__ import annotations

import dataclasses
import errno
import os
import socket
import threading
from collections import deque
from typing import Deque, Iterator, List, Optional, Tuple

from ...model import failures, messages, wire
from ...model.source_text import read_framed

MAX_PACKET_BYTES = 96 * 1024
"""A packet needs contiguous kernel memory for all but 68 KiB of it, so longer ones may fail."""

_SEND_BUFFER_BYTES = 4 * 1024 * 1024

_MAX_MESSAGE_CHARACTERS = 4000
_MAX_SOURCE_CHARACTERS = 200
_MAX_FRAMES = 10


class Channel:
    """Sends messages over a connected socket. Raises nothing but a pending interrupt.

    With `SOCK_SEQPACKET` each frame is one packet, so that processes forked by the program can send
    as well. With a stream socket they send nothing: their bytes could land inside other frames.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._broken = False
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        except OSError:
            pass  # A smaller buffer only makes sending wait more often.
        kind = getattr(socket, "SOCK_SEQPACKET", None)
        self._packets = kind is not None and connection.type == kind
        self._waiting: Deque[Tuple[bytes, Optional[int]]] = deque()
        self._sending = threading.Lock()
        if not self._packets and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._disable)

    def send(self, message: object) -> None:
        """Send `message`, blocking until the socket accepts it. Drops what cannot be sent."""
        if self._broken:
            return
        try:
            frame = wire.encode(message)
        except (wire.WireError, RecursionError, MemoryError):
            return
        if self._packets:
            self._send_packet(message, frame)
        else:
            self._send_stream(frame)

    def request_text(self, run: int, digest: str) -> Optional[str]:
        """Return an unsaved text, for which the server is asked; `None` if it has gone.

        The answer comes through a pipe of its own, so that any number of threads and forked
        processes may ask at once.
        """
        if self._broken:
            return None
        near, far = os.pipe()
        try:
            frame = wire.encode(messages.TextRequest(run, digest))
            if self._packets:
                self._send_with(frame, far)
            else:
                self._send_stream(frame, far)
            # If it could not be sent, `far` is closed, and there is nothing to read.
            return read_framed(lambda size: os.read(near, size))
        finally:
            os.close(near)

    def close(self) -> None:
        """Close the socket; later messages are dropped."""
        self._broken = True
        self._connection.close()

    def _disable(self) -> None:
        self._broken = True

    def _send_packet(self, message: object, frame: bytes) -> None:
        if len(frame) > MAX_PACKET_BYTES:
            for part in shrunk(message):
                self.send(part)
            return
        interrupt: Optional[BaseException] = None
        sent: List[int] = []
        while not sent:
            try:
                # No bytecode runs between sending and storing the result, so an interrupt cannot
                # make a frame that was sent look unsent.
                sent.extend(map(self._connection.send, (frame,)))
            except OSError as error:
                if error.errno not in (errno.ENOBUFS, errno.EAGAIN):
                    self._broken = True
                    break
            except BaseException as error:
                interrupt = error
        if interrupt is not None:
            raise interrupt

    def _send_with(self, data: bytes, descriptor: int) -> None:
        """Send data with a descriptor beside it, and close the descriptor here."""
        sent = False
        try:
            while not sent and not self._broken:
                try:
                    socket.send_fds(self._connection, [data], [descriptor])
                    sent = True
                except OSError as error:
                    self._broken = error.errno not in (errno.ENOBUFS, errno.EAGAIN)
        finally:
            os.close(descriptor)

    def _send_stream(self, frame: bytes, descriptor: Optional[int] = None) -> None:
        self._waiting.append((frame, descriptor))
        # A signal handler that interrupts a send, and any other thread, only queue their frames:
        # the sender in progress sends them.
        while self._waiting and not self._broken and self._sending.acquire(blocking=False):
            interrupt: Optional[BaseException] = None
            try:
                while self._waiting:
                    interrupt = self._send_all(*self._waiting[0]) or interrupt
                    self._waiting.popleft()
            finally:
                self._sending.release()
            if interrupt is not None:
                raise interrupt
        if self._broken:
            for _, waiting in self._waiting:
                if waiting is not None:
                    os.close(waiting)
            self._waiting.clear()

    def _send_all(self, frame: bytes, descriptor: Optional[int]) -> Optional[BaseException]:
        interrupt: Optional[BaseException] = None
        sent: List[int] = []
        view = memoryview(frame)
        if descriptor is not None:
            self._send_with(frame[:1], descriptor)
            sent.append(1)
        while sum(sent) < len(frame) and not self._broken:
            try:
                sent.extend(map(self._connection.send, (view[sum(sent) :],)))
            except OSError:
                self._broken = True
            except BaseException as error:
                interrupt = error
        return interrupt


def shrunk(message: object) -> Iterator[object]:
    """Yield the message in parts or shortened; nothing if it cannot be shrunk."""
    for name in ("locations", "tallies", "tensors"):
        items = getattr(message, name, None)
        if isinstance(items, tuple) and len(items) > 1:
            middle = len(items) // 2
            for part in (items[:middle], items[middle:]):
                yield dataclasses.replace(message, **{name: part})  # type: ignore[type-var]
            return
    if isinstance(message, messages.NewSignature) and message.details is not None:
        yield dataclasses.replace(message, details=None)
    elif isinstance(message, messages.Failed) and message.failure != _shortened(message.failure):
        yield dataclasses.replace(message, failure=_shortened(message.failure))


def _shortened(failure: failures.Failure) -> failures.Failure:
    return dataclasses.replace(
        failure,
        message=failure.message[:_MAX_MESSAGE_CHARACTERS],
        frames=tuple(
            dataclasses.replace(frame, source=frame.source[:_MAX_SOURCE_CHARACTERS])
            for frame in failure.frames[-_MAX_FRAMES:]
        ),
        operation=None,
        inside=(),
    )
