"""The verdicts of a lesson's checks: kept with the lines they are about, and completed.

A verdict follows its line when the text is edited, as a hint does, and is dropped once that line
changes. The sentences that learners read are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, ErrorKind

from .lesson_checks import Checks
from .runs.record import RunRecord
from .text.documents import Document
from .text.tracked_text import TrackedText

_KIND_OF_OUTCOME: dict[Outcome, ErrorKind] = {
    Outcome.TIMED_OUT: "endless",
    Outcome.CRASHED: "crashed",
    Outcome.OUT_OF_MEMORY: "out_of_memory",
}


@dataclass
class Verdicts:
    """The verdicts of a program's last completed run."""

    _found: tuple[CheckVerdict, ...] = ()
    _held: TrackedText | None = None
    _expected: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self._expected)

    def store(self, checks: Checks, verdicts: Iterable[CheckVerdict], held: TrackedText) -> None:
        """Store the verdicts of a run; `held` is the text that it ran."""
        self._found, self._held, self._expected = tuple(verdicts), held, tuple(checks.answer_names)

    def is_current(self, document: Document) -> bool:
        """Whether the document still has the judged text, or the same code."""
        return self._held is not None and self._held.is_current(document)

    def current(self, document: Document) -> Iterator[CheckVerdict]:
        """Yield the verdicts whose line is unchanged, with their current line numbers."""
        if self._held is None:
            return
        for verdict in self._found:
            if verdict.line is None:
                yield verdict
                continue
            line = self._held.current_line(verdict.line, document)
            if line is not None:
                yield replace(verdict, line=line)


def complete(
    checks: Checks,
    before: Iterable[CheckVerdict],
    record: RunRecord,
    result: RunResult,
    path: str,
) -> tuple[CheckVerdict, ...]:
    """Return one verdict for each check, filling in those that the run did not report.

    If the program did not end, checks that were correct `before` and whose lines are unchanged
    stay correct, and the others get the outcome as their error. If it did end, a check ended the
    process, and the others cannot be checked.
    """
    reported = {verdict.check: verdict for verdict in record.verdicts}
    kind = _KIND_OF_OUTCOME.get(result.outcome)
    has_ended = record.ended is not None and not record.ended.interrupted
    if kind is None or has_ended:
        missing = CheckVerdict(0, "", CANNOT_CHECK, kind or "stopped")
    else:
        stopped_at = result.stopped_at
        line = stopped_at[1] if stopped_at is not None and stopped_at[0] == path else None
        missing = CheckVerdict(0, "", ERROR_IN_YOUR_CODE, kind, line=line)
        reported = {each.check: each for each in before if each.verdict == CORRECT} | reported
    return tuple(
        reported.get(check, replace(missing, check=check)) for check in checks.answer_names
    )


def of_bad_syntax(
    checks: Checks, current: Iterable[CheckVerdict], message: str, line: int | None
) -> tuple[CheckVerdict, ...]:
    """Return one verdict for each check of a text with a syntax error.

    The `current` verdicts are kept; every other check fails with the `SyntaxError`.
    """
    known = {verdict.check: verdict for verdict in current}
    fields = {"exception": "SyntaxError", "error": message}
    bad = CheckVerdict(0, "", ERROR_IN_YOUR_CODE, "exception", fields, line)
    return tuple(known.get(check, replace(bad, check=check)) for check in checks.answer_names)
