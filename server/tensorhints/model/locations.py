"""Ranges of source text and hint locations.

Lines and columns count from 0; a column counts code points, not bytes and not UTF-16 units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, FrozenSet, Literal

LocationKind = Literal["target", "parameter", "comprehension", "return", "expression", "chain"]
"""The kind of object that is observed at a hint location.

`target` is a name, attribute or subscript bound by an assignment, `for`, `with`, walrus or `match`.
`comprehension` is a name bound by a comprehension. `chain` is one line of a method chain that is
written over several lines.
"""

TARGET: Final = "target"
PARAMETER: Final = "parameter"
COMPREHENSION: Final = "comprehension"
RETURN: Final = "return"
EXPRESSION: Final = "expression"
CHAIN: Final = "chain"

BINDING_KINDS: FrozenSet[LocationKind] = frozenset((TARGET, PARAMETER, COMPREHENSION))


@dataclass(frozen=True)
class Span:
    """A range of text; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class HintLocation:
    """A location in a file that gets a hint once a value was observed there.

    Attributes:
        id: Unique within a run.
        name: The source text of what is bound (`x`, `self.w`, `d["k"]`); empty for `return`,
            expressions and chains.
        span: The range of that name, or of the expression.
        line: The hint stands at (`line`, `column`): after the name, or after its annotation.
        column: See `line`.
        statement_line: The first line of the statement. A change to a line from `statement_line` to
            `statement_end` (inclusive) makes the hint stale.
        statement_end: See `statement_line`.
        scope: The qualified name of the enclosing function or class; empty at the top level.
        annotated: Whether the name has a type annotation.
    """

    id: int
    path: str
    kind: LocationKind
    name: str
    span: Span
    line: int
    column: int
    statement_line: int
    statement_end: int
    scope: str = ""
    annotated: bool = False
