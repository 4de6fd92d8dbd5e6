"""One learner: the course, what they have done of it, and which lesson and step a command means.

Nothing is read before somebody asks for a lesson. Writing progress may wait for another editor, and
so is done in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from tensorhints.course.format import CHALLENGE, QUIZ, Lesson, Step, StepText
from tensorhints.course.library import Library
from tensorhints.course.progress import Progress, ProgressError, default_path
from tensorhints.course.states import DONE, DONE_WITH_HELP
from tensorhints.course.step_ranges import StepRange, step_ranges
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document
from tensorhints.study.files import working_copy

if TYPE_CHECKING:
    from .connection import Server

_SOLVED = (DONE, DONE_WITH_HELP)
_REFUSALS = {CHALLENGE: ("no-challenge", "not-a-challenge"), QUIZ: ("no-quiz", "not-a-quiz")}

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """What a command is about. `document` is the lesson's file where it is open."""

    lesson: Lesson
    step: Step | None
    document: Document | None

    @property
    def the_step(self) -> Step:
        assert self.step is not None
        return self.step


class Learner:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._chosen_locale: str | None = None
        self._last_lesson: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        # The lesson and the step whose question stands unanswered.
        self.asked: tuple[str, str] | None = None
        server.on_close(self._close)

    # ---- what there is

    @cached_property
    def library(self) -> Library:
        return self._server.lessons.course

    @cached_property
    def progress(self) -> Progress:
        """In memory alone, for this session, where it cannot be kept: the lessons still work."""
        try:
            return Progress(default_path())
        except ProgressError as error:
            self._server.show_user_message(error.user_message)
            return Progress(None)

    @property
    def locale(self) -> str:
        settings = self._server.session.workspace.settings.lessons
        return self.library.locale(self._chosen_locale or settings.locale or self._server.locale)

    def speak(self, locale: str | None) -> None:
        """Read the lessons in another language from now on, with None in that of the settings.
        Raises `RefusedError`.
        """
        if locale is not None and locale not in self.library.course.locales:
            raise RefusedError("unknown-locale", locale)
        self._chosen_locale = locale

    def other_locales(self) -> list[str]:
        return [locale for locale in self.library.course.locales if locale != self.locale]

    def text(self, lesson: Lesson, step: Step) -> StepText:
        return self.library.step_text(lesson, step, self.locale)

    # ---- which one is meant

    def lesson_at(self, path: str) -> Lesson | None:
        """The lesson whose file this is: the learner's copy, or the one that came with it."""
        return self._server.lessons.lesson_at(path)

    def choose(self, wanted: dict[str, Any], kind: str | None = None) -> Chosen:
        """By what a command was given, else by the document used last, else where the learner is.
        With `kind` there is a step of that kind. Raises `RefusedError`.
        """
        lesson, document = self._lesson(wanted)
        self._last_lesson = lesson.id
        id_ = wanted.get("step")
        if id_ is None:
            step = None if kind is None else self.current(lesson, kind)
            if kind is not None and step is None:
                raise RefusedError(_REFUSALS[kind][0])
            return Chosen(lesson, step, document)
        step = lesson.step(id_)
        if step is None:
            raise RefusedError("unknown-step", id_)
        if kind is not None and step.kind != kind:
            raise RefusedError(_REFUSALS[kind][1], id_)
        return Chosen(lesson, step, document)

    def used_lesson(self) -> Lesson | None:
        """The lesson of the document used last."""
        document = self._used_document()
        return None if document is None else self.lesson_at(document.path)

    def document_of(self, lesson: Lesson) -> Document | None:
        """The learner's copy where it is open, else the packaged file where that is."""
        session = self._server.session
        paths = (str(working_copy(lesson)), str(lesson.file))
        return next(
            (d for path in paths if (d := session.documents.at_path(path)) is not None), None
        )

    def _lesson(self, wanted: dict[str, Any]) -> tuple[Lesson, Document | None]:
        lesson, document = None, None
        if wanted.get("uri") is not None:
            document = self._server.document(wanted["uri"])
            if document is None:
                raise RefusedError("unknown-uri", wanted["uri"])
            lesson = self.lesson_at(document.path)
        if wanted.get("lesson") is not None:
            named = self.library.lesson(wanted["lesson"])
            if named is None:
                raise RefusedError("unknown-lesson", wanted["lesson"])
            if named is not lesson:
                lesson, document = named, self.document_of(named)
        elif lesson is None:
            if document is not None:
                raise RefusedError("lesson-not-open")
            lesson = self._current_lesson()
            used = self._used_document()
            of_it = used is not None and self.lesson_at(used.path) is lesson
            document = used if of_it else self.document_of(lesson)
        return lesson, document

    def _used_document(self) -> Document | None:
        session = self._server.session
        try:
            return session.documents.at(session.runs.state(None).uri)
        except RefusedError:
            return None

    def _current_lesson(self) -> Lesson:
        lesson = self.used_lesson() or self.library.lesson(self._last_lesson or "")
        lessons = list(self.library)
        if lesson is None:
            lesson = next((each for each in lessons if not self.is_done(each)), None)
        if lesson is None and not lessons:
            raise RefusedError("no-lessons")
        return lesson or lessons[0]

    # ---- how far they are

    def is_solved(self, lesson: Lesson, step: Step) -> bool:
        return self.progress.state(lesson.id, step.id) in _SOLVED

    def is_done(self, lesson: Lesson) -> bool:
        return all(self.is_solved(lesson, step) for step in lesson.steps)

    def current(self, lesson: Lesson, kind: str | None = None) -> Step | None:
        """The first step not solved yet; where all are, the first question or last challenge."""
        steps = [step for step in lesson.steps if kind is None or step.kind == kind]
        unsolved = (step for step in steps if not self.is_solved(lesson, step))
        return next(unsolved, (steps[0] if kind == QUIZ else steps[-1]) if steps else None)

    def after(self, lesson: Lesson, step: Step) -> Step | None:
        number = lesson.steps.index(step) + 1
        return lesson.steps[number] if number < len(lesson.steps) else None

    def number(self, lesson: Lesson, step: Step) -> int:
        """From 1, among the lesson's steps of its kind."""
        return [each for each in lesson.steps if each.kind == step.kind].index(step) + 1

    def step_ranges(self, lesson: Lesson, text: str) -> dict[str, tuple[StepRange, ...]]:
        """Where in a text each challenge step asks for something. Raises `RefusedError`."""
        try:
            starter, solution = self.library.starter(lesson), self.library.solution(lesson)
        except OSError as error:
            raise RefusedError("lesson-unreadable", str(error)) from error
        return dict(step_ranges(starter, solution, text, lesson.steps))

    # ---- what must not hold up the rest

    async def keep(self, write: Callable[..., T], *arguments: Any) -> T | None:
        """Write progress in a thread; None where it cannot be kept, which the user is told."""
        try:
            return await asyncio.to_thread(write, *arguments)
        except ProgressError as error:
            self._server.show_user_message(error.user_message)
            return None

    def after_answer(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on with something that waits for the user once the command is answered: Emacs takes a
        question away when the answer comes that it was waiting for.
        """
        self.later(self._after_answer(work))

    async def _after_answer(self, work: Coroutine[Any, Any, None]) -> None:
        await self._server.protocol.until_answered()
        await work

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nothing waits for."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except RefusedError as refused:
            self._server.show_user_message(refused.user_message)
        except Exception as error:
            self._server.report_failure(error)

    def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if "progress" in self.__dict__:
            self.progress.close()
