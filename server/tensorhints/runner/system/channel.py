"""The run's way to the server: whole messages or nothing, from any thread or forked worker.

Knows the wire form and sockets, and nothing of what the messages mean except how to make one
smaller that is too large for a packet.
"""

from __future__ import annotations

import dataclasses
import errno
import os
import socket
import threading
from collections import deque
from typing import Deque, Iterator, List, Optional

from ...model import failures, messages, wire

# A packet needs contiguous kernel memory for all but 68 KiB of it: longer ones may be refused.
PACKET_LIMIT = 96 * 1024
SEND_BUFFER = 4 * 1024 * 1024

_TEXT_KEPT = 4000
_FRAMES_KEPT = 10


class Channel:
    """Sends messages over a connected socket. Never raises but for an interrupt that was pending.

    Over `SOCK_SEQPACKET` each frame is one packet, so that processes forked by the user's program
    may send as well. Over a stream they stay silent: their bytes would land inside other frames.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._broken = False
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        except OSError:
            pass
        kind = getattr(socket, "SOCK_SEQPACKET", None)
        self._packets = kind is not None and connection.type == kind
        self._waiting: Deque[bytes] = deque()
        self._turn = threading.Lock()
        if not self._packets and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._fall_silent)

    def send(self, message: object) -> None:
        """Sends `message`, waiting until the socket takes it. What cannot be sent is dropped."""
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

    def close(self) -> None:
        self._broken = True
        self._connection.close()

    def _fall_silent(self) -> None:
        self._broken = True

    def _send_packet(self, message: object, frame: bytes) -> None:
        if len(frame) > PACKET_LIMIT:
            for part in smaller(message):
                self.send(part)
            return
        interrupt: Optional[BaseException] = None
        sent: List[int] = []
        while not sent:
            try:
                # The result is stored without a bytecode in between, so an interrupt that comes
                # with it cannot make a frame that was sent look unsent.
                sent.extend(map(self._connection.send, (frame,)))
            except OSError as error:
                if error.errno not in (errno.ENOBUFS, errno.EAGAIN):
                    self._broken = True
                    break
            except BaseException as error:
                interrupt = error
        if interrupt is not None:
            raise interrupt

    def _send_stream(self, frame: bytes) -> None:
        self._waiting.append(frame)
        # A signal handler that sends while a frame is half out, and any other thread, leave theirs
        # to whoever is sending.
        while self._waiting and not self._broken and self._turn.acquire(blocking=False):
            interrupt: Optional[BaseException] = None
            try:
                while self._waiting:
                    interrupt = self._send_all(self._waiting[0]) or interrupt
                    self._waiting.popleft()
            finally:
                self._turn.release()
            if interrupt is not None:
                raise interrupt

    def _send_all(self, frame: bytes) -> Optional[BaseException]:
        interrupt: Optional[BaseException] = None
        sent: List[int] = []
        view = memoryview(frame)
        while sum(sent) < len(frame) and not self._broken:
            try:
                sent.extend(map(self._connection.send, (view[sum(sent) :],)))
            except OSError:
                self._broken = True
            except BaseException as error:
                interrupt = error
        return interrupt


def smaller(message: object) -> Iterator[object]:
    """The same message in parts, or with less in it; nothing where there is no way to shrink it."""
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
        message=failure.message[:_TEXT_KEPT],
        frames=tuple(
            dataclasses.replace(frame, source=frame.source[:200])
            for frame in failure.frames[-_FRAMES_KEPT:]
        ),
        operation=None,
        inside=(),
    )
