"""One run, from the server's side: its streams, its clock, its limits, and how it ended.

Knows no LSP and no words, and not how the run's process came to be: a `Conductor` sees to that.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import secrets
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Protocol

from tensorhints.model import messages, wire
from tensorhints.model.signals import signal_name
from tensorhints.model.user_messages import UserMessage

from . import fault_output, system_processes
from .output import OutputStream
from .replay import Beginning, RunLog
from .results import Outcome, RunListener, RunResult

__all__ = ["LiveRun", "Outcome", "RunListener", "RunResult"]

_FAULTS = frozenset(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP")
    if hasattr(signal, name)
)
"""What ends a process that did something impossible; any other signal is somebody's wish."""

INTERRUPT_GRACE = 0.5
"""Seconds that a program has to answer an interrupt before it is killed."""

_LOCATE_PATIENCE = 1.0
"""Seconds for a process to say where it stands, which takes it milliseconds where it may run."""

_LOCATE_SETTLES = 0.05
"""Seconds without another piece of it, after which all of it is there."""

_KILL_PATIENCE = 5.0
_START_PATIENCE = 60.0
_WATCHDOG_TICK = 0.05
_WATCHDOG_SLACK = 1.25

_CHUNK = 1 << 16
_PACKET = 1 << 20
_PACKETS_A_TURN = 64
_FAULT_TEXT_KEPT = 1 << 16
_BAD_PACKETS_BORNE = 16
_DRAIN_TURNS = 1024

_PACKETS = socket.SOCK_SEQPACKET if sys.platform == "linux" else None
_LENGTH = struct.Struct(">I")

_FROM_RUN = (
    messages.Started,
    messages.InstrumentedFile,
    messages.HintLocations,
    messages.NewSignature,
    messages.Tally,
    messages.CurrentLine,
    messages.Unreached,
    messages.Namespace,
    messages.MemoryUse,
    messages.Truncated,
    messages.NoCheckpoint,
    messages.Failed,
    messages.Ended,
    messages.CheckVerdict,
)


class Conductor(Protocol):
    """Whoever holds the run's process."""

    def stop_run(self, run: int, how: messages.StopKind) -> None:
        """As `messages.Stop` says."""
        ...

    def forget(self, run: LiveRun) -> None:
        """The run waits for nothing any more."""
        ...

    def abandon(self, run: LiveRun) -> None:
        """The run's process does not go away although it was killed."""
        ...

    def beginning(self, run: int, copy: int) -> Beginning | None:
        """What an earlier run had said when its `copy`-th copy was paused."""
        ...


class LiveRun:
    """A run that was asked for: waiting for its host, running, or over."""

    def __init__(
        self,
        request: messages.Run,
        listener: RunListener,
        timeout: float | None,
        conductor: Conductor,
    ) -> None:
        if request.checkpoints or request.inspect:
            request = dataclasses.replace(request, token=secrets.token_hex(16))
        self.request = request
        self.run = request.run
        self.log = RunLog()
        self.pid: int | None = None
        self._listener = listener
        self._timeout = timeout
        self._conductor = conductor
        self._loop = asyncio.get_running_loop()
        self._result: asyncio.Future[RunResult] = self._loop.create_future()
        self._timers: list[asyncio.TimerHandle] = []
        self._streams: _Streams | None = None

        self._stopped_as: Outcome | None = None
        self._locating = False
        self._settling: asyncio.TimerHandle | None = None
        self._user_message: UserMessage | None = None
        self._started: messages.Started | None = None
        self._started_at = 0.0
        self._beginning: Beginning | None = None
        self._failed: messages.Failed | None = None
        self._ended: messages.Ended | None = None
        self._truncated: dict[str, messages.Truncated] = {}

    # ---- what callers use ------------------------------------------------------------------------

    def stop(self, outcome: Outcome = Outcome.STOPPED) -> None:
        """Asks the program to end as Ctrl-C does, and kills it where it does not. Idempotent."""
        if self._stopped_as is not None or self._result.done():
            return
        self._stopped_as = outcome
        if self._streams is None:
            self._conclude(RunResult(outcome, user_message=self._stop_notice(outcome)))
            return
        self._conductor.stop_run(self.run, "interrupt")
        self._after(INTERRUPT_GRACE, self._locate_and_kill)

    async def finished(self) -> RunResult:
        """How the run ended, once it has."""
        return await asyncio.shield(self._result)

    @property
    def over(self) -> bool:
        return self._result.done()

    # ---- what the conductor calls ----------------------------------------------------------------

    def open_streams(self) -> tuple[int, ...]:
        """The far ends, in the order in which the host expects them. The caller closes them."""
        self._streams = _Streams(self, self._loop)
        if self._timeout is not None:
            self._after(_START_PATIENCE + self._timeout, lambda: self.stop(Outcome.TIMED_OUT))
        return self._streams.far_ends

    def on_forked(self, message: messages.Forked) -> None:
        self.pid = message.pid
        if message.resumed and self._started is None:
            self._beginning = self._conductor.beginning(message.resumed, message.checkpoint)
        if self.request.memory_limit:
            self.log.memory = system_processes.private_memory(message.pid)
            self._after(_WATCHDOG_TICK, self._watch_memory)

    def on_rejected(self, message: messages.Rejected) -> None:
        if self.over:
            return
        if self._stopped_as is not None:
            self._conclude(RunResult(self._stopped_as))
            return
        problem = message.problem
        user_message = UserMessage(message.reason, problem.message if problem is not None else None)
        self._conclude(RunResult(Outcome.REFUSED, user_message=user_message, rejected=message))

    def on_exited(self, message: messages.Exited) -> None:
        if self.over:
            return
        if self._streams is not None:
            self._streams.drain()
        self._conclude(self._judged(message))

    def on_host_lost(self, user_message: UserMessage, swept: int = 0) -> None:
        """The host died, and with it the run."""
        if self.over:
            return
        if self._streams is not None:
            self._streams.drain()
        outcome = self._stopped_as or Outcome.CRASHED
        self._conclude(
            self._with_facts(
                RunResult(outcome, signal=signal.SIGKILL, user_message=user_message, swept=swept)
            )
        )

    def refuse(self, user_message: UserMessage) -> None:
        if not self.over:
            self._conclude(
                RunResult(self._stopped_as or Outcome.REFUSED, user_message=user_message)
            )

    # ---- what comes from the run -----------------------------------------------------------------

    def on_message(self, message: object) -> None:
        if isinstance(message, messages.NotReady):
            self._user_message = UserMessage(message.code, message.detail or None)
            return
        if not isinstance(message, _FROM_RUN) or message.run != self.run:
            return
        if isinstance(message, messages.Started) and self._started is None:
            self._started = message
            self._started_at = time.monotonic()
            if self._timeout is not None:
                self._after(self._timeout, lambda: self.stop(Outcome.TIMED_OUT))
            self._tell(self._listener.on_message, message)
            self._begin_with(message)
            return
        if isinstance(message, messages.NewSignature):
            self.log.seen(message)
        elif isinstance(message, messages.Failed):
            self._failed = message
        elif isinstance(message, messages.Ended):
            self._ended = message
        elif isinstance(message, messages.Truncated):
            self._truncated[message.stream] = message
        self._tell(self._listener.on_message, message)

    def on_output(self, stream: str, text: str) -> None:
        if text:
            if self.request.token:
                self.log.printed(stream, text)
            self._tell(self._listener.on_output, stream, text)

    def drain(self) -> None:
        """Takes in what lies in the streams now."""
        if self._streams is not None and not self.over:
            self._streams.drain()

    def _begin_with(self, started: messages.Started) -> None:
        """Says again what the run said that this one goes on from."""
        if not started.resumed or self._streams is None:
            return
        beginning = self._beginning
        if beginning is None:
            beginning = self._conductor.beginning(started.resumed, started.checkpoint)
        if beginning is None:
            return
        self._beginning = None
        self.log.begin_with(beginning)
        self._streams.go_on_from(beginning)
        for seen in beginning.workers:
            again = dataclasses.replace(seen, run=self.run)
            self._tell(self._listener.on_message, again)
        for stream, text in beginning.output:
            self._tell(self._listener.on_output, stream, text)

    def _tell(self, listen: Callable[..., None], *news: object) -> None:
        if self._stopped_as is Outcome.SUPERSEDED:
            return
        try:
            listen(*news)
        except Exception as error:
            # A listener's fault is not the run's: it goes on to its end.
            self._loop.call_exception_handler(
                {"message": f"a listener of run {self.run} failed", "exception": error}
            )

    def on_fault_text(self) -> None:
        if self._locating:
            if self._settling is not None:
                self._settling.cancel()
            self._settling = self._after(_LOCATE_SETTLES, self._kill)

    def on_broken_channel(self) -> None:
        if self._user_message is None:
            self._user_message = UserMessage("wire-broken")
            self._kill()

    # ---- stopping --------------------------------------------------------------------------------

    def _locate_and_kill(self) -> None:
        if not self._locating:
            self._locating = True
            self._conductor.stop_run(self.run, "locate")
            self._after(_LOCATE_PATIENCE, self._kill)

    def _kill(self) -> None:
        self._conductor.stop_run(self.run, "kill")
        self._after(_KILL_PATIENCE, lambda: self._conductor.abandon(self))

    def _watch_memory(self) -> None:
        held = system_processes.private_memory(self.pid) if self.pid is not None else None
        if held is None or self._locating:
            return
        if self.log.memory is None:
            self.log.memory = held
        if held - self.log.memory > _WATCHDOG_SLACK * self.request.memory_limit:
            self._stopped_as = self._stopped_as or Outcome.OUT_OF_MEMORY
            self._locate_and_kill()
            return
        self._after(_WATCHDOG_TICK, self._watch_memory)

    def _after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        self._timers = [timer for timer in self._timers if timer.when() > self._loop.time()]
        timer = self._loop.call_later(seconds, act)
        self._timers.append(timer)
        return timer

    # ---- the end ---------------------------------------------------------------------------------

    def _judged(self, exited: messages.Exited) -> RunResult:
        result = RunResult(
            Outcome.FINISHED,
            exit_status=None if exited.signal else exited.status,
            signal=exited.signal,
            swept=exited.swept,
        )
        return self._with_facts(self._named(result))

    def _named(self, result: RunResult) -> RunResult:
        """The outcome, and the notice that goes with it."""
        outcome, user_message = result.outcome, self._user_message
        if user_message is not None:
            broken = user_message.code == "wire-broken"
            outcome = Outcome.CRASHED if broken else Outcome.REFUSED
        elif self._stopped_as is not None:
            outcome = self._stopped_as
            user_message = self._stop_notice(outcome)
        elif result.signal:
            code = "crashed" if result.signal in _FAULTS else "killed"
            name = signal_name(result.signal) or str(result.signal)
            outcome, user_message = Outcome.CRASHED, UserMessage(code, name)
        elif self._ended is None:
            outcome, user_message = (
                Outcome.CRASHED,
                UserMessage("exited-early", str(result.exit_status)),
            )
        elif self._failed is not None and self._failed.failure.memory_of is not None:
            outcome, device = Outcome.OUT_OF_MEMORY, self._failed.failure.memory_of
            user_message = self._stop_notice(outcome)
            if device != "cpu":
                user_message = UserMessage("gpu-out-of-memory", device)
        elif self._failed is not None or result.exit_status:
            outcome = Outcome.FAILED
            if self._failed is not None and self._failed.failure.user_message is not None:
                user_message = UserMessage(self._failed.failure.user_message)
        exit_status = None if outcome is Outcome.REFUSED else result.exit_status
        return dataclasses.replace(
            result, outcome=outcome, user_message=user_message, exit_status=exit_status
        )

    def _with_facts(self, result: RunResult) -> RunResult:
        seconds = 0.0
        if self._ended is not None:
            seconds = self._ended.seconds
        elif self._started is not None:
            seconds = time.monotonic() - self._started_at
        failure = self._failed.failure if self._failed is not None else None
        stopped_at = None
        if result.outcome not in (Outcome.FINISHED, Outcome.FAILED, Outcome.REFUSED):
            stopped_at = self._located()
            if stopped_at is None and failure is not None:
                stopped_at = (failure.path, failure.span.line)
        return dataclasses.replace(
            result,
            seconds=seconds,
            device=self._started.device if self._started is not None else self.request.device,
            failure=failure,
            stopped_at=stopped_at,
        )

    def _located(self) -> tuple[str, int] | None:
        if self._streams is None or not self._streams.fault_text:
            return None
        text = self._streams.fault_text.decode("ascii", "replace")
        paths = (self.request.path, *self.request.buffers)
        return fault_output.stopped_at(text, paths, self.request.roots)

    def _stop_notice(self, outcome: Outcome) -> UserMessage | None:
        if outcome is Outcome.TIMED_OUT and self._timeout is not None:
            return UserMessage("timed-out", f"{self._timeout:g}")
        if outcome is Outcome.OUT_OF_MEMORY:
            limit = self.request.memory_limit
            return UserMessage("out-of-memory", f"{limit / 2**20:.0f} MB" if limit else None)
        if outcome is Outcome.SUPERSEDED:
            return UserMessage("superseded")
        return UserMessage("stopped")

    def _conclude(self, result: RunResult) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        if self._streams is not None:
            self._tell_truncated(self._streams)
            self._streams.close()
        self._conductor.forget(self)
        if not self._result.done():
            self._result.set_result(result)

    def _tell_truncated(self, streams: _Streams) -> None:
        for output in streams.outputs:
            self.on_output(output.name, output.finish())
            if output.dropped:
                inside = self._truncated.get(output.name)
                dropped = output.dropped + (inside.dropped_bytes if inside is not None else 0)
                last = inside.last_line if inside is not None and inside.last_line else ""
                self._tell(
                    self._listener.on_message,
                    messages.Truncated(self.run, output.name, dropped, last or output.last_line()),
                )


class _Streams:
    """The near ends of a run's four streams, read as they get ready."""

    def __init__(self, run: LiveRun, loop: asyncio.AbstractEventLoop) -> None:
        self._run = run
        self._loop = loop
        limit = run.request.output_limit
        self.outputs = tuple(
            OutputStream(name, limit, run.request.token) for name in messages.STREAMS
        )
        self.fault_text = bytearray()

        kind = _PACKETS if _PACKETS is not None else socket.SOCK_STREAM
        self._events, far_events = socket.socketpair(socket.AF_UNIX, kind)
        self._events.setblocking(False)
        self._in_packets = _PACKETS is not None
        self._packet = bytearray(_PACKET)
        self._decoder = wire.Decoder()
        self._bad_packets = 0

        pipes = [os.pipe() for _ in range(3)]
        self._pipes = [near for near, _ in pipes]
        self.far_ends = (far_events.detach(), *(far for _, far in pipes))
        for near in self._pipes:
            os.set_blocking(near, False)
        stdout, stderr, fault = self._pipes
        self._open = {self._events.fileno(), *self._pipes}
        loop.add_reader(self._events, self._read_events)
        loop.add_reader(stdout, self._read_output, 0)
        loop.add_reader(stderr, self._read_output, 1)
        loop.add_reader(fault, self._read_faults)

    def drain(self) -> None:
        """Everything that lies in the streams now. Does not wait for their ends: a process that
        got away may hold them open.
        """
        for _ in range(_DRAIN_TURNS):
            more = self._read_events()
            more = self._read_output(0) or more
            more = self._read_output(1) or more
            more = self._read_faults() or more
            if not more:
                return

    def close(self) -> None:
        for descriptor in tuple(self._open):
            self._forget(descriptor)
        self._events.close()
        for near in self._pipes:
            os.close(near)
        self._pipes = []
        # Large, and the garbage collector comes late to what refers to itself.
        self._packet = bytearray()

    def _forget(self, descriptor: int) -> None:
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
            self._forget(descriptor)
        return data

    def _read_output(self, index: int) -> bool:
        if index == 1:
            # Where both are ready, what was printed comes before what was complained about.
            self._read_output(0)
        data = self._read(self._pipes[index])
        if data:
            # Where the run goes on from a copy, what that had printed comes first.
            self._read_events()
            output = self.outputs[index]
            for piece in output.pieces(data):
                if isinstance(piece, str):
                    self._run.on_output(output.name, piece)
                else:
                    self._run.log.marked(output.name, piece, output.standing)
        return bool(data)

    def go_on_from(self, beginning: Beginning) -> None:
        for output in self.outputs:
            standing = beginning.standings.get(output.name)
            if standing is not None:
                output.go_on_from(standing)

    def _read_faults(self) -> bool:
        data = self._read(self._pipes[2])
        if data:
            room = _FAULT_TEXT_KEPT - len(self.fault_text)
            self.fault_text += data[:room]
            self._run.on_fault_text()
        return bool(data)

    def _read_events(self) -> bool:
        read = False
        for _ in range(_PACKETS_A_TURN):
            if self._events.fileno() not in self._open:
                break
            try:
                length = self._events.recv_into(self._packet)
            except BlockingIOError:
                break
            except OSError:
                length = 0
            if length == 0:
                self._forget(self._events.fileno())
                break
            read = True
            self._take(memoryview(self._packet)[:length])
        return read

    def _take(self, data: memoryview) -> None:
        try:
            if not self._in_packets:
                for message in self._decoder.feed(bytes(data)):
                    self._run.on_message(message)
                return
            if len(data) < _LENGTH.size or _LENGTH.unpack_from(data)[0] != len(data) - _LENGTH.size:
                raise wire.WireError("a packet is no frame")
            self._run.on_message(wire.decode(data[_LENGTH.size :]))
        except wire.WireError:
            # A packet stands alone, so that a bad one costs no other; in a stream all is lost.
            self._bad_packets += 1
            if not self._in_packets or self._bad_packets > _BAD_PACKETS_BORNE:
                self._forget(self._events.fileno())
                self._run.on_broken_channel()
