"""The server's ends of a run's four streams: messages, stdout, stderr and fault text."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import sys
from array import array
from collections import deque
from collections.abc import Callable

from tensorhints.model import messages, source_text, wire

from .output import OutputStream
from .run_log import CheckpointLog, RunLog

_CHUNK = 1 << 16
_PACKET = 1 << 20
_PACKETS_PER_TURN = 64
_FAULT_TEXT_KEPT = 1 << 16
_BAD_PACKETS_TOLERATED = 16
_DRAIN_TURNS = 1024
_DESCRIPTORS = socket.CMSG_SPACE(4 * array("i").itemsize)

_PACKETS = socket.SOCK_SEQPACKET if sys.platform == "linux" else None
_LENGTH = struct.Struct(">I")


class RunStreams:
    """Reads the streams when they are ready, and passes on what arrives.

    `log` is notified of the checkpoints' marks in the output. `on_fault_text` is called when the
    program's fault handler has written something, and `on_broken_channel` once if the messages
    cannot be understood any more.
    """

    def __init__(
        self,
        request: messages.Run,
        log: RunLog,
        *,
        on_message: Callable[[object], None],
        on_output: Callable[[str, str], None],
        on_fault_text: Callable[[], None],
        on_broken_channel: Callable[[], None],
    ) -> None:
        self._texts = request.texts
        self._log = log
        self._on_message = on_message
        self._on_output = on_output
        self._on_fault_text = on_fault_text
        self._on_broken_channel = on_broken_channel
        self._loop = loop = asyncio.get_running_loop()
        limit = request.output_limit
        self.outputs = tuple(OutputStream(name, limit, request.token) for name in messages.STREAMS)
        self.fault_text = bytearray()

        kind = _PACKETS if _PACKETS is not None else socket.SOCK_STREAM
        self._events, far_events = socket.socketpair(socket.AF_UNIX, kind)
        self._events.setblocking(False)
        self._in_packets = _PACKETS is not None
        self._packet = bytearray(_PACKET)
        self._decoder = wire.Decoder()
        self._bad_packets = 0
        self._received: deque[int] = deque()

        pipes = [os.pipe() for _ in range(3)]
        self._pipes = [near for near, _ in pipes]
        self.far_ends = (far_events.detach(), *(far for _, far in pipes))
        """The run's ends, in the order in which the host expects them. The caller closes them."""
        for near in self._pipes:
            os.set_blocking(near, False)
        stdout, stderr, fault = self._pipes
        self._open = {self._events.fileno(), *self._pipes}
        loop.add_reader(self._events, self._read_events)
        loop.add_reader(stdout, self._read_output, 0)
        loop.add_reader(stderr, self._read_output, 1)
        loop.add_reader(fault, self._read_fault_text)

    def drain(self) -> None:
        """Read everything that is in the streams now.

        It does not wait for their ends: a process that escaped may hold them open.
        """
        for _ in range(_DRAIN_TURNS):
            more = self._read_events()
            more = self._read_output(0) or more
            more = self._read_output(1) or more
            more = self._read_fault_text() or more
            if not more:
                return

    def resume_from(self, earlier: CheckpointLog) -> None:
        """Continue the output streams from their states at a checkpoint."""
        for output in self.outputs:
            state = earlier.streams.get(output.name)
            if state is not None:
                output.resume_from(state)

    def close(self) -> None:
        """Stop reading and close the server's ends."""
        for descriptor in tuple(self._open):
            self._stop_reading(descriptor)
        self._events.close()
        self._close_received()
        for near in self._pipes:
            os.close(near)
        self._pipes = []
        # It is large, and this object is part of a reference cycle, which is collected late.
        self._packet = bytearray()

    def _stop_reading(self, descriptor: int) -> None:
        if descriptor in self._open:
            self._open.remove(descriptor)
            self._loop.remove_reader(descriptor)

    def _read(self, descriptor: int) -> bytes:
        if descriptor not in self._open:
            return b""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._stop_reading(descriptor)
        return data

    def _read_output(self, index: int) -> bool:
        if index == 1:
            # If both are ready, what was printed is shown before the error about it.
            self._read_output(0)
        data = self._read(self._pipes[index])
        if data:
            # In a run that resumes, the checkpoint's own output is shown first: see `Started`.
            self._read_events()
            output = self.outputs[index]
            for piece in output.pieces(data):
                if isinstance(piece, str):
                    self._on_output(output.name, piece)
                else:
                    self._log.mark_checkpoint(output.name, piece, output.state)
        return bool(data)

    def _read_fault_text(self) -> bool:
        data = self._read(self._pipes[2])
        if data:
            remaining = _FAULT_TEXT_KEPT - len(self.fault_text)
            self.fault_text += data[:remaining]
            self._on_fault_text()
        return bool(data)

    def _read_events(self) -> bool:
        read = False
        for _ in range(_PACKETS_PER_TURN):
            if self._events.fileno() not in self._open:
                break
            try:
                length = self._receive()
            except BlockingIOError:
                break
            except OSError:
                length = 0
            if length == 0:
                self._stop_reading(self._events.fileno())
                break
            read = True
            self._decode(memoryview(self._packet)[:length])
        return read

    def _receive(self) -> int:
        """Read the next packet into `_packet`, and the descriptors beside it."""
        length, ancillary, _, _ = self._events.recvmsg_into([self._packet], _DESCRIPTORS)
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                received = array("i", data[: len(data) - len(data) % array("i").itemsize])
                self._received.extend(received)
        return length

    def _take(self, message: object) -> None:
        if isinstance(message, messages.TextRequest):
            self._answer(message)
        else:
            self._on_message(message)

    def _answer(self, request: messages.TextRequest) -> None:
        if not self._received:
            return
        answer = self._received.popleft()
        text = self._texts.get(request.digest)
        if text is None:
            os.close(answer)
        else:
            # A long text waits until the run has read a part of it.
            self._loop.run_in_executor(None, _write_text, answer, text)

    def _decode(self, data: memoryview) -> None:
        try:
            if not self._in_packets:
                for message in self._decoder.feed(bytes(data)):
                    self._take(message)
                return
            if len(data) < _LENGTH.size or _LENGTH.unpack_from(data)[0] != len(data) - _LENGTH.size:
                raise wire.WireError("a packet is not a frame")
            self._take(wire.decode(data[_LENGTH.size :]))
        except wire.WireError:
            # A bad packet affects no other packet; in a byte stream all that follows is lost.
            self._bad_packets += 1
            if not self._in_packets or self._bad_packets > _BAD_PACKETS_TOLERATED:
                self._stop_reading(self._events.fileno())
                self._on_broken_channel()
        finally:
            if self._in_packets:
                self._close_received()  # Nothing uses what came beside other messages.

    def _close_received(self) -> None:
        while self._received:
            os.close(self._received.popleft())


def _write_text(descriptor: int, text: str) -> None:
    try:
        with open(descriptor, "wb") as pipe:
            pipe.write(source_text.framed(text))
    except OSError:
        pass  # The run has ended.
