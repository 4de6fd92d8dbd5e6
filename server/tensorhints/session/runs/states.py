"""What the session tells about a program: how it stands, and how its last run ended."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tensorhints.model.devices import Device
from tensorhints.model.failures import Failure
from tensorhints.model.locations import Span
from tensorhints.model.user_messages import UserMessage


class Phase(enum.Enum):
    """`STARTING`: asked for, no statement of it has run yet (Python and torch may be starting)."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True)
class LastRun:
    """How a run ended. `outcome` is the text of the engine's `Outcome`; `line` (from 0) where it
    failed or was stopped, in this file. `resumed_at`: the line that it went on from, after an edit;
    `whole` says why it could not.
    """

    run: int
    outcome: str
    seconds: float
    device: Device
    exit_status: int | None = None
    line: int | None = None
    user_message: UserMessage | None = None
    resumed_at: int | None = None
    whole: UserMessage | None = None


@dataclass(frozen=True)
class ProgramState:
    """`run` is the id of the run under way or, in phase `IDLE`, of the last one; 0 before any.
    `device` is that run's, `None` before any. `explicit` where the user asked for that run. `last`
    is the last run that came to its end.
    """

    uri: str
    run: int
    phase: Phase
    live: bool
    device: Device | None
    explicit: bool
    last: LastRun | None


@dataclass(frozen=True)
class Lines:
    """The lines of a text that mean something now, from 0: the one that is being executed, the one
    where the last run failed, and pairs of the first and last of those that it never executed.
    """

    running: int | None = None
    failed: int | None = None
    unreached: tuple[tuple[int, int], ...] = ()


class Severity(enum.Enum):
    ERROR = "error"
    INFORMATION = "information"


@dataclass(frozen=True)
class Diagnostic:
    """Something to underline in a text as it is now: a failure, a syntax problem (`syntax` with
    Python's message) or where a run was stopped (`user_message`).
    """

    span: Span
    severity: Severity
    failure: Failure | None = None
    syntax: str | None = None
    user_message: UserMessage | None = None
    frames: tuple[FrameNow, ...] = ()


@dataclass(frozen=True)
class FrameNow:
    """A frame of a failure where its line stands now. `uri` is None where the file is not open."""

    uri: str | None
    path: str
    span: Span
    function: str
    source: str
