"""The study of lessons, created when it is first needed.

Whether a file belongs to a lesson is known without it, so that editors that open no lesson never
wait for the course or the progress database.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tensorhints.session.session import Session
from tensorhints.study.library import LessonLibrary

from .client import Client

if TYPE_CHECKING:
    from tensorhints.course.format import Lesson
    from tensorhints.study.learner import Learner
    from tensorhints.study.study import Study


class Lessons:
    """Finds the lesson of a file; everything else is in `study`."""

    def __init__(self, library: LessonLibrary, session: Session, client: Client) -> None:
        self._library = library
        self._session = session
        self._client = client

    def lesson_at(self, path: str) -> Lesson | None:
        """Return the lesson whose file this is."""
        return self._library.lesson_at(path)

    @cached_property
    def study(self) -> Study:
        """The operations of the learner on the lessons."""
        from tensorhints.study.study import Study

        client = self._client
        return Study(self._session, self._library, client.locale, client.show_user_message)

    @property
    def learner(self) -> Learner:
        """The learner's language and progress."""
        return self.study.learner

    def reset_locale(self) -> None:
        """Read lessons in the language of the settings again."""
        if "study" in self.__dict__:
            self.study.learner.choose_locale(None)

    def close(self) -> None:
        """Close the progress database if it is open."""
        if "study" in self.__dict__:
            self.study.learner.close()
