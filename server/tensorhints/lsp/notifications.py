"""The shapes of this server's own notifications and of its commands' answers.

docs/protocol.md describes them field by field, and a test keeps the two alike. Names are those of
the wire; lines and characters count from 0, in the negotiated units.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunNotification:
    """`tensorhints/run`: a program's state has changed."""

    uri: str
    run: int
    phase: str
    live: bool
    explicit: bool
    device: str
    outcome: str | None
    elapsedMs: float | None  # noqa: N815 - the wire's name


@dataclass(frozen=True)
class OutputNotification:
    """`tensorhints/output`: the program printed."""

    uri: str
    run: int
    stream: str
    text: str


@dataclass(frozen=True)
class TensorsNotification:
    """`tensorhints/tensors`: the inspector's rows; `rows` and `totals` as the command answers."""

    uri: str
    run: int
    device: str
    rows: list[object]
    totals: dict[str, object]


@dataclass(frozen=True)
class RunAnswer:
    """What `tensorhints.server.run` answers once the run has ended."""

    run: int
    outcome: str
    elapsedMs: float  # noqa: N815 - the wire's name
    device: str


@dataclass(frozen=True)
class TensorsAnswer:
    """What `tensorhints.server.tensors` answers."""

    run: int
    device: str
    rows: list[object]
    totals: dict[str, object]


@dataclass(frozen=True)
class ErrorAnswer:
    """What any command answers to an argument that it cannot use."""

    error: str
