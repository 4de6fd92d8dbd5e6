"""One live file: a document that runs again after edits, and the runs that this makes.

A live file has at most one run under way and one that is about to start. The newer run takes over
when its first statement is about to run. Until then an edit disturbs nothing, and it may turn out
to change no code or to have a syntax error.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.devices import Device
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.settings import When
from tensorhints.session.text.documents import Document, Text
from tensorhints.session.timer import Pending, Timer

from .attempt import Attempt
from .diagnostics import SyntaxDiagnostic
from .file_results import FileResults, describe_end
from .record import RunRecord
from .setup import RunContext, RunSetup
from .silence import SilenceLimit
from .states import LastRun, Phase, ProgramState

# Edits that arrive in one burst (a paste, a formatter, a held key) cause one run. The first edit
# after a pause waits only for what arrives together with it.
BURST_SECONDS = 0.008
_FIRST_SECONDS = 0.001
_QUIET_SECONDS = 0.2

_FILE_ERRORS = frozenset(
    (
        "FileExistsError",
        "FileNotFoundError",
        "IsADirectoryError",
        "NotADirectoryError",
        "OSError",
        "PermissionError",
    )
)

_NEVER_RAN = (Outcome.REFUSED, Outcome.CRASHED)

_HAS_A_MESSAGE = frozenset((Outcome.CRASHED, Outcome.OUT_OF_MEMORY, Outcome.TIMED_OUT))


class LiveFile:
    """The runs of one open document: when they start, and which of them counts.

    It is one state machine: each method is an event (a request, an edit, a start, an end) that may
    start or stop a run. What the runs showed is in `results`.
    """

    def __init__(self, document: Document, context: RunContext, timer: Timer | None = None) -> None:
        self.document = document
        self.results = FileResults(document, context.documents, context.listener)
        self.device: str | None = None
        """The device that the user chose for this file."""
        self.is_live = False
        self.starting: Attempt | None = None
        self.running: Attempt | None = None
        self._context = context
        self._timer = timer or asyncio.get_running_loop()
        self._pending: Pending | None = None
        self._last_follow = 0.0
        self._is_due = False
        """Edits wait for the run that is starting."""
        self._edited: set[str] = set()
        """Files edited since the last run was requested."""
        self._last_setup: RunSetup | None = None
        """The setup of the host's last run of this file; None if that is not known."""
        self._last_record: RunRecord | None = None
        """The record of the last run that started."""

    # ---- what starts and stops runs

    def run(self) -> Attempt:
        """Start the run that the user requested. The file is live from now on."""
        self.is_live = True
        return self._start(explicit=True)

    def activate(self) -> None:
        """Make the file live and run it without a request: a lesson was opened."""
        if not self.is_live:
            self.is_live = True
            self._start()

    def edited(self, path: str) -> None:
        """Run soon: the text of this file, or of one that its last run imported, has changed."""
        self._edited.add(path)
        if self.is_live and self._pending is None and self._context.workspace.allows(When.ON_TYPE):
            quiet = self._timer.time() - self._last_follow > _QUIET_SECONDS
            delay = _FIRST_SECONDS if quiet else BURST_SECONDS
            self._pending = self._timer.call_later(delay, self._follow)
        self.results.edited()

    def _follow(self) -> None:
        """Start a run for the edits of a burst.

        While the host is still starting the run before, edits wait and cause one run together:
        a fast typist would otherwise send it more than it can process.
        """
        self._cancel_pending()
        self._last_follow = self._timer.time()
        if self.starting is not None and not self.starting.explicit:
            self._is_due = True
        else:
            self._start()

    def _start_if_due(self) -> None:
        if self._is_due and self.starting is None:
            self._start()

    def saved(self) -> None:
        """Run if the file, or one that its last run imported, was edited and saved."""
        if self.is_live and self._edited and self._context.workspace.allows(When.ON_SAVE):
            self._start()

    def run_again(self) -> None:
        """Run because the settings of the run have changed, not a text."""
        self._last_setup = None
        if self.is_live and self._context.workspace.allows(When.ON_TYPE):
            self._start()

    def proceed(self) -> bool:
        """Continue the run that was suspended, from now on without a limit.

        Return whether there was one.
        """
        attempt = self.running
        if attempt is None or not attempt.is_suspended or attempt.live is None:
            return False
        attempt.is_suspended = False
        self.results.proceed()
        attempt.live.suspension.end()
        self._context.listener.state_changed(self.state)
        return True

    def stop(self) -> bool:
        """Stop all runs; the file is no longer live. Return whether there was a run."""
        self.is_live = False
        self._cancel_pending()
        self._context.starter.release(self.document.path)
        attempts = self.under_way
        for attempt in attempts:
            attempt.is_suspended = False
            if attempt.live is not None:
                attempt.live.stop(Outcome.STOPPED)
        if self.starting is not None:
            self._last_setup = None
        return bool(attempts)

    def close(self) -> None:
        """Stop all runs and ignore what still comes from them: the document was closed."""
        self.stop()
        for attempt in self.under_way:
            _drop(attempt)
        self.starting = self.running = None

    async def settled(self, limit: float, starting_limit: float) -> None:
        """Wait until no run is under way or due, for `limit` seconds at most.

        While Python and torch start for the first run, wait up to `starting_limit` seconds more.
        """
        loop = asyncio.get_running_loop()
        if self.running is None and self.starting is not None:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.starting.begun.wait(), starting_limit)
        end = loop.time() + limit
        while loop.time() < end:
            attempt = self.starting or self._active
            if attempt is not None:
                await asyncio.wait({attempt.ended}, timeout=end - loop.time())
            elif self._pending is not None:
                await asyncio.sleep(BURST_SECONDS)
            else:
                return

    # ---- its state

    @property
    def under_way(self) -> tuple[Attempt, ...]:
        """The runs that have not ended: the one that is starting, and the one that is running."""
        return tuple(a for a in (self.starting, self.running) if a is not None)

    @property
    def state(self) -> ProgramState:
        """The state of the newest run that has started, or else of the one that is starting."""
        attempt = self.starting if self._active is None else self._active
        last = self.results.last_run()
        run = 0 if last is None else last.run
        device: Device | None = None if last is None else last.device
        phase = Phase.IDLE
        if attempt is not None:
            run = attempt.run
            device = attempt.record.device_for(attempt.setup.device)
            phase = Phase.STARTING if self._active is None else Phase.RUNNING
        return ProgramState(
            uri=self.document.uri,
            run=run,
            phase=phase,
            live=self.is_live,
            device=device,
            explicit=attempt is not None and attempt.explicit,
            last=last,
            cells=self.document.cells,
            suspended=attempt is None and self.running is not None,
        )

    @property
    def _active(self) -> Attempt | None:
        """The run that has started, unless it is suspended."""
        attempt = self.running
        return None if attempt is None or attempt.is_suspended else attempt

    def run_of(self, text: Text) -> Attempt | None:
        """Return the run of a text that has not ended, if there is one."""
        for attempt in (self.starting, self._active):
            if attempt is None:
                continue
            tracked = attempt.texts.get(self.document.path)
            if tracked is not None and tracked.text is text:
                return attempt
        return None

    # ---- one run, from its start to its end

    def _start(self, *, explicit: bool = False, afresh: bool = False) -> Attempt:
        self._cancel_pending()
        changed, self._edited = frozenset(self._edited), set()
        if self.starting is not None:
            # Whether the host has begun it is not known, nor is what the host ran last.
            changed |= self.starting.changed
            self._last_setup = None
            _drop(self.starting)
            if self.starting.live is not None:
                self.starting.live.stop(Outcome.SUPERSEDED)
        context = self._context
        setup = context.setup(self.document, self.device)
        attempt = self.starting = Attempt(
            run=next(context.run_ids),
            uri=self.document.uri,
            explicit=explicit,
            changed=changed,
            setup=setup,
            texts=context.documents.tracked(),
            listener=context.listener,
            on_started=self._started,
            on_instrumented=self._instrumented,
            on_lines_changed=self.results.lines_changed,
        )
        only_if_changed = self._only_if_changed(attempt)
        request = setup.request(
            attempt.run,
            self.document,
            context.documents.unsaved_texts_beside(self.document),
            only_if_changed=only_if_changed,
            compared=self._compared(attempt, only_if_changed),
            # The user may have changed what no edit shows: a file that the program reads.
            afresh=explicit or afresh,
        )
        attempt.live = context.starter.start(setup.interpreter, request, attempt)
        attempt.task = asyncio.get_running_loop().create_task(self._await_end(attempt))
        context.listener.state_changed(self.state)
        return attempt

    def _only_if_changed(self, attempt: Attempt) -> str | None:
        """Return the edited file, if it is the only one and the host can compare it."""
        is_comparable = self._last_setup == attempt.setup
        if attempt.explicit or len(attempt.changed) != 1 or not is_comparable:
            return None
        return next(iter(attempt.changed))

    def _compared(self, attempt: Attempt, path: str | None) -> tuple[Text | None, ...]:
        """Return the text of an imported file in the last run, if known, and in this one."""
        if path is None or path == self.document.path or path not in attempt.texts:
            return ()
        before = self.results.hints.watched_text(path)
        return None if before is None else before.text, attempt.texts[path].text

    def _started(self, attempt: Attempt) -> None:
        attempt.previous, self._last_record = self._last_record, attempt.record
        older, self.running = self.running, attempt
        self.starting = None
        attempt.begun.set()
        self._last_setup = attempt.setup
        attempt.started_at = self._timer.time()
        limit = attempt.setup.settings.timeout
        if limit is not None:
            suspend = partial(self._suspend, attempt, limit)
            attempt.silence = SilenceLimit(self._timer, limit, suspend)
        if older is not None:
            _drop(older)
            if older.live is not None:
                older.live.stop(Outcome.SUPERSEDED)
        self.results.begin(attempt)
        self._context.listener.state_changed(self.state)
        self._start_if_due()

    def _instrumented(self, attempt: Attempt, path: str) -> None:
        """Follow an edit of a file that was made before the run imported it.

        Until then it was not known that the file belongs to the program.
        """
        document = self._context.documents.at_path(path)
        if document is None or document is self.document:
            return
        self.results.hints.opened(document)
        text = attempt.texts.get(path)
        if (text is None or text.text is not document.text) and path not in self._edited:
            self.edited(path)

    def _suspend(self, attempt: Attempt, limit: float) -> None:
        """Halt a run in which nothing has happened for `limit` seconds."""
        if attempt is not self.running or attempt.live is None or attempt.ended.done():
            return
        attempt.live.suspension.begin()
        attempt.is_suspended = True
        result = RunResult(
            Outcome.TIMED_OUT,
            seconds=self._timer.time() - attempt.started_at,
            user_message=UserMessage("suspended", f"{limit:g}"),
            stopped_at=attempt.record.current_line,
        )
        last = describe_end(attempt, result)
        self.results.suspend(attempt, result, last)
        # Who waits for the end must not wait for a program in which nothing happens.
        attempt.conclude(last)
        self._context.listener.state_changed(self.state)
        self._report_unseen(attempt, result)

    async def _await_end(self, attempt: Attempt) -> None:
        assert attempt.live is not None
        result = await attempt.live.finished()
        last = describe_end(attempt, result)
        try:
            if attempt is self.running:
                self._ran(attempt, result, last)
            elif attempt is self.starting:
                self._never_started(attempt, result, last)
        finally:
            attempt.conclude(last)

    def _ran(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        self.running = None
        if attempt.silence is not None:
            attempt.silence.cancel()
        if result.outcome is Outcome.SUPERSEDED:
            return  # The run that is starting takes its place.
        if attempt.record.resumed_at is not None and _misses_a_file(result):
            # The file may exist when the program runs from the start: retry without a checkpoint.
            self._start(afresh=True)
            return
        self.results.end(attempt, result, last)
        self._context.listener.state_changed(self.state)
        self._report_unseen(attempt, result)

    def _report_unseen(self, attempt: Attempt, result: RunResult) -> None:
        """Report why a requested run ended, if no diagnostic says it."""
        unseen = not self.results.has_run_diagnostic and result.outcome in _HAS_A_MESSAGE
        if attempt.explicit and unseen and result.user_message is not None:
            self._context.refusals.report(result.user_message, explicit=True)

    def _never_started(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        self.starting = None
        rejected = result.rejected
        if rejected is None:
            self._edited |= attempt.changed
            self._last_setup = None
            if result.outcome is not Outcome.SUPERSEDED:
                self.results.last = last
            if result.outcome in _NEVER_RAN and result.user_message is not None:
                self._context.refusals.report(result.user_message, explicit=attempt.explicit)
        elif rejected.problem is not None:
            self._edited |= attempt.changed
            self.results.set_syntax(SyntaxDiagnostic(rejected.problem, attempt.texts))
            if attempt.explicit:
                self.results.last = last
        else:
            self.results.realign(attempt)
        self._context.listener.state_changed(self.state)
        self._start_if_due()

    def _cancel_pending(self) -> None:
        self._is_due = False
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None


def _misses_a_file(result: RunResult) -> bool:
    return result.failure is not None and result.failure.exception in _FILE_ERRORS


def _drop(attempt: Attempt) -> None:
    """Ignore what still comes from a run: another one has taken over, or none is wanted."""
    attempt.is_dropped = True
    if attempt.silence is not None:
        attempt.silence.cancel()
