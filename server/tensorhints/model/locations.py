"""Where in a text something was seen. Lines and columns count from 0, columns in code points."""

from __future__ import annotations

from dataclasses import dataclass

# What a place is, and so how its label begins.
# A name, attribute or subscript bound by an assignment, `for`, `with`, walrus or `match`.
TARGET = "target"
PARAMETER = "parameter"
COMPREHENSION = "comprehension"
RETURN = "return"
EXPRESSION = "expression"
CHAIN = "chain"  # one line of a call chain that is broken over several

BINDING_KINDS = frozenset((TARGET, PARAMETER, COMPREHENSION))


@dataclass(frozen=True)
class Span:
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class HintLocation:
    """One place of a file that gets a hint once something was seen there.

    `name` is the source text of what is bound (`x`, `self.w`, `d["k"]`), empty for `return`,
    expressions and chains. `span` covers that name (or the expression); the hint stands at
    (`line`, `column`), which is after the annotation where there is one. `statement_line` to
    `statement_end` (inclusive) are the lines whose change makes the hint void. `scope` is the
    qualified name of the function or class around it, empty at the top level.
    """

    id: int
    path: str
    kind: str
    name: str
    span: Span
    line: int
    column: int
    statement_line: int
    statement_end: int
    scope: str = ""
    annotated: bool = False
