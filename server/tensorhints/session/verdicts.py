"""What a lesson's checks say of the learner's program: what a run is given, and what it leaves.

A verdict is held to the line that it speaks of, as a hint is to its own: it moves with edits, and
is gone once that line changes. Knows no step's words and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tensorhints.course.format import CHALLENGE
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, ErrorKind

from .lesson_checks import Checks
from .lessons import is_lesson, learner_file
from .runs.record import RunRecord
from .text.documents import Document
from .text.tracked_text import TrackedText

if TYPE_CHECKING:
    from tensorhints.course.format import Lesson
    from tensorhints.course.library import Library

_FAULTS_OF_A_PROGRAM: dict[Outcome, ErrorKind] = {
    Outcome.TIMED_OUT: "endless",
    Outcome.CRASHED: "crashed",
    Outcome.OUT_OF_MEMORY: "out_of_memory",
}


class CheckedLessons:
    """The checks of a course's lessons: of the packaged one, which is read when the first lesson's
    file runs, where no other is given.
    """

    def __init__(self, library: Library | None = None) -> None:
        self._library = library

    def is_lesson(self, path: str) -> bool:
        """Whether `path` is a lesson's file or a working copy of one."""
        return is_lesson(path)

    def checks(self, path: str) -> Checks | None:
        """What judges the file at `path`; `None` where it is no lesson's, or asks for nothing."""
        lesson = self._lesson(path) if is_lesson(path) else None
        return None if lesson is None else checks_of(lesson)

    def _lesson(self, path: str) -> Lesson | None:
        if self._library is None:
            # Takes a moment that no start should wait for.
            from tensorhints.course.library import Library
            from tensorhints.course.loader import find_course, load

            self._library = Library(load(find_course())[0])
        found = self._library.lesson_of(path)
        copies = (lesson for lesson in self._library if str(learner_file(lesson)) == path)
        return found or next(copies, None)


def checks_of(lesson: Lesson) -> Checks | None:
    """`None` where the lesson has no checks, or they cannot be read."""
    steps = [s for s in lesson.steps if s.kind == CHALLENGE and s.checks_file is not None]
    files = list(dict.fromkeys(step.checks_file for step in steps if step.checks_file))
    try:
        texts = [file.read_text(encoding="utf-8") for file in files]
    except (OSError, UnicodeError):
        return None
    if not files:
        return None
    asked = {check: step.names for step in steps for check in step.checks}
    return Checks("\n\n".join(texts), str(files[0]), asked)


@dataclass
class Verdicts:
    """The verdicts of a program's last run that came to its end."""

    _found: tuple[CheckVerdict, ...] = ()
    _held: TrackedText | None = None
    _expected: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self._expected)

    def judged(self, checks: Checks, said: Iterable[CheckVerdict], held: TrackedText) -> None:
        self._found, self._held, self._expected = tuple(said), held, tuple(checks.asked)

    def is_current(self, document: Document) -> bool:
        """Whether the text that was judged is the document's, or the same code."""
        return self._held is not None and self._held.is_current(document)

    def standing(self, document: Document) -> Iterator[CheckVerdict]:
        """Each verdict with its line as it stands now, without those whose line has changed."""
        if self._held is None:
            return
        for verdict in self._found:
            if verdict.line is None:
                yield verdict
                continue
            line = self._held.current_line(verdict.line, document)
            if line is not None:
                yield replace(verdict, line=line)

    def realign(self, document: Document) -> None:
        """The code is what was judged, only its lines are others."""
        if self._held is not None and len(list(self.standing(document))) < len(self._found):
            self._held.realign(document)


def complete(
    checks: Checks,
    before: Iterable[CheckVerdict],
    record: RunRecord,
    result: RunResult,
    path: str,
) -> tuple[CheckVerdict, ...]:
    """What the checks of a run said, and for those that did not come to speak what can be told
    without them. Where the program never came to its end, what was correct `before` and stands
    untouched stays correct; else a check took all with it.
    """
    said = {verdict.check: verdict for verdict in record.verdicts}
    kind = _FAULTS_OF_A_PROGRAM.get(result.outcome)
    has_ended = record.ended is not None and not record.ended.interrupted
    if kind is None or has_ended:
        silent = CheckVerdict(0, "", CANNOT_CHECK, kind or "stopped")
    else:
        stopped_at = result.stopped_at
        line = stopped_at[1] if stopped_at is not None and stopped_at[0] == path else None
        silent = CheckVerdict(0, "", ERROR_IN_YOUR_CODE, kind, line=line)
        said = {each.check: each for each in before if each.verdict == CORRECT} | said
    return tuple(said.get(check, replace(silent, check=check)) for check in checks.asked)


def of_bad_syntax(
    checks: Checks, standing: Iterable[CheckVerdict], message: str, line: int | None
) -> tuple[CheckVerdict, ...]:
    """Where the text is no Python, what has no verdict any more fails by that."""
    known = {verdict.check: verdict for verdict in standing}
    fields = {"exception": "SyntaxError", "error": message}
    bad = CheckVerdict(0, "", ERROR_IN_YOUR_CODE, "exception", fields, line)
    return tuple(known.get(check, replace(bad, check=check)) for check in checks.asked)
