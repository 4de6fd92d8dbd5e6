"""One learner: the language they read the course in, and what they have solved of it.

Nothing is read before a lesson is asked for. Writing progress may wait for another editor's write,
and is therefore done in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from tensorhints.course.format import QUIZ, Lesson, Step, StepText
from tensorhints.course.library import Library
from tensorhints.course.progress import Progress, ProgressError, default_path
from tensorhints.course.states import DONE, DONE_WITH_HELP
from tensorhints.course.step_ranges import StepRange, step_ranges
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.errors import RefusedError
from tensorhints.session.workspace import Workspace

from .library import LessonLibrary

_SOLVED = (DONE, DONE_WITH_HELP)

T = TypeVar("T")


class Learner:
    """The progress and language of one learner.

    Errors of the progress database are passed to `report` and otherwise ignored: the lessons work
    without it.
    """

    def __init__(
        self,
        library: LessonLibrary,
        workspace: Workspace,
        editor_locale: str,
        report: Callable[[UserMessage], None],
    ) -> None:
        self._library = library
        self._workspace = workspace
        self._editor_locale = editor_locale
        self._report = report
        self._chosen_locale: str | None = None

    @property
    def course(self) -> Library:
        """The course's lessons."""
        return self._library.course

    @cached_property
    def progress(self) -> Progress:
        """The stored progress; if it cannot be opened, one in memory that ends with the server."""
        try:
            return Progress(default_path())
        except ProgressError as error:
            self._report(error.user_message)
            return Progress(None)

    async def record(self, write: Callable[..., T], *arguments: Any) -> T | None:
        """Call a writing method of `progress` in a thread; return None if it failed."""
        try:
            return await asyncio.to_thread(write, *arguments)
        except ProgressError as error:
            self._report(error.user_message)
            return None

    def close(self) -> None:
        """Close the database if it is open."""
        if "progress" in self.__dict__:
            self.progress.close()

    # ---- language

    @property
    def locale(self) -> str:
        """The course's language: chosen by a command, else the setting's, else the editor's."""
        setting = self._workspace.settings.lessons.locale
        return self.course.locale(self._chosen_locale or setting or self._editor_locale)

    def choose_locale(self, locale: str | None) -> None:
        """Use a language from now on, or with None the setting's. Raises `RefusedError`."""
        if locale is not None and locale not in self.course.course.locales:
            raise RefusedError("unknown-locale", locale)
        self._chosen_locale = locale

    def other_locales(self) -> list[str]:
        """Return the languages of the course except the current one."""
        return [locale for locale in self.course.course.locales if locale != self.locale]

    def text(self, lesson: Lesson, step: Step) -> StepText:
        """Return a step's texts in the current language."""
        return self.course.step_text(lesson, step, self.locale)

    # ---- steps

    def states(self, lesson: Lesson) -> list[str]:
        """Return the state of each step of a lesson, in order."""
        return [self.progress.state(lesson.id, step.id) for step in lesson.steps]

    def is_solved(self, lesson: Lesson, step: Step) -> bool:
        """Whether the step is solved, with or without help."""
        return self.progress.state(lesson.id, step.id) in _SOLVED

    def is_done(self, lesson: Lesson) -> bool:
        """Whether all steps of the lesson are solved."""
        return all(self.is_solved(lesson, step) for step in lesson.steps)

    def current_step(self, lesson: Lesson, kind: str | None = None) -> Step | None:
        """Return the first unsolved step, of a kind if given.

        If all are solved, it is the first question or the last step of other kinds; None if the
        lesson has no step of that kind.
        """
        steps = [step for step in lesson.steps if kind is None or step.kind == kind]
        unsolved = (step for step in steps if not self.is_solved(lesson, step))
        return next(unsolved, (steps[0] if kind == QUIZ else steps[-1]) if steps else None)

    def step_ranges(self, lesson: Lesson, text: str) -> dict[str, tuple[StepRange, ...]]:
        """Return the ranges of a text that each challenge is about, by the step's id.

        Raises `RefusedError` if the lesson's files cannot be read.
        """
        try:
            starter, solution = self.course.starter(lesson), self.course.solution(lesson)
        except OSError as error:
            raise RefusedError("lesson-unreadable", str(error)) from error
        return dict(step_ranges(starter, solution, text, lesson.steps))


def step_after(lesson: Lesson, step: Step) -> Step | None:
    """Return the step that follows in the lesson."""
    following = lesson.steps.index(step) + 1
    return lesson.steps[following] if following < len(lesson.steps) else None


def step_number(lesson: Lesson, step: Step) -> int:
    """Return a step's number, from 1, among the lesson's steps of its kind."""
    return [each for each in lesson.steps if each.kind == step.kind].index(step) + 1
