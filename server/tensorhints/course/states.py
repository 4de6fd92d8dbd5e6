"""A learner's progress with a step, as other modules read it. `progress` stores it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

OPEN = "open"
STARTED = "started"
DONE = "done"
DONE_WITH_HELP = "done_with_help"


class States(Protocol):
    """Read access to progress. `seed` belongs to the learner and decides the order of choices."""

    @property
    def seed(self) -> str:
        """A random string of this learner's."""

    def state(self, lesson: str, step: str) -> str:
        """Return one of `OPEN`, `STARTED`, `DONE`, `DONE_WITH_HELP`."""

    def hints_shown(self, lesson: str, step: str) -> int:
        """Return how many hints of the step were shown."""

    def answers(self, lesson: str, step: str) -> Mapping[str, bool]:
        """Return every choice that was tried, and whether it was correct."""

    def seconds_spent(self, lesson: str) -> float:
        """Return the time spent with the lesson, in seconds."""
