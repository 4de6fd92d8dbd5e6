"""The number of a line as users count: in its file, or in its cell of a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from tensorhints.model.cells import Cell, cell_at

from .words import translate


def shown_line(line: int, cells: Sequence[Cell], locale: str) -> str:
    """Return the number of a program's line (from 0): `12`, or `2 of cell 3` in a notebook."""
    cell = cell_at(cells, line)
    if cell is None:
        return str(line + 1)
    return translate("line-of-cell", locale, line=line - cell.line + 1, cell=cell.number)
