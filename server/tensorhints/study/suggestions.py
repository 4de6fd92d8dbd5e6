"""Suggests what a learner can do next in a lesson's file, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from tensorhints.course.format import CHALLENGE, QUIZ, Lesson, Step
from tensorhints.session.text.documents import Text

from . import quiz
from .learner import Learner, step_number
from .marks import step_at


@dataclass(frozen=True)
class NextStep:
    """The step or, without a `step`, the lesson that comes next, with its title."""

    lesson: str
    step: str | None
    title: str


@dataclass(frozen=True)
class Suggestions:
    """The offers at a line of a lesson's file.

    `asked` is the open question with its choices (id and text), `challenge` the one at the line or
    else the current one with its number and title, `question` the current question and its title.
    """

    asked: tuple[Step, tuple[tuple[str, str], ...]] | None
    challenge: tuple[Step, int, str] | None
    question: tuple[Step, str] | None
    following: NextStep | None
    other_locales: tuple[str, ...]


def suggestions(
    learner: Learner, lesson: Lesson, text: Text, line: int, asked: Step | None
) -> Suggestions:
    """Return what to offer at a line of a lesson's file, if the question `asked` is open."""
    challenge = step_at(learner, lesson, text, line) or learner.current_step(lesson, CHALLENGE)
    question = learner.current_step(lesson, QUIZ)
    return Suggestions(
        asked=None if asked is None else (asked, _choices(learner, lesson, asked)),
        challenge=None
        if challenge is None
        else (challenge, step_number(lesson, challenge), learner.text(lesson, challenge).title),
        question=None if question is None else (question, learner.text(lesson, question).title),
        following=_following(learner, lesson),
        other_locales=tuple(learner.other_locales()),
    )


def _choices(learner: Learner, lesson: Lesson, step: Step) -> tuple[tuple[str, str], ...]:
    return tuple((choice.id, text) for choice, text in quiz.choices(learner, lesson, step))


def _following(learner: Learner, lesson: Lesson) -> NextStep | None:
    step = learner.current_step(lesson)
    if step is not None and not learner.is_done(lesson):
        return NextStep(lesson.id, step.id, learner.text(lesson, step).title)
    after = learner.course.next_lesson(lesson)
    if after is None:
        return None
    return NextStep(after.id, None, learner.course.text(after, learner.locale).title)
