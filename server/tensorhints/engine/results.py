"""The result of a run, and the protocol of its listener."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from tensorhints.model.failures import Failure
from tensorhints.model.messages import FromRun, Rejected
from tensorhints.model.user_messages import UserMessage


class Outcome(enum.Enum):
    """How a run ended. The values are part of the protocol with clients."""

    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    TIMED_OUT = "timedOut"
    OUT_OF_MEMORY = "outOfMemory"
    CRASHED = "crashed"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class RunListener(Protocol):
    """Receives what a run sends, in order and in the event loop, until `finished()` returns."""

    def on_message(self, message: FromRun) -> None:
        """The run sent a message."""
        ...

    def on_output(self, stream: str, text: str) -> None:
        """The program printed `text` to `stdout` or `stderr`."""
        ...


@dataclass(frozen=True)
class RunResult:
    """The result of a run: how it ended, and why.

    `exit_status` is None if there is none: the run was refused or its process killed. `seconds`
    count from the program's first statement. `stopped_at` is the path and the line (from 0) that
    was being executed when the program was stopped or crashed. `swept` is the number of processes
    that it left behind and that were killed.
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
