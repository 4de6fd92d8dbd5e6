"""How far a learner is with a step, as others ask for it. `progress` keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

OPEN = "open"
STARTED = "started"
DONE = "done"
DONE_WITH_HELP = "done_with_help"


class States(Protocol):
    """`seed` is the learner's own: it decides in which order they see the answers."""

    @property
    def seed(self) -> str: ...

    def state(self, lesson: str, step: str) -> str: ...

    def hints_shown(self, lesson: str, step: str) -> int: ...

    def answers(self, lesson: str, step: str) -> Mapping[str, bool]: ...

    def seconds_spent(self, lesson: str) -> float: ...
