"""The marks of a lesson's file: what the verdicts of the last run say about each challenge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tensorhints.course.format import CHALLENGE, Lesson, Step
from tensorhints.course.states import OPEN, STARTED
from tensorhints.course.step_ranges import StepRange, first_line
from tensorhints.course.verdicts import message, of_step
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.verdicts import CORRECT, NOT_ATTEMPTED
from tensorhints.present import lessons as words
from tensorhints.present.words import translate
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Text

from .learner import Learner, step_number


@dataclass(frozen=True)
class Mark:
    """The state of a challenge.

    `number` counts the challenges from 1. `check` is the check whose verdict decides, None if there
    is no verdict. `line` is the step's line in the text, and `verdict_line` the one that the
    verdict is about.
    """

    step: Step
    number: int
    verdict: str
    check: str | None
    message: str
    line: int | None
    verdict_line: int | None


def marks_of(
    learner: Learner, lesson: Lesson, text: Text, verdicts: Iterable[CheckVerdict]
) -> list[Mark]:
    """Return the mark of each challenge of a lesson, whose file has this text."""
    verdicts = tuple(verdicts)
    ranges = readable_ranges(learner, lesson, text)
    return [
        _mark(learner, lesson, step, first_line(ranges.get(step.id, ())), verdicts)
        for step in lesson.steps
        if step.kind == CHALLENGE
    ]


def _mark(
    learner: Learner,
    lesson: Lesson,
    step: Step,
    line: int | None,
    verdicts: Sequence[CheckVerdict],
) -> Mark:
    number = step_number(lesson, step)
    verdict = of_step(step, verdicts)
    if verdict is None:
        sentence = translate(f"verdict.{NOT_ATTEMPTED}", learner.locale)
        return Mark(step, number, NOT_ATTEMPTED, None, sentence, line, line)
    text = words.plain(message(verdict, learner.text(lesson, step), learner.locale, translate))
    verdict_line = line if verdict.line is None else verdict.line
    return Mark(step, number, verdict.verdict, verdict.check, text, line, verdict_line)


def readable_ranges(
    learner: Learner, lesson: Lesson, text: Text
) -> dict[str, tuple[StepRange, ...]]:
    """Return the ranges of each challenge; none if the lesson's files cannot be read."""
    try:
        return learner.step_ranges(lesson, text.text)
    except RefusedError:
        return {}


def step_at(learner: Learner, lesson: Lesson, text: Text, line: int) -> Step | None:
    """Return the challenge whose lines, or the comments right above them, contain a line."""
    for id_, ranges in readable_ranges(learner, lesson, text).items():
        for step_range in ranges:
            first = step_range.first
            while first > 0 and text.line(first - 1).lstrip().startswith("#"):
                first -= 1
            if first <= line < max(step_range.end, step_range.first + 1):
                return lesson.step(id_)
    return None


async def record_marks(learner: Learner, lesson: Lesson, marks: Iterable[Mark]) -> bool:
    """Store which challenges are solved or were attempted; return whether any state changed."""
    progress = learner.progress
    changed = False
    for mark in marks:
        before = progress.state(lesson.id, mark.step.id)
        if mark.verdict == CORRECT and before in (OPEN, STARTED):
            await learner.record(progress.solved, lesson.id, mark.step.id, lesson.digest)
            changed = True
        elif mark.verdict != NOT_ATTEMPTED and before == OPEN:
            await learner.record(progress.started, lesson.id, mark.step.id)
            changed = True
    return changed
