"""The results of one live file's runs: hints, diagnostics, marked lines, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tensorhints.engine.results import RunResult
from tensorhints.model.messages import CheckVerdict
from tensorhints.session.lesson_checks import LessonChecks
from tensorhints.session.listener import Listener
from tensorhints.session.text.documents import Document
from tensorhints.session.text.open_documents import Documents
from tensorhints.session.verdicts import Verdicts, complete, of_bad_syntax

from .attempt import Attempt
from .diagnostics import (
    RunDiagnostic,
    SyntaxDiagnostic,
    cell_diagnostic,
    hiding_diagnostic,
    run_diagnostics,
)
from .hint_store import HintStore
from .states import Diagnostic, LastRun, LineMarks
from .whole_runs import why_whole


class FileResults:
    """The results of one file's runs, in terms of the current texts.

    Every change notifies the session's listener of what it makes out of date in the editor.
    """

    def __init__(self, document: Document, documents: Documents, listener: Listener) -> None:
        self.hints = HintStore()
        self.verdicts = Verdicts()
        self.last: LastRun | None = None
        self.last_started = 0
        """The id of the last run that started; ids ascend. 0 if none has."""
        self.syntax: SyntaxDiagnostic | None = None
        self._document = document
        self._documents = documents
        self._listener = listener
        self._diagnostics: tuple[RunDiagnostic, ...] = ()
        self._ended: Attempt | None = None
        self._shown: Attempt | None = None
        """The run that started last."""

    def begin(self, attempt: Attempt) -> None:
        """Show a run that has started: its text has no syntax error."""
        self.last_started = attempt.run
        superseded = None if self._shown is self._ended else self._shown
        hidden_before = () if self._shown is None else self._shown.record.hiding
        self._shown = attempt
        had_failures = superseded is not None and superseded.record.failures
        if had_failures or attempt.record.hiding != hidden_before:
            self._diagnostics_changed()
        self.hints.begin(attempt.record, attempt.texts)
        self.set_syntax(None)

    def end(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        """Show how the run that was shown has ended."""
        self.last = last
        self._ended = attempt
        self.hints.end()
        had_diagnostic = bool(self._diagnostics)
        self._diagnostics = run_diagnostics(attempt, result)
        if attempt.setup.checks is not None:
            self._judge(attempt, result)
            self._listener.verdicts_changed(self._document.uri)
        self._listener.hints_changed()
        self._listener.tensors_changed(self._document.uri)
        if had_diagnostic or self._diagnostics or attempt.setup.checks is not None:
            self._diagnostics_changed()
        self.lines_changed()

    def suspend(self, attempt: Attempt, result: RunResult, last: LastRun) -> None:
        """Show that the run under way was halted; `result` is what would be its end now."""
        self.last = last
        # Cells that failed are shown for every run under way.
        found = run_diagnostics(attempt, result)
        self._diagnostics = tuple(known for known in found if known.failure is None)
        if attempt.setup.checks is not None:
            self._judge(attempt, result)
            self._listener.verdicts_changed(self._document.uri)
        self._diagnostics_changed()

    def proceed(self) -> None:
        """Show that the run under way continues."""
        self._diagnostics = ()
        self._diagnostics_changed()

    def edited(self) -> None:
        """Notify the listener of everything that an edit may have moved or removed."""
        self.lines_changed()
        if self._diagnostics or self.syntax or self.verdicts:
            self._diagnostics_changed()

    def set_syntax(self, syntax: SyntaxDiagnostic | None) -> None:
        """Show the syntax error of the newest text, or that it has none."""
        if syntax is not None or self.syntax is not None:
            self.syntax = syntax
            self._diagnostics_changed()

    def _judge(self, attempt: Attempt, result: RunResult) -> None:
        path = self._document.path
        text, checks = attempt.texts[path], attempt.setup.checks
        assert checks is not None
        is_current = text.is_current(self._document)
        before = self.verdicts.current(self._document) if is_current else ()
        judged = complete(checks, before, attempt.record, result, path)
        self.verdicts.store(checks, judged, text)

    def realign(self, attempt: Attempt) -> None:
        """Keep everything at lines that changed: the code is the same as in the last run.

        `attempt` was rejected for that reason. What the last run has not shown yet is kept as well.
        """
        self.set_syntax(None)
        for path in attempt.changed:
            ran = None if self._shown is None else self._shown.texts.get(path)
            if ran is not None and path in attempt.texts:
                ran.realign(attempt.texts[path])
        self._listener.hints_settled()
        self._diagnostics_changed()
        self.lines_changed()

    def watches(self, path: str) -> bool:
        """Whether a path is that of the file, or of one that its last run instrumented."""
        return path == self._document.path or self.hints.watches(path)

    def lines_changed(self) -> None:
        """Notify the listener of the marked lines in all files that the last run instrumented."""
        watched = [document.uri for document in self._documents if self.watches(document.path)]
        self._listener.lines_changed(watched)

    def _diagnostics_changed(self) -> None:
        # A failure may be shown in any open document.
        self._listener.diagnostics_changed(self._documents.uris)

    @property
    def has_run_diagnostic(self) -> bool:
        """Whether the last run failed or was stopped at a known line."""
        return self._of_outcome is not None

    @property
    def _of_outcome(self) -> RunDiagnostic | None:
        """The diagnostic of the last run's outcome, if it failed or was stopped."""
        first = next(iter(self._diagnostics), None)
        return None if first is None or first.expected else first

    def _known_diagnostics(self) -> Iterator[RunDiagnostic]:
        """Yield the diagnostics of the last run, and of cells in the run under way."""
        yield from self._diagnostics
        if self._shown is not None and self._shown is not self._ended:
            for failed in self._shown.record.failures:
                yield cell_diagnostic(self._shown, failed)

    def diagnostics(self, document: Document) -> Iterator[Diagnostic]:
        """Return the diagnostics to show in one of the open documents."""
        if self.syntax is not None:
            diagnostic = self.syntax.diagnostic(document)
            if diagnostic is not None:
                yield diagnostic
        if document is self._document and self._shown is not None and self._shown.record.hiding:
            yield hiding_diagnostic(self._shown, document)
        found = (known.diagnostic(document, self._documents) for known in self._known_diagnostics())
        # A cell that fails again is still known from the run before.
        yield from {each.span: each for each in found if each is not None}.values()

    def current_verdicts(self, lessons: LessonChecks) -> tuple[CheckVerdict, ...]:
        """Return the verdicts of the file's checks, each with its line in the current text.

        If the text has a syntax error, checks without a verdict fail by that.
        """
        verdicts = tuple(self.verdicts.current(self._document))
        checks = None if self.syntax is None else lessons.checks(self._document.path)
        if self.syntax is None or checks is None:
            return verdicts
        span = self.syntax.span(self._document)
        line = None if span is None else span.line
        return of_bad_syntax(checks, verdicts, self.syntax.problem.message, line)

    def last_run(self) -> LastRun | None:
        """Return how the last run ended, with the current line of its failure."""
        if self.last is None:
            return None
        diagnostic = self._of_outcome
        span = None if diagnostic is None else diagnostic.span(self._document)
        return replace(self.last, line=None if span is None else span.line)

    def line_marks(self, document: Document, running: Attempt | None) -> LineMarks:
        """Return the marked lines of an open document, with those of the run under way."""
        failed = [known for known in self._diagnostics if known.failure and not known.expected]
        spans = (known.span(document) for known in failed)
        lines = tuple(span.line for span in spans if span is not None)
        return LineMarks(_running_line(document, running), lines, self._unreached(document))

    def _unreached(self, document: Document) -> tuple[tuple[int, int], ...]:
        text = None if self._ended is None else self._ended.texts.get(document.path)
        if text is None or self._ended is None:
            return ()
        ranges = self._ended.record.unreached.get(document.path, ())
        lines = (line for first, last in ranges for line in range(first, last + 1))
        current = (text.current_line(line, document) for line in lines)
        return _blocks(sorted(line for line in current if line is not None))


def _running_line(document: Document, running: Attempt | None) -> int | None:
    if running is None or running.record.current_line is None:
        return None
    path, line = running.record.current_line
    text = running.texts.get(path)
    return None if text is None or path != document.path else text.current_line(line, document)


def _blocks(lines: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return ascending lines as pairs of the first and last line of each block."""
    blocks: list[tuple[int, int]] = []
    for line in lines:
        if blocks and line == blocks[-1][1] + 1:
            blocks[-1] = blocks[-1][0], line
        else:
            blocks.append((line, line))
    return tuple(blocks)


def describe_end(attempt: Attempt, result: RunResult) -> LastRun:
    """Return how a run ended."""
    return LastRun(
        run=attempt.run,
        outcome=result.outcome,
        seconds=result.seconds,
        device=attempt.record.device_for(attempt.setup.device),
        exit_status=result.exit_status,
        user_message=result.user_message,
        resumed_at=attempt.record.resumed_at,
        whole=why_whole(attempt),
        by_exit=result.failure is not None and result.failure.exit is not None,
    )
