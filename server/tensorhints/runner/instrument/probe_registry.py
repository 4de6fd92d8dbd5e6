"""The probes and gates that the instrumented program and the recorder share, and their names.

The names are put into `builtins`. They begin with a dot, so that no source text can spell them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, List, Literal, Optional, Tuple, Union

from ...model.locations import HintLocation, LocationKind

PREFIX = ".tensorhints."
PROBE = ".tensorhints.probe"  # (probe id, value) -> value
PROBE_NUMBER = ".tensorhints.keep"  # (probe id, value) -> value, in the narrow form
PROBE_ITEM = ".tensorhints.item"  # (probe id, value) -> True, inside a comprehension
PROBE_PARTS = (
    ".tensorhints.parts"  # (((probe id, path), …), value) -> value, for targets inside a tuple
)
PROBE_PART_NUMBERS = ".tensorhints.keep_parts"  # the same, in the narrow form
PROBE_LOCAL = ".tensorhints.local"  # (probe id, name), in a class body
PROBE_FIELD = ".tensorhints.field"  # (probe id, base, path, attribute or key), after a statement
PROBE_PART = ".tensorhints.part"  # (probe id, base, path, (key,)), after `base.path[key] += …`
KEYS = ".tensorhints.keys"  # KEYS[key] -> (key,): a key can have slices only inside of brackets
ENTER = ".tensorhints.enter"  # (gate) -> True, at every pass through an open gate
GATE = ".tensorhints.gate."
NARROW = ".tensorhints.narrow."
STEADY = ".tensorhints.steady."

OPERAND: Final = "operand"
"""The kind of a probe without a hint: what it saw serves to explain a failure."""

ProbeKind = Union[LocationKind, Literal["operand"]]


@dataclass
class Probe:
    """An instrumented expression. Its index in the registry is its probe id.

    `span` is (lineno, col_offset, end_lineno, end_col_offset) as in the syntax tree: it finds the
    value of a sub-expression when a statement fails. `location` is `None` for operands. `narrows`:
    the probe is also part of its statement's narrow form.
    """

    path: str
    gate: int
    span: Tuple[int, int, int, int]
    location: Optional[HintLocation]
    narrows: bool = False


@dataclass
class Gate:
    """A sampling gate: switches the probes of a few statements on and off.

    `drives`: the guarded code can yield new sizes for reasons of its own (loop targets, slices with
    variables, factories). Such a gate stays open once the probes of `owner` have seen a tensor, and
    is steady then: its passes are not counted. `owner` is the gate itself, except for a branch of a
    conditional expression. `narrows`: between open and closed there is a third state, in which only
    the values of numbers are read.
    """

    drives: bool
    owner: int
    narrows: bool = False


@dataclass
class ProbeRegistry:
    """All probes and gates of a run, across all its files."""

    probes: List[Probe] = field(default_factory=list)
    gates: List[Gate] = field(default_factory=list)

    def new_gate(self, drives: bool = False, owner: int = -1) -> int:
        """Register a gate and return its number; without an `owner` it owns itself."""
        self.gates.append(Gate(drives, owner if owner >= 0 else len(self.gates)))
        return len(self.gates) - 1
