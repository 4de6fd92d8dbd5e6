"""One learner in one session: the entry point of this package."""

from __future__ import annotations

from collections.abc import Callable

from tensorhints.course.format import QUIZ, THEORY, Lesson, Step
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Document, Text

from .learner import Learner
from .library import LessonLibrary
from .marks import Mark, marks_of, record_marks
from .overview import FileOverview
from .selection import Selector
from .suggestions import Suggestions, suggestions


class Study:
    """Combines the course, the learner's progress and the session's documents and verdicts."""

    def __init__(
        self,
        session: Session,
        library: LessonLibrary,
        editor_locale: str,
        report: Callable[[UserMessage], None],
    ) -> None:
        self.session = session
        self.library = library
        self.learner = Learner(library, session.workspace, editor_locale, report)
        self.selector = Selector(library, self.learner, session.documents)
        self.asked: tuple[str, str] | None = None
        """The ids of the lesson and step whose question is unanswered."""

    def marks(self, uri: str, text: Text, lesson: Lesson) -> list[Mark]:
        """Return the marks of a lesson's open file, whose text is given."""
        return marks_of(self.learner, lesson, text, self.session.results.verdicts(uri))

    def mark_of(self, document: Document, lesson: Lesson, step: Step) -> Mark:
        """Return the mark of one challenge."""
        marks = self.marks(document.uri, document.text, lesson)
        return next(mark for mark in marks if mark.step is step)

    async def record_marks(self, document: Document, lesson: Lesson) -> bool:
        """Store what the last run solved or attempted; return whether any state changed."""
        marks = self.marks(document.uri, document.text, lesson)
        return await record_marks(self.learner, lesson, marks)

    async def record_read(self, lesson: Lesson, step: Step | None) -> None:
        """Store that a step was shown: theory counts as solved, other kinds as started.

        Without a step, all theory of the lesson counts as solved.
        """
        progress = self.learner.progress
        for each in lesson.steps if step is None else (step,):
            if each.kind == THEORY:
                await self.learner.record(progress.solved, lesson.id, each.id, lesson.digest)
            elif each is step:
                await self.learner.record(progress.started, lesson.id, each.id)

    def overview(self, uri: str, text: Text, lesson: Lesson) -> FileOverview:
        """Return the state of a lesson's steps; its open file has this text."""
        learner = self.learner
        quizzes = [step for step in lesson.steps if step.kind == QUIZ]
        return FileOverview(
            lesson=lesson,
            title=learner.course.text(lesson, learner.locale).title,
            locale=learner.locale,
            quizzes=len(quizzes),
            quizzes_solved=sum(learner.is_solved(lesson, step) for step in quizzes),
            marks=tuple(self.marks(uri, text, lesson)),
            is_judged=bool(self.session.results.verdicts(uri)),
        )

    def suggestions(self, lesson: Lesson, text: Text, line: int) -> Suggestions:
        """Return what to offer at a line of a lesson's file."""
        is_asked = self.asked is not None and self.asked[0] == lesson.id
        asked = lesson.step(self.asked[1]) if is_asked and self.asked is not None else None
        return suggestions(self.learner, lesson, text, line, asked)
