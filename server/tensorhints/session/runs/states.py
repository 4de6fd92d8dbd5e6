"""The values that describe a file to the client: its runs, diagnostics and marked lines."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tensorhints.engine.results import Outcome
from tensorhints.model.cells import Cell
from tensorhints.model.devices import Device
from tensorhints.model.failures import Failure
from tensorhints.model.locations import Span
from tensorhints.model.user_messages import UserMessage


class Phase(enum.Enum):
    """The progress of the newest run of a file.

    `STARTING`: requested, but its first statement has not run (Python and torch may be starting).
    """

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True)
class LastRun:
    """The last run of a file, and how it ended.

    `line` (from 0) is where it failed or was stopped in its main file. Once a run has started,
    either `resumed_at` is the line where it resumed from a checkpoint, or `whole` the reason why it
    began at the top. `by_exit`: the program ended itself with `exit_status`.
    """

    run: int
    outcome: Outcome
    seconds: float
    device: Device
    exit_status: int | None = None
    line: int | None = None
    user_message: UserMessage | None = None
    resumed_at: int | None = None
    whole: UserMessage | None = None
    by_exit: bool = False


@dataclass(frozen=True)
class ProgramState:
    """The state of a file's runs.

    `run` is the id of the run under way or, in phase `IDLE`, of the last one; 0 before the first.
    `device` is that run's, None before the first. `explicit`: the user requested the run under way.
    `last` is the last run that ended. `cells` are those of a notebook. `suspended`: the last run
    was halted where it is, because nothing happened any more, and can be continued.
    """

    uri: str
    run: int = 0
    phase: Phase = Phase.IDLE
    live: bool = False
    device: Device | None = None
    explicit: bool = False
    last: LastRun | None = None
    cells: tuple[Cell, ...] = ()
    suspended: bool = False


@dataclass(frozen=True)
class LineMarks:
    """The marked lines of a document, from 0.

    The line being executed, the lines where the last run failed (one, or one for each cell of a
    notebook), and the lines that the last run never executed, as pairs of the first and the last
    line of each block.
    """

    running: int | None = None
    failed: tuple[int, ...] = ()
    unreached: tuple[tuple[int, int], ...] = ()


class Severity(enum.Enum):
    """The severity of a diagnostic."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True)
class CurrentFrame:
    """A frame of a failure's traceback, with its line in the current text.

    `uri` is None if the file is not open.
    """

    uri: str | None
    path: str
    span: Span
    function: str
    source: str


@dataclass(frozen=True)
class Diagnostic:
    """A message at a range of the current text.

    Exactly one is set: the `failure` of a run, Python's message about a `syntax` error, or the
    `user_message` about a run that was stopped. `expected`: it is the failure of a cell that is
    tagged to have one.
    """

    span: Span
    severity: Severity
    failure: Failure | None = None
    syntax: str | None = None
    user_message: UserMessage | None = None
    frames: tuple[CurrentFrame, ...] = ()
    expected: bool = False
