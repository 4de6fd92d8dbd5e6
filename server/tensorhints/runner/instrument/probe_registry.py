"""What the rewritten program and the recorder agree on: sites, gates, and the names they go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, List, Literal, Optional, Tuple, Union

from ...model.locations import HintLocation, LocationKind

PREFIX = ".tensorhints."
PROBE = ".tensorhints.probe"  # (site, value) -> value
PROBE_ITEM = ".tensorhints.item"  # (site, value) -> True, inside a comprehension
PROBE_PARTS = (
    ".tensorhints.parts"  # (((site, path), …), value) -> value, for targets inside a tuple
)
PROBE_STORE = ".tensorhints.store"  # (site, rhs site, base) -> base, for `base[index] = value`
KEEP = ".tensorhints.keep"  # (site, value) -> value, where only a number's value is looked at
ENTER = ".tensorhints.enter"  # (gate) -> True, at every pass through an open gate
PROBE_LOCAL = ".tensorhints.local"  # (site, name), in a class body
PROBE_FIELD = ".tensorhints.field"  # (site, base, attribute or key) after an augmented assignment
GATE = ".tensorhints.gate."
NARROW = ".tensorhints.narrow."

OPERAND: Final = "operand"
ProbeKind = Union[LocationKind, Literal["operand"]]
"""A site that no hint is drawn for: what it saw serves to explain a failure."""


@dataclass
class Probe:
    """A probe's location. `location` is `None` for operands. `span` (lineno, col, end_lineno,
    end_col as in the tree) finds the value of a sub-expression again when a statement fails.
    """

    path: str
    gate: int
    span: Tuple[int, int, int, int]
    location: Optional[HintLocation]
    detailed: bool = False
    narrows: bool = False


@dataclass
class Gate:
    """`drives`: the statement decides how the program goes on changing (loop targets, slices with
    variables, factories), so it stays watched once it has seen a tensor: at
    the sites of `owner`, the gate itself except for a branch of a conditional expression.
    `narrows`: between open and closed there is a form that only reads the values of numbers.
    """

    drives: bool
    owner: int
    narrows: bool = False


@dataclass
class ProbeRegistry:
    """All sites and gates of a run, over all its files."""

    probes: List[Probe] = field(default_factory=list)
    gates: List[Gate] = field(default_factory=list)

    def new_gate(self, drives: bool = False, owner: int = -1) -> int:
        self.gates.append(Gate(drives, owner if owner >= 0 else len(self.gates)))
        return len(self.gates) - 1
