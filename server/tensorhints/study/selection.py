"""Selects the lesson, the step and the open file that a command is about."""

from __future__ import annotations

from dataclasses import dataclass

from tensorhints.course.format import CHALLENGE, QUIZ, Lesson, Step
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document
from tensorhints.session.text.open_documents import Documents

from .files import working_copy
from .learner import Learner
from .library import LessonLibrary

_REFUSALS = {CHALLENGE: ("no-challenge", "not-a-challenge"), QUIZ: ("no-quiz", "not-a-quiz")}


@dataclass(frozen=True)
class Selection:
    """The lesson and step of a command. `document` is the lesson's file if it is open."""

    lesson: Lesson
    step: Step | None
    document: Document | None

    @property
    def required_step(self) -> Step:
        """The step, for commands that are always about one."""
        assert self.step is not None
        return self.step


class Selector:
    """Selects lessons and steps; remembers the lesson that was selected last."""

    def __init__(self, library: LessonLibrary, learner: Learner, documents: Documents) -> None:
        self._library = library
        self._learner = learner
        self._documents = documents
        self._last_lesson: str | None = None

    def select(
        self,
        *,
        uri: str | None = None,
        lesson: str | None = None,
        step: str | None = None,
        kind: str | None = None,
    ) -> Selection:
        """Select by what is given, else by the document used last, else the first unsolved lesson.

        With `kind`, the selection has a step of that kind. Raises `RefusedError`.
        """
        selected, document = self._select_lesson(uri, lesson)
        self._last_lesson = selected.id
        return Selection(selected, self._select_step(selected, step, kind), document)

    def document_of(self, lesson: Lesson) -> Document | None:
        """Return the open working copy of a lesson, else its open starter."""
        paths = (str(working_copy(lesson)), str(lesson.file))
        found = (self._documents.at_path(path) for path in paths)
        return next((document for document in found if document is not None), None)

    def _select_step(self, lesson: Lesson, id_: str | None, kind: str | None) -> Step | None:
        if id_ is None:
            step = None if kind is None else self._learner.current_step(lesson, kind)
            if kind is not None and step is None:
                raise RefusedError(_REFUSALS[kind][0])
            return step
        step = lesson.step(id_)
        if step is None:
            raise RefusedError("unknown-step", id_)
        if kind is not None and step.kind != kind:
            raise RefusedError(_REFUSALS[kind][1], id_)
        return step

    def _select_lesson(self, uri: str | None, id_: str | None) -> tuple[Lesson, Document | None]:
        document = None if uri is None else self._documents.at(uri)
        if uri is not None and document is None:
            raise RefusedError("unknown-uri", uri)
        lesson = None if document is None else self._library.lesson_at(document.path)
        if id_ is not None:
            named = self._learner.course.lesson(id_)
            if named is None:
                raise RefusedError("unknown-lesson", id_)
            return (named, document) if named is lesson else (named, self.document_of(named))
        if lesson is not None:
            return lesson, document
        if document is not None:
            raise RefusedError("lesson-not-open")
        return self._current_lesson()

    def _current_lesson(self) -> tuple[Lesson, Document | None]:
        used = self._used_document()
        lesson = None if used is None else self._library.lesson_at(used.path)
        if lesson is not None:
            return lesson, used
        lesson = self._learner.course.lesson(self._last_lesson or "") or self._first_unsolved()
        return lesson, self.document_of(lesson)

    def _used_document(self) -> Document | None:
        try:
            return self._documents.used()
        except RefusedError:
            return None

    def _first_unsolved(self) -> Lesson:
        lessons = list(self._learner.course)
        if not lessons:
            raise RefusedError("no-lessons")
        unsolved = (lesson for lesson in lessons if not self._learner.is_done(lesson))
        return next(unsolved, lessons[0])
