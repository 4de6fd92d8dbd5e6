"""One program: the file that runs, when it runs again, and what its last run left to be shown.

A program has at most one run under way and one that is about to start. The newer one takes over at
its first statement, so that an edit that turns out to change no code, or to leave no valid syntax,
disturbs nothing. Messages of a run that was taken over are dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from tensorhints.engine.pool import LiveRun
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.devices import Device
from tensorhints.model.failures import Failure, Frame, SyntaxProblem
from tensorhints.model.locations import Span
from tensorhints.model.messages import (
    CurrentLine,
    Ended,
    FromRun,
    MemoryUse,
    Namespace,
    Started,
    Truncated,
    Unreached,
)
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.lesson_checks import Checks
from tensorhints.session.settings import When
from tensorhints.session.text.documents import Document, Text
from tensorhints.session.verdicts import Verdicts, complete

from .hint_store import HeldText, HintStore
from .record import RunRecord
from .states import LastRun, Lines, Phase, ProgramState

# Edits that come in one burst (a paste, a formatter, a held key) make one run: the first of them
# waits only for what has come with it.
BURST_SECONDS = 0.008
_FIRST_SECONDS = 0.001
_QUIET_SECONDS = 0.2

_OF_FILES = frozenset(
    (
        "FileExistsError",
        "FileNotFoundError",
        "IsADirectoryError",
        "NotADirectoryError",
        "OSError",
        "PermissionError",
    )
)

_TOLD_WITHOUT_A_PLACE = frozenset((Outcome.CRASHED, Outcome.OUT_OF_MEMORY, Outcome.TIMED_OUT))


@dataclass(eq=False)
class Attempt:
    """One run, from when it was asked for until its end. `changed` are the files whose edits it
    was asked for; `checks` judge it where it is a lesson's file; `afresh`: all of it runs.
    """

    run: int
    explicit: bool
    device: str
    changed: frozenset[str]
    record: RunRecord
    held: dict[str, HeldText]
    setup: object
    ended: asyncio.Future[LastRun]
    checks: Checks | None = None
    afresh: bool = False
    live: LiveRun | None = None
    task: asyncio.Task[None] | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Trouble:
    """What went wrong at a place of the last run, with the texts that it ran."""

    failure: Failure | None
    user_message: UserMessage | None
    stopped_at: tuple[str, int] | None
    outcome: Outcome
    held: dict[str, HeldText]


@dataclass(frozen=True)
class BadSyntax:
    problem: SyntaxProblem
    held: dict[str, HeldText]


class Desk(Protocol):
    """What a program needs of the session around it."""

    def attempt(self, program: LiveFile, *, explicit: bool, changed: frozenset[str]) -> Attempt:
        """A new attempt, with the texts as they are now."""

    def launch(self, program: LiveFile, attempt: Attempt, only_if_changed: str | None) -> LiveRun:
        """Start it. Returns at once."""

    def document(self, path: str) -> Document | None: ...

    def may_run_by_itself(self, when: When) -> bool:
        """Whether live files run again at such a moment."""

    def observations_changed(self, program: LiveFile) -> None: ...

    def observations_settled(self, program: LiveFile) -> None:
        """They are what they will be until the next run."""

    def troubles_changed(self, program: LiveFile) -> None: ...

    def state_changed(self, program: LiveFile) -> None: ...

    def released(self, program: LiveFile) -> None:
        """It does not run by itself any more."""

    def tensors_changed(self, program: LiveFile) -> None: ...

    def verdicts_changed(self, program: LiveFile) -> None: ...

    def lines_changed(self, program: LiveFile) -> None: ...

    def printed(self, program: LiveFile, attempt: Attempt, stream: str, text: str) -> None: ...

    def output_cut(self, program: LiveFile, attempt: Attempt) -> None:
        """It prints more than it may."""

    def refused(self, program: LiveFile, user_message: UserMessage, explicit: bool) -> None: ...


@dataclass(eq=False)
class LiveFile:
    """The program whose main file is an open document."""

    document: Document
    desk: Desk
    device: str | None = None
    is_live: bool = False
    findings: HintStore = field(default_factory=HintStore)
    verdicts: Verdicts = field(default_factory=Verdicts)
    starting: Attempt | None = None
    running: Attempt | None = None
    last: LastRun | None = None
    trouble: Trouble | None = None
    bad_syntax: BadSyntax | None = None

    def __post_init__(self) -> None:
        self._edited: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._followed_at = 0.0
        self._is_due = False
        # What the host's last run of this file was set up with; None where that is not known.
        self._comparable: object = None
        # The last run that came to its end.
        self.ended: Attempt | None = None
        # The id of the last run that began: ids ascend.
        self.started = 0

    # ---- what makes it run

    def run(self) -> Attempt:
        """The user asks for a run: the file is live from now on."""
        self.is_live = True
        return self._start(explicit=True)

    def come_alive(self) -> None:
        """It runs without being asked for: a lesson that was opened."""
        if not self.is_live:
            self.is_live = True
            self._start()

    def edited(self, path: str) -> None:
        """The text of this file, or of one that the last run imported, has changed."""
        self._edited.add(path)
        if self.is_live and self._timer is None and self.desk.may_run_by_itself(When.ON_TYPE):
            loop = asyncio.get_running_loop()
            quiet = loop.time() - self._followed_at > _QUIET_SECONDS
            self._timer = loop.call_later(_FIRST_SECONDS if quiet else BURST_SECONDS, self._follow)

    def _follow(self) -> None:
        """Start for an edit. While the host takes up the one before, edits wait and make one run:
        else a fast typist sends it more than it can take.
        """
        self._cancel_timer()
        self._followed_at = asyncio.get_running_loop().time()
        if self.starting is not None and not self.starting.explicit:
            self._is_due = True
        else:
            self._start()

    def _start_if_due(self) -> None:
        if self._is_due and self.starting is None:
            self._start()

    def saved(self) -> None:
        if self.is_live and self._edited and self.desk.may_run_by_itself(When.ON_SAVE):
            self._start()

    def run_again(self) -> None:
        """What it runs with has changed, not its text."""
        self._comparable = None
        if self.is_live and self.desk.may_run_by_itself(When.ON_TYPE):
            self._start()

    def stop(self) -> bool:
        """Stop what is under way; the file is no longer live. Whether anything was stopped."""
        self.is_live = False
        self._cancel_timer()
        self.desk.released(self)
        attempts = [attempt for attempt in (self.starting, self.running) if attempt is not None]
        for attempt in attempts:
            if attempt.live is not None:
                attempt.live.stop(Outcome.STOPPED)
        if self.starting is not None:
            self._comparable = None
        return bool(attempts)

    def close(self) -> None:
        self.stop()
        self.starting = self.running = None

    async def settled(self, limit: float, starting_limit: float) -> None:
        """Wait until no run is under way or due: `limit` seconds at most, and while Python and
        torch start for the program's first run up to `starting_limit` before.
        """
        loop = asyncio.get_running_loop()
        if self.running is None and self.starting is not None:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.starting.begun.wait(), starting_limit)
        end = loop.time() + limit
        while loop.time() < end:
            attempt = self.starting or self.running
            if attempt is not None:
                await asyncio.wait({attempt.ended}, timeout=end - loop.time())
            elif self._timer is not None:
                await asyncio.sleep(BURST_SECONDS)
            else:
                return

    # ---- what is told of it

    @property
    def state(self) -> ProgramState:
        under_way = self.starting if self.running is None else self.running
        if under_way is None:
            phase = Phase.IDLE
        else:
            phase = Phase.STARTING if self.running is None else Phase.RUNNING
        return ProgramState(
            uri=self.document.uri,
            run=self._run_id(under_way),
            phase=phase,
            live=self.is_live,
            device=self._device(under_way),
            explicit=under_way is not None and under_way.explicit,
            last=None if self.last is None else replace(self.last, line=self._line_of_trouble()),
        )

    def under_way_with(self, text: Text) -> Attempt | None:
        """The run of a text that has not ended, if there is one."""
        for attempt in (self.starting, self.running):
            held = None if attempt is None else attempt.held.get(self.document.path)
            if held is not None and held.text is text:
                return attempt
        return None

    def _run_id(self, under_way: Attempt | None) -> int:
        if under_way is not None:
            return under_way.run
        return 0 if self.last is None else self.last.run

    def _device(self, under_way: Attempt | None) -> Device | None:
        if under_way is not None:
            return under_way.record.device_for(under_way.device)
        return None if self.last is None else self.last.device

    def _line_of_trouble(self) -> int | None:
        location = None if self.trouble is None else self.place_of_trouble(self.document)
        return None if location is None else location.line

    def place_of_trouble(self, document: Document) -> Span | None:
        """Where to underline the trouble in a document, or None where it has no place there."""
        if self.trouble is None:
            return None
        if self.trouble.failure is not None:
            failure = self.trouble.failure
            if failure.path == document.path:
                return self.standing(failure.span, document)
            frame = next((f for f in reversed(failure.frames) if f.path == document.path), None)
            return None if frame is None else self.standing(frame.span, document)
        if self.trouble.stopped_at is not None and self.trouble.stopped_at[0] == document.path:
            return self._standing_line(self.trouble.stopped_at[1], document)
        return None

    def standing(self, span: Span, document: Document) -> Span | None:
        """Where a span of the text that failed stands now."""
        held = None if self.trouble is None else self.trouble.held.get(document.path)
        return None if held is None else held.standing(span, document)

    def _standing_line(self, line: int, document: Document) -> Span | None:
        held = None if self.trouble is None else self.trouble.held.get(document.path)
        if held is None:
            return None
        source = held.text.line(line)
        indent = len(source) - len(source.lstrip())
        return held.standing(Span(line, indent, line, len(source.rstrip())), document)

    def lines(self, document: Document) -> Lines:
        """Where the marks of the last run stand now."""
        location = None if self.trouble is None else self.place_of_trouble(document)
        has_failed = location is not None and self.trouble is not None and self.trouble.failure
        return Lines(
            self._line_under_way(document),
            location.line if has_failed and location is not None else None,
            self._unreached(document),
        )

    def _line_under_way(self, document: Document) -> int | None:
        running = self.running
        if running is None or running.record.at is None:
            return None
        path, line = running.record.at
        held = running.held.get(path)
        if held is None or path != document.path:
            return None
        return held.standing_line(line, document)

    def _unreached(self, document: Document) -> tuple[tuple[int, int], ...]:
        held = None if self.ended is None else self.ended.held.get(document.path)
        if held is None or self.ended is None:
            return ()
        ranges = self.ended.record.unreached.get(document.path, ())
        lines = (line for first, last in ranges for line in range(first, last + 1))
        standing = (held.standing_line(line, document) for line in lines)
        return _ranges(sorted(line for line in standing if line is not None))

    def frames(self) -> tuple[Frame, ...]:
        failure = None if self.trouble is None else self.trouble.failure
        return () if failure is None else failure.frames

    # ---- one attempt, from its start to its end

    def _start(self, *, explicit: bool = False, afresh: bool = False) -> Attempt:
        self._cancel_timer()
        changed, self._edited = frozenset(self._edited), set()
        if self.starting is not None:
            # The host may have begun it, or not: what it ran last is not known any more.
            changed |= self.starting.changed
            self._comparable = None
            if self.starting.live is not None:
                self.starting.live.stop(Outcome.SUPERSEDED)
        attempt = self.desk.attempt(self, explicit=explicit, changed=changed)
        # Who asks for a run may have changed what no edit shows: a file that it reads.
        attempt.afresh = explicit or afresh
        only_if_changed = None
        if not explicit and len(changed) == 1 and self._comparable == attempt.setup:
            (only_if_changed,) = changed
        self.starting = attempt
        attempt.live = self.desk.launch(self, attempt, only_if_changed)
        attempt.task = asyncio.get_running_loop().create_task(self._await_end(attempt))
        self.desk.state_changed(self)
        return attempt

    def on_message(self, attempt: Attempt, message: FromRun) -> None:
        if attempt is not self.starting and attempt is not self.running:
            return
        knew_of_cut = attempt.record.is_truncated
        attempt.record.on_message(message)
        if isinstance(message, Started):
            self._take_over(attempt)
        elif isinstance(message, Truncated):
            if not knew_of_cut:
                self.desk.output_cut(self, attempt)
        elif isinstance(message, (CurrentLine, Unreached)):
            self.desk.lines_changed(self)
        elif isinstance(message, (Namespace, MemoryUse)):
            self.desk.tensors_changed(self)
        elif attempt is self.running:
            if isinstance(message, Ended):
                self.desk.observations_settled(self)
            else:
                self.desk.observations_changed(self)

    def on_output(self, attempt: Attempt, stream: str, text: str) -> None:
        if attempt is self.starting or attempt is self.running:
            attempt.record.on_output(stream, text)
            self.desk.printed(self, attempt, stream, text)

    def _take_over(self, attempt: Attempt) -> None:
        older, self.running = self.running, attempt
        self.starting = None
        attempt.begun.set()
        self._comparable = attempt.setup
        self.started = attempt.run
        if older is not None and older.live is not None:
            older.live.stop(Outcome.SUPERSEDED)
        self.findings.begin(attempt.record, attempt.held)
        self._set_bad_syntax(None)
        self.desk.state_changed(self)
        self._start_if_due()

    async def _await_end(self, attempt: Attempt) -> None:
        assert attempt.live is not None
        result = await attempt.live.finished()
        last = _last_run(attempt, result)
        try:
            if attempt is self.running:
                self._ran(attempt, result, last)
            elif attempt is self.starting:
                self._never_started(attempt, result, last)
        finally:
            attempt.begun.set()
            if not attempt.ended.done():
                attempt.ended.set_result(last)

    def _ran(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        self.running, self.ended = None, attempt
        if attempt.record.resumed_at is not None and _misses_a_file(result):
            # It may be there for who begins at the top.
            self._start(afresh=True)
            return
        self.last = last
        self.findings.end()
        self.trouble = _trouble(attempt, result)
        self._judge(attempt, result)
        self.desk.observations_changed(self)
        self.desk.tensors_changed(self)
        self.desk.troubles_changed(self)
        self.desk.lines_changed(self)
        self.desk.state_changed(self)
        unseen = self.trouble is None and result.outcome in _TOLD_WITHOUT_A_PLACE
        if attempt.explicit and unseen and result.user_message is not None:
            self.desk.refused(self, result.user_message, True)

    def _judge(self, attempt: Attempt, result: RunResult) -> None:
        if attempt.checks is None:
            return
        path = self.document.path
        held = attempt.held[path]
        before = self.verdicts.standing(self.document) if held.is_current(self.document) else ()
        said = complete(attempt.checks, before, attempt.record, result, path)
        self.verdicts.judged(attempt.checks, said, held)
        self.desk.verdicts_changed(self)

    def _never_started(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        self.starting = None
        rejected = result.rejected
        if rejected is not None and rejected.problem is not None:
            self._edited |= attempt.changed
            self._set_bad_syntax(BadSyntax(rejected.problem, attempt.held))
        elif rejected is not None:
            self._set_bad_syntax(None)
            self._realign(attempt)
        else:
            self._edited |= attempt.changed
            if result.outcome is not Outcome.SUPERSEDED:
                self.last = last
        if attempt.explicit and rejected is not None and rejected.problem is not None:
            self.last = last
        if (
            result.outcome is Outcome.REFUSED
            and result.user_message is not None
            and rejected is None
        ):
            self.desk.refused(self, result.user_message, attempt.explicit)
        self.desk.state_changed(self)
        self._start_if_due()

    def _realign(self, attempt: Attempt) -> None:
        """The code is the same: what stood at lines that changed moves with it."""
        for path in attempt.changed:
            document = self.desk.document(path)
            if document is None or document.text is not attempt.held[path].text:
                continue
            # Parsing takes longer than all else that a comment needs: only where something is lost.
            if self.findings.has_lost(document):
                self.findings.realign(document)
            if document is self.document:
                self.verdicts.realign(document)
            ended = None if self.ended is None else self.ended.held.get(path)
            if ended is not None:
                ended.unchanged(document)
            if self.trouble is not None and self.place_of_trouble(document) is None:
                held = self.trouble.held.get(path)
                if held is not None:
                    held.unchanged(document)
        self.desk.observations_settled(self)
        self.desk.troubles_changed(self)
        self.desk.lines_changed(self)

    def _set_bad_syntax(self, bad: BadSyntax | None) -> None:
        if bad is not None or self.bad_syntax is not None:
            self.bad_syntax = bad
            self.desk.troubles_changed(self)

    def _cancel_timer(self) -> None:
        self._is_due = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _ranges(lines: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ascending lines as pairs of the first and the last of each piece."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1] = found[-1][0], line
        else:
            found.append((line, line))
    return tuple(found)


def _last_run(attempt: Attempt, result: RunResult) -> LastRun:
    return LastRun(
        run=attempt.run,
        outcome=result.outcome.value,
        seconds=result.seconds,
        device=attempt.record.device_for(attempt.device),
        exit_status=result.exit_status,
        user_message=result.user_message,
        resumed_at=attempt.record.resumed_at,
        whole=_why_whole(attempt),
    )


def _misses_a_file(result: RunResult) -> bool:
    return result.failure is not None and result.failure.exception in _OF_FILES


def _why_whole(attempt: Attempt) -> UserMessage | None:
    """Why a run that follows an edit began at the top, where a copy could not be kept."""
    record = attempt.record
    if attempt.explicit or record.resumed_at is not None or not record.not_kept:
        return None
    refused = record.not_kept[0]
    return UserMessage(f"whole.{refused.reason}", str(refused.line + 1))


def _trouble(attempt: Attempt, result: RunResult) -> Trouble | None:
    # A program that was stopped ends by an exception too: it is not the program's failure.
    stopped = result.outcome in (Outcome.STOPPED, Outcome.TIMED_OUT)
    failure = None if stopped else result.failure or attempt.record.failure
    if failure is None and (result.stopped_at is None or result.user_message is None):
        return None
    return Trouble(failure, result.user_message, result.stopped_at, result.outcome, attempt.held)
