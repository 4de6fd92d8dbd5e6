"""The course of this process: loaded on first use, once, and found by file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tensorhints.course.format import CHALLENGE, Lesson
from tensorhints.session.lesson_checks import Checks

from .files import is_lesson, working_copy

if TYPE_CHECKING:
    from tensorhints.course.library import Library


class LessonLibrary:
    """The lessons of one course, and which file belongs to which. Satisfies `LessonChecks`.

    Without a `library`, the packaged course is loaded when a lesson is first asked for.
    """

    def __init__(self, library: Library | None = None) -> None:
        self._given = library

    @cached_property
    def course(self) -> Library:
        """The course's lessons by id and by starter file."""
        if self._given is not None:
            return self._given
        # Importing the loader takes tens of milliseconds that no editor's start should wait for.
        from tensorhints.course.folders import find_course
        from tensorhints.course.library import Library
        from tensorhints.course.loader import load

        return Library(load(find_course())[0])

    def is_lesson(self, path: str) -> bool:
        """Whether a file belongs to the course or is a working copy."""
        return is_lesson(path)

    def lesson_at(self, path: str) -> Lesson | None:
        """Return the lesson whose starter or working copy this file is."""
        if not is_lesson(path):
            return None
        copies = (lesson for lesson in self.course if str(working_copy(lesson)) == path)
        return self.course.lesson_of(path) or next(copies, None)

    def checks(self, path: str) -> Checks | None:
        """Return the checks that a run of this file executes, or None if it has none."""
        lesson = self.lesson_at(path)
        return None if lesson is None else checks_of(lesson)


def checks_of(lesson: Lesson) -> Checks | None:
    """Return a lesson's checks, or None if it has none or they cannot be read."""
    steps = [s for s in lesson.steps if s.kind == CHALLENGE and s.checks_file is not None]
    files = list(dict.fromkeys(step.checks_file for step in steps if step.checks_file))
    try:
        texts = [file.read_text(encoding="utf-8") for file in files]
    except (OSError, UnicodeError):
        return None
    if not files:
        return None
    names = {check: step.names for step in steps for check in step.checks}
    return Checks("\n\n".join(texts), str(files[0]), names)
