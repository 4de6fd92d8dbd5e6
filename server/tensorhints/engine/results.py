"""How a run ended, and who is told while it lasts."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from tensorhints.model.failures import Failure
from tensorhints.model.messages import FromRun, Rejected
from tensorhints.model.user_messages import UserMessage


class Outcome(enum.Enum):
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    TIMED_OUT = "timedOut"
    OUT_OF_MEMORY = "outOfMemory"
    CRASHED = "crashed"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class RunListener(Protocol):
    """Told in the event loop, in order, and no more once the run's `finished()` has answered."""

    def on_message(self, message: FromRun) -> None: ...

    def on_output(self, stream: str, text: str) -> None:
        """`stream` is `stdout` or `stderr`."""
        ...


@dataclass(frozen=True)
class RunResult:
    """`exit_status` is `None` where the process left none: it was refused, or killed. `seconds`
    count from the program's first statement. `stopped_at` is the path and the line, from 0, that
    the program was on when it was stopped or crashed. `swept` counts processes that it left behind.
    """

    outcome: Outcome
    exit_status: int | None = None
    signal: int = 0
    seconds: float = 0.0
    device: str = ""
    failure: Failure | None = None
    user_message: UserMessage | None = None
    stopped_at: tuple[str, int] | None = None
    rejected: Rejected | None = None
    swept: int = 0
