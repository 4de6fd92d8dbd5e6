"""One run, from the request for it to its result.

It knows the run's streams, limits and messages. How the run's process is made is the host's part.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from . import system_processes
from .results import Outcome, RunListener, RunResult
from .run_end import RunEnd
from .run_log import CheckpointLog, RunLog
from .run_streams import RunStreams
from .suspension import Suspension
from .termination import RunHost, Termination
from .timers import Timers

_START_PATIENCE = 120.0
"""Seconds from the request of a run on a warm host to its first statement."""

_WATCHDOG_TICK = 0.05
_WATCHDOG_SLACK = 1.25

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


class LaunchingHost(RunHost, Protocol):
    """The host that launches a run."""

    interpreter: Path

    def run_concluded(self, run: LiveRun) -> None:
        """The run has its result and waits for nothing any more."""
        ...

    def file_imported(self, run: LiveRun, path: str) -> None:
        """The run has imported a file of the workspace, or is that file."""
        ...

    def abandon(self, run: LiveRun) -> None:
        """The run's process still exists although it was killed."""
        ...

    def checkpoint_log(self, run: int, checkpoint: int) -> CheckpointLog | None:
        """Return what an earlier run had output when it made a checkpoint."""
        ...


class RunObserver(Protocol):
    """Learns from runs where the next runs of their programs should start."""

    def run_started(self, run: LiveRun) -> None:
        """The first statement of the program is about to run."""
        ...

    def gpu_use_known(self, run: LiveRun, uses_gpu: bool) -> None:
        """The program has initialised CUDA, or has ended well without that."""
        ...


class LiveRun:
    """A requested run: waiting for its host, running, or over.

    Its methods are called by three sides: the caller of `Pool.start`, the host, and its streams.
    """

    def __init__(
        self,
        request: messages.Run,
        listener: RunListener,
        timeout: float | None,
        host: LaunchingHost,
        observer: RunObserver,
    ) -> None:
        self.request = request
        self.run = request.run
        self.host = host
        self.suspension = Suspension(self.run, host)
        self._listener = listener
        self._observer = observer
        self._timeout = timeout
        self._uses_gpu = False
        self._loop = asyncio.get_running_loop()
        self._result: asyncio.Future[RunResult] = self._loop.create_future()
        self._timers = Timers()
        self._was_lost = False
        self._prepare()

    def _prepare(self) -> None:
        """Make the parts that belong to one process of the run."""
        self.log = RunLog()
        self.pid: int | None = None
        self._termination = Termination(
            self.run, self.host, self._timers, lambda: self.host.abandon(self)
        )
        self._end = RunEnd(self.request, self._timeout)
        self._streams: RunStreams | None = None
        self._earlier: CheckpointLog | None = None

    # ---- for callers -----------------------------------------------------------------------------

    def stop(self, outcome: Outcome = Outcome.STOPPED, *, by_host: bool = False) -> None:
        """Interrupt the program as Ctrl-C does, and kill it unless that ends it. Idempotent.

        With `by_host`, the host does so without being asked.
        """
        if self._end.stopped_as is not None or self._result.done():
            return
        self._end.stopped_as = outcome
        if self._streams is None:
            self._conclude(self._end.never_launched(outcome))
        elif not by_host:
            self._termination.interrupt()
            self.suspension.end()

    async def finished(self) -> RunResult:
        """Return how the run ended, once it has."""
        return await asyncio.shield(self._result)

    # ---- for the host ----------------------------------------------------------------------------

    def open_streams(self) -> tuple[int, ...]:
        """Open the run's streams, and return the far ends in the order that the host expects.

        The caller closes them.
        """
        self._streams = RunStreams(
            self.request,
            self.log,
            on_message=self.on_message,
            on_output=self.on_output,
            on_fault_text=self._termination.on_fault_text,
            on_broken_channel=self._on_broken_channel,
        )
        self._timers.after(
            _START_PATIENCE,
            lambda: None if self._end.started else self.stop(Outcome.TIMED_OUT),
        )
        return self._streams.far_ends

    def on_forked(self, message: messages.Forked) -> None:
        """The run's process exists."""
        self.pid = message.pid
        if message.resumed and self._end.started is None:
            self._earlier = self.host.checkpoint_log(message.resumed, message.checkpoint)
        if self.request.memory_limit:
            self.log.memory = system_processes.private_memory(message.pid)
            self._timers.after(_WATCHDOG_TICK, self._watch_memory)

    def on_rejected(self, message: messages.Rejected) -> None:
        """The host did not start the run."""
        self._conclude(self._end.rejected(message))

    def on_exited(self, message: messages.Exited) -> None:
        """The run's process has exited."""
        self.drain()
        self._conclude(self._end.exited(message))

    def on_host_lost(self, user_message: UserMessage, swept: int = 0) -> None:
        """The host died, and the run with it; `swept` of its processes had to be killed."""
        self.drain()
        self._conclude(self._end.host_lost(user_message, swept))

    def recover(self) -> bool:
        """Prepare to be launched once more: the host died before the program's first statement.

        Return false if that is not so, or has happened to this run before.
        """
        if self._result.done() or self._was_lost:
            return False
        self.drain()
        end = self._end
        if end.started is not None or end.stopped_as is not None or end.user_message is not None:
            return False
        self._was_lost = True
        self._timers.cancel()
        if self._streams is not None:
            self._streams.close()
        self._prepare()
        return True

    def refuse(self, user_message: UserMessage) -> None:
        """End the run as refused: no host can run it."""
        self._conclude(self._end.refused(user_message))

    def drain(self) -> None:
        """Process everything that is in the streams now."""
        if self._streams is not None and not self._result.done():
            self._streams.drain()
            self._end.fault_text = self._streams.fault_text

    # ---- what comes from the run -----------------------------------------------------------------

    def on_message(self, message: object) -> None:
        """Process a message of the run, and pass it to the listener."""
        if isinstance(message, messages.NotReady):
            self._end.user_message = UserMessage(message.code, message.detail or None)
            return
        if not isinstance(message, _FROM_RUN) or message.run != self.run:
            return
        is_first_start = False
        if isinstance(message, messages.NewSignature):
            self.log.add_signature(message)
        else:
            is_first_start = isinstance(message, messages.Started) and self._end.started is None
            self._end.note(message)
            self._observe(message, is_first_start)
        self._notify(self._listener.on_message, message)
        if is_first_start and isinstance(message, messages.Started):
            self._replay(message)

    def on_output(self, stream: str, text: str) -> None:
        """Log output of the program, and pass it to the listener."""
        if text:
            if self.request.token:
                self.log.add_output(stream, text)
            self._notify(self._listener.on_output, stream, text)

    def _observe(self, message: messages.FromRun, is_first_start: bool) -> None:
        if is_first_start and self._timeout is not None:
            self._timers.after(self._timeout, lambda: self.stop(Outcome.TIMED_OUT))
        if self._end.stopped_as is Outcome.SUPERSEDED:
            return
        if isinstance(message, messages.Started):
            self._observer.run_started(self)
        elif isinstance(message, messages.InstrumentedFile):
            self.host.file_imported(self, message.path)
        elif isinstance(message, messages.MemoryUse) and not self._uses_gpu:
            self._uses_gpu = any(used.device.startswith("cuda") for used in message.devices)
            if self._uses_gpu:
                self._observer.gpu_use_known(self, True)
        elif isinstance(message, messages.Ended) and not self._uses_gpu and not message.exit_status:
            self._observer.gpu_use_known(self, False)

    def _replay(self, started: messages.Started) -> None:
        """Send the listener what the run output that this one resumes."""
        if not started.resumed or self._streams is None:
            return
        earlier = self._earlier or self.host.checkpoint_log(started.resumed, started.checkpoint)
        if earlier is None:
            return
        self._earlier = None
        self.log.start_from(earlier)
        self._streams.resume_from(earlier)
        for signature in earlier.workers:
            again = dataclasses.replace(signature, run=self.run)
            self._notify(self._listener.on_message, again)
        for stream, text in earlier.output:
            self._notify(self._listener.on_output, stream, text)

    def _notify(self, listener: Callable[..., None], *arguments: object) -> None:
        if self._end.stopped_as is Outcome.SUPERSEDED:
            return
        try:
            listener(*arguments)
        except Exception as error:
            # An error of the listener is not the run's: the run continues to its end.
            message = f"a listener of run {self.run} failed"
            self._loop.call_exception_handler({"message": message, "exception": error})

    def _on_broken_channel(self) -> None:
        if self._end.user_message is None:
            self._end.user_message = UserMessage("wire-broken")
            self._termination.kill()

    def _watch_memory(self) -> None:
        held = system_processes.private_memory(self.pid) if self.pid is not None else None
        if held is None or self._termination.is_locating:
            return
        if self.log.memory is None:
            self.log.memory = held
        if held - self.log.memory > _WATCHDOG_SLACK * self.request.memory_limit:
            self._end.stopped_as = self._end.stopped_as or Outcome.OUT_OF_MEMORY
            self._termination.locate_and_kill()
            return
        self._timers.after(_WATCHDOG_TICK, self._watch_memory)

    # ---- the end ---------------------------------------------------------------------------------

    def _conclude(self, result: RunResult) -> None:
        if self._result.done():
            return
        self._timers.cancel()
        if self._streams is not None:
            for output in self._streams.outputs:
                self.on_output(output.name, output.finish())
                if output.dropped:
                    last_line = output.last_line()
                    truncation = self._end.truncation(output.name, output.dropped, last_line)
                    self._notify(self._listener.on_message, truncation)
            self._streams.close()
        self.host.run_concluded(self)
        self._result.set_result(result)
