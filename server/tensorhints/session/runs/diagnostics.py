"""Diagnostics of runs: where a run failed or was stopped, and syntax errors, in current texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.failures import Failure, Frame, SyntaxProblem
from tensorhints.model.locations import Span
from tensorhints.model.messages import Failed
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.text.documents import Document
from tensorhints.session.text.open_documents import Documents
from tensorhints.session.text.tracked_text import TrackedText

from .attempt import Attempt
from .states import CurrentFrame, Diagnostic, Severity

_ENDED_ON_PURPOSE = (Outcome.STOPPED, Outcome.TIMED_OUT)


@dataclass(frozen=True)
class SyntaxDiagnostic:
    """The syntax error of a text that could not run."""

    problem: SyntaxProblem
    texts: dict[str, TrackedText]

    def span(self, document: Document) -> Span | None:
        """Return where the error is in the document, or None if it is not in it any more."""
        text = self.texts.get(document.path)
        if text is None or self.problem.path != document.path:
            return None
        return text.current_span(self.problem.span, document)

    def diagnostic(self, document: Document) -> Diagnostic | None:
        """Return the diagnostic to show in a document."""
        span = self.span(document)
        return (
            None if span is None else Diagnostic(span, Severity.ERROR, syntax=self.problem.message)
        )


@dataclass(frozen=True)
class RunDiagnostic:
    """The position at which a run failed or was stopped, with the texts that it ran."""

    failure: Failure | None
    user_message: UserMessage | None
    stopped_at: tuple[str, int] | None
    outcome: Outcome
    texts: dict[str, TrackedText]
    expected: bool = False
    """Whether it is the failure of a cell that is tagged to have one."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of the failure's traceback."""
        return () if self.failure is None else self.failure.frames

    def span(self, document: Document) -> Span | None:
        """Return where to underline the failure or stop in a document, if anywhere."""
        failure = self.failure
        if failure is not None:
            if failure.path == document.path:
                return self.current_span(failure.span, document)
            frame = next((f for f in reversed(failure.frames) if f.path == document.path), None)
            return None if frame is None else self.current_span(frame.span, document)
        if self.stopped_at is not None and self.stopped_at[0] == document.path:
            return self._current_line_span(self.stopped_at[1], document)
        return None

    def current_span(self, span: Span, document: Document) -> Span | None:
        """Map a span of the text that ran to the document's current text."""
        text = self.texts.get(document.path)
        return None if text is None else text.current_span(span, document)

    def diagnostic(self, document: Document, documents: Documents) -> Diagnostic | None:
        """Return the diagnostic to show in one of the open documents."""
        span = self.span(document) if self._shown_in(documents) is document else None
        if span is None:
            return None
        if self.failure is not None:
            frames = tuple(self._current_frames(documents))
            severity = Severity.INFORMATION if self.expected else Severity.ERROR
            return Diagnostic(
                span, severity, failure=self.failure, frames=frames, expected=self.expected
            )
        on_purpose = self.outcome in _ENDED_ON_PURPOSE
        severity = Severity.INFORMATION if on_purpose else Severity.ERROR
        return Diagnostic(span, severity, user_message=self.user_message)

    def _shown_in(self, documents: Documents) -> Document | None:
        """Return the open document of the innermost frame that has one."""
        paths = [frame.path for frame in self.frames]
        if self.failure is not None:
            paths.append(self.failure.path)
        elif self.stopped_at is not None:
            paths.append(self.stopped_at[0])
        found = (documents.at_path(path) for path in reversed(paths))
        return next((document for document in found if document is not None), None)

    def _current_frames(self, documents: Documents) -> Iterator[CurrentFrame]:
        for frame in self.frames:
            document = documents.at_path(frame.path)
            span = frame.span if document is None else self.current_span(frame.span, document)
            if span is None:
                continue
            uri, source = None, frame.source
            if document is not None:
                uri, source = document.uri, document.text.line(span.line)
            yield CurrentFrame(uri, frame.path, span, frame.function, source)

    def _current_line_span(self, line: int, document: Document) -> Span | None:
        text = self.texts.get(document.path)
        if text is None:
            return None
        source = text.text.line(line)
        indent = len(source) - len(source.lstrip())
        return text.current_span(Span(line, indent, line, len(source.rstrip())), document)


def run_diagnostics(attempt: Attempt, result: RunResult) -> tuple[RunDiagnostic, ...]:
    """Return where a run failed or was stopped, as far as there is something to underline.

    The first one is that of the outcome, unless that failure was expected.
    """
    user_message, outcome = result.user_message, result.outcome
    # A stopped program also ends by an exception, which is not a failure of the program.
    stopped = outcome in _ENDED_ON_PURPOSE
    failure = None if stopped else result.failure or attempt.record.failure
    found = []
    if failure is not None or (result.stopped_at is not None and user_message is not None):
        stopped_at, texts = result.stopped_at, attempt.texts
        found.append(RunDiagnostic(failure, user_message, stopped_at, outcome, texts))
    for failed in attempt.record.failures:
        interrupted = failed.failure.exception == "KeyboardInterrupt"
        if failed.failure != failure and not (stopped and interrupted):
            found.append(cell_diagnostic(attempt, failed))
    return tuple(found)


def hiding_diagnostic(attempt: Attempt, document: Document) -> Diagnostic:
    """Return the warning, on the first line, that plain Python would import other modules."""
    span = Span(0, 0, 0, len(document.text.line(0).rstrip()))
    user_message = UserMessage("hides-library", ", ".join(attempt.record.hiding))
    return Diagnostic(span, Severity.WARNING, user_message=user_message)


def cell_diagnostic(attempt: Attempt, failed: Failed) -> RunDiagnostic:
    """Return where a cell of a notebook failed."""
    failure, expected = failed.failure, failed.expected
    return RunDiagnostic(failure, None, None, Outcome.FAILED, attempt.texts, expected)
