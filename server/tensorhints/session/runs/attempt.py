"""One run of a live file, from the request for it to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tensorhints.engine.live_run import LiveRun
from tensorhints.model.messages import (
    CurrentLine,
    Ended,
    Failed,
    FromRun,
    InstrumentedFile,
    MemoryUse,
    Namespace,
    Started,
    Truncated,
    Unreached,
)
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.listener import Listener
from tensorhints.session.text.tracked_text import TrackedText

from .record import RunRecord
from .setup import RunSetup
from .silence import SilenceLimit
from .states import LastRun


@dataclass(eq=False)
class Attempt:
    """One run of a live file: records what it sends and notifies the session's listener.

    Satisfies the engine's `RunListener`. `changed` are the paths whose edits caused the run,
    and `texts` the texts of the open documents when it was requested, by path.
    """

    run: int
    uri: str
    explicit: bool
    changed: frozenset[str]
    setup: RunSetup
    texts: dict[str, TrackedText]
    listener: Listener
    on_started: Callable[[Attempt], None]
    on_instrumented: Callable[[Attempt, str], None]
    on_lines_changed: Callable[[], None]
    record: RunRecord = field(default_factory=RunRecord)
    live: LiveRun | None = None
    task: asyncio.Task[None] | None = None
    previous: RunRecord | None = None
    """The record of the run of this file that had started last when this one did."""
    started_at: float = 0.0
    silence: SilenceLimit | None = None
    is_suspended: bool = False
    """Nothing happened for so long that the program was halted where it is."""
    is_dropped: bool = False
    """Another run has taken over: what still comes from this one is ignored."""

    def __post_init__(self) -> None:
        self.begun = asyncio.Event()
        """Set when the first statement is about to run, or the run ends without that."""
        self.ended: asyncio.Future[LastRun] = asyncio.get_running_loop().create_future()

    def conclude(self, last: LastRun) -> None:
        """Let those who wait for the run's end have it."""
        self.begun.set()
        if not self.ended.done():
            self.ended.set_result(last)

    def on_message(self, message: FromRun) -> None:
        """Record a message and notify the listener of what it changes in the editor."""
        if self.is_dropped:
            return
        was_truncated = self.record.is_truncated
        shown = self.record.shown_values
        self.record.on_message(message)
        if self.silence is not None and self.record.shown_values != shown:
            self.silence.restart()
        elif self.silence is not None and isinstance(message, (Truncated, Ended)):
            # What a program prints beyond its limit is not seen here; at its end, it has to exit.
            self.silence.cancel()
        if isinstance(message, Started):
            self.on_started(self)
        elif isinstance(message, Truncated):
            if not was_truncated:
                self._report_truncation()
        elif isinstance(message, (CurrentLine, Unreached)):
            self.on_lines_changed()
        elif isinstance(message, (Namespace, MemoryUse)):
            self.listener.tensors_changed(self.uri)
        elif self.begun.is_set():
            if isinstance(message, InstrumentedFile):
                self.on_instrumented(self, message.path)
            if isinstance(message, Failed) and self.setup.cell_contents:
                self.listener.diagnostics_changed([self.uri])
            if isinstance(message, Ended):
                self.listener.hints_settled()
            else:
                self.listener.hints_changed()

    def on_output(self, stream: str, text: str) -> None:
        """Record output and pass it on."""
        if not self.is_dropped:
            if self.silence is not None:
                self.silence.restart()
            self.record.on_output(stream, text)
            self.listener.printed(self.uri, self.run, stream, text)

    def _report_truncation(self) -> None:
        # For runs that the user requested: a live file would repeat it at every key.
        if self.explicit:
            limit = f"{self.setup.settings.output_limit_kb} KB"
            self.listener.user_message(UserMessage("output-truncated", limit))
