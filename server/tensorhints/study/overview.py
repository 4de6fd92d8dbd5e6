"""The state of a lesson and of its open file."""

from __future__ import annotations

from dataclasses import dataclass

from tensorhints.course.format import Lesson
from tensorhints.course.states import DONE, OPEN, STARTED

from .learner import Learner
from .marks import Mark


@dataclass(frozen=True)
class FileOverview:
    """The steps of a lesson, whose file is open.

    `marks` are those of its challenges. `is_judged`: there is a verdict on some line of the text.
    """

    lesson: Lesson
    title: str
    locale: str
    quizzes: int
    quizzes_solved: int
    marks: tuple[Mark, ...]
    is_judged: bool


def lesson_state(learner: Learner, lesson: Lesson) -> str:
    """Return the state of a whole lesson."""
    if learner.is_done(lesson):
        return DONE
    return OPEN if set(learner.states(lesson)) == {OPEN} else STARTED
