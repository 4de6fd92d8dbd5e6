"""Collects the facts about the end of a run, and turns them into its result."""

from __future__ import annotations

import dataclasses
import signal
import time
from dataclasses import dataclass, field

from tensorhints.model import messages
from tensorhints.model.signals import signal_name
from tensorhints.model.user_messages import UserMessage

from . import fault_output
from .results import Outcome, RunResult

_FAULT_SIGNALS = frozenset(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP")
    if hasattr(signal, name)
)
"""Signals that a process receives for its own faults; any other was sent by another process."""


@dataclass
class RunEnd:
    """The facts that decide how a run ended.

    `stopped_as`: the server stopped it, with this outcome. `user_message`: it could not run as
    requested, or its channel broke. `timeout` is in seconds.
    """

    request: messages.Run
    timeout: float | None
    stopped_as: Outcome | None = None
    user_message: UserMessage | None = None
    started: messages.Started | None = None
    fault_text: bytes | bytearray = b""
    _started_at: float = 0.0
    _failed: messages.Failed | None = None
    _failed_last: messages.Failed | None = None
    _ended: messages.Ended | None = None
    _truncated: dict[str, messages.Truncated] = field(default_factory=dict)

    def note(self, message: messages.FromRun) -> None:
        """Note a message, if it concerns the end."""
        if isinstance(message, messages.Started):
            if self.started is None:
                self.started = message
                self._started_at = time.monotonic()
        elif isinstance(message, messages.Failed):
            self._failed_last = message
            if self._failed is None and not message.expected:
                self._failed = message
        elif isinstance(message, messages.Ended):
            self._ended = message
        elif isinstance(message, messages.Truncated):
            self._truncated[message.stream] = message

    def exited(self, exited: messages.Exited) -> RunResult:
        """Return the result of a run whose process has exited."""
        return self._with_facts(
            self._with_outcome(
                RunResult(
                    Outcome.FINISHED,
                    exit_status=None if exited.signal else exited.status,
                    signal=exited.signal,
                    swept=exited.swept,
                )
            )
        )

    def host_lost(self, user_message: UserMessage, swept: int) -> RunResult:
        """Return the result of a run that was killed together with its host."""
        outcome = self.stopped_as or Outcome.CRASHED
        return self._with_facts(
            RunResult(outcome, signal=signal.SIGKILL, user_message=user_message, swept=swept)
        )

    def rejected(self, rejected: messages.Rejected) -> RunResult:
        """Return the result of a run that the host rejected."""
        if self.stopped_as is not None:
            return RunResult(self.stopped_as)
        detail = rejected.problem.message if rejected.problem is not None else None
        user_message = UserMessage(rejected.reason, detail)
        return RunResult(Outcome.REFUSED, user_message=user_message, rejected=rejected)

    def refused(self, user_message: UserMessage) -> RunResult:
        """Return the result of a run for which there is no host."""
        return RunResult(self.stopped_as or Outcome.REFUSED, user_message=user_message)

    def never_launched(self, outcome: Outcome) -> RunResult:
        """Return the result of a run that was stopped before it reached a host."""
        return RunResult(outcome, user_message=self._stop_message(outcome))

    def truncation(
        self, stream: messages.StreamName, dropped: int, last_line: str
    ) -> messages.Truncated:
        """Return the whole truncation of a stream, of which the server dropped `dropped` bytes."""
        by_run = self._truncated.get(stream)
        if by_run is not None:
            dropped += by_run.dropped_bytes
            last_line = by_run.last_line or last_line
        return messages.Truncated(self.request.run, stream, dropped, last_line)

    def _with_outcome(self, result: RunResult) -> RunResult:
        outcome, user_message = result.outcome, self.user_message
        failure = None if self._failed is None else self._failed.failure
        if user_message is not None:
            broken = user_message.code == "wire-broken"
            outcome = Outcome.CRASHED if broken else Outcome.REFUSED
        elif self.stopped_as is not None:
            outcome = self.stopped_as
            user_message = self._stop_message(outcome)
        elif result.signal:
            code = "crashed" if result.signal in _FAULT_SIGNALS else "killed"
            name = signal_name(result.signal) or str(result.signal)
            outcome, user_message = Outcome.CRASHED, UserMessage(code, name)
        elif self._ended is None:
            outcome = Outcome.CRASHED
            user_message = UserMessage("exited-early", str(result.exit_status))
        elif failure is not None and failure.memory_of is not None:
            outcome = Outcome.OUT_OF_MEMORY
            user_message = self._stop_message(outcome)
            if failure.memory_of != "cpu":
                user_message = UserMessage("gpu-out-of-memory", failure.memory_of)
        elif failure is not None or result.exit_status:
            outcome = Outcome.FAILED
            if failure is not None and failure.user_message is not None:
                user_message = UserMessage(failure.user_message)
        exit_status = None if outcome is Outcome.REFUSED else result.exit_status
        return dataclasses.replace(
            result, outcome=outcome, user_message=user_message, exit_status=exit_status
        )

    def _with_facts(self, result: RunResult) -> RunResult:
        seconds = 0.0
        if self._ended is not None:
            seconds = self._ended.seconds
        elif self.started is not None:
            seconds = time.monotonic() - self._started_at
        failure = self._failed.failure if self._failed is not None else None
        stopped_at = None
        if result.outcome not in (Outcome.FINISHED, Outcome.FAILED, Outcome.REFUSED):
            stopped_at = self._stopped_at()
            # A cell of a notebook may have failed before the program was stopped.
            on_purpose = result.outcome in (Outcome.STOPPED, Outcome.TIMED_OUT)
            failed = self._failed_last if on_purpose else self._failed
            if stopped_at is None and failed is not None:
                stopped_at = (failed.failure.path, failed.failure.span.line)
        return dataclasses.replace(
            result,
            seconds=seconds,
            device=self.started.device if self.started is not None else self.request.device,
            failure=failure,
            stopped_at=stopped_at,
        )

    def _stopped_at(self) -> tuple[str, int] | None:
        if not self.fault_text:
            return None
        text = self.fault_text.decode("ascii", "replace")
        paths = (self.request.path, *self.request.buffers)
        return fault_output.stopped_at(text, paths, self.request.roots)

    def _stop_message(self, outcome: Outcome) -> UserMessage | None:
        if outcome is Outcome.TIMED_OUT:
            seconds = None if self.timeout is None else f"{self.timeout:g}"
            return UserMessage("timed-out", seconds)
        if outcome is Outcome.OUT_OF_MEMORY:
            limit = self.request.memory_limit
            return UserMessage("out-of-memory", f"{limit / 2**20:.0f} MB" if limit else None)
        if outcome is Outcome.SUPERSEDED:
            return UserMessage("superseded")
        return UserMessage("stopped")
