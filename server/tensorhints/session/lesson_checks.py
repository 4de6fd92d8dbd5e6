"""The protocol of lessons for the session: files that run when opened, and their checks.

The session does not know the course; the package that does implements `LessonChecks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Checks:
    """The checks of one lesson, as a run takes them.

    `text` is the source of its check files, joined, and `path` the first of these files.
    `answer_names` maps the id of each check to the names that its step asks the learner for.
    """

    text: str
    path: str
    answer_names: Mapping[str, tuple[str, ...]]


class LessonChecks(Protocol):
    """The lessons of a course, as far as running their files needs them."""

    def is_lesson(self, path: str) -> bool:
        """Whether `path` is a lesson's file or a working copy of one: it runs when opened."""
        ...

    def checks(self, path: str) -> Checks | None:
        """Return the checks for `path`, or None if it is not a lesson's file or has none."""
        ...
