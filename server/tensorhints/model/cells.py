"""The cells of a notebook, whose texts are joined to one program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: Its number among the code cells, from 1.
        line: Its first line in the program, from 0.
        may_fail: Whether it is tagged `raises-exception`: its failure is expected.
    """

    number: int
    line: int
    may_fail: bool = False


def cell_at(cells: Sequence[Cell], line: int) -> Optional[Cell]:
    """Return the cell that has a line of the program (from 0), if it is a notebook."""
    found = None
    for cell in cells:
        if cell.line > line:
            break
        found = cell
    return found
