"""The parts of the server that handlers of lesson commands need besides the client."""

from __future__ import annotations

from dataclasses import dataclass

from tensorhints.lsp.background import BackgroundTasks
from tensorhints.lsp.lessons import Lessons
from tensorhints.lsp.notifier import Notifier
from tensorhints.lsp.services import Services
from tensorhints.session.session import Session
from tensorhints.study.learner import Learner
from tensorhints.study.study import Study


@dataclass(frozen=True)
class LessonContext:
    """The learner's study, the session that runs their files, and the notifier for changes."""

    lessons: Lessons
    session: Session
    notifier: Notifier
    background: BackgroundTasks

    @property
    def study(self) -> Study:
        """The operations of the learner on the lessons; the first access loads the course."""
        return self.lessons.study

    @property
    def learner(self) -> Learner:
        """The learner's language and progress."""
        return self.lessons.learner


def lesson_context(services: Services) -> LessonContext:
    """Take from the services what lesson commands need."""
    return LessonContext(services.lessons, services.session, services.notifier, services.background)
