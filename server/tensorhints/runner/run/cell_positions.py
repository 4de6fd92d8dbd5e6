"""Positions in a notebook as cell and line, in the tracebacks and warnings that Python prints.

Its cells are compiled as one program, whose lines nobody sees.
"""

from __future__ import annotations

import linecache
import re
import sys
import traceback
import warnings
from typing import Any, List, Optional, Sequence, Tuple, Type

from ...model.cells import Cell, cell_at

# The program's module; the runner prints what ends the program with its own one.
_traceback_of_program = sys.modules["traceback"]


class CellPositions:
    """The positions in the notebook at `path`."""

    def __init__(self, path: str, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self._path = path
        self._frame = re.compile(rf'^  File "{re.escape(path)}", line (\d+)')

    def install(self) -> None:
        """Use them in everything that this process prints from now on."""
        for summary in (traceback.StackSummary, _traceback_of_program.StackSummary):
            self._install_in(summary)
        of_warning = warnings.formatwarning

        def format_warning(
            message: Any,
            category: Type[Warning],
            filename: str,
            lineno: int,
            line: Optional[str] = None,
        ) -> str:
            position = self._position(lineno) if filename == self._path else None
            if position is not None:
                line = linecache.getline(filename, lineno) if line is None else line
                filename, lineno = position
            return of_warning(message, category, filename, lineno, line)

        warnings.formatwarning = format_warning

    def _install_in(self, summary: Type[traceback.StackSummary]) -> None:
        of_stack = summary.format

        def format_stack(stack: traceback.StackSummary, **options: Any) -> List[str]:
            return [self._frame.sub(self._renamed, text) for text in of_stack(stack, **options)]

        summary.format = format_stack  # type: ignore[method-assign,assignment]

    def _renamed(self, match: re.Match[str]) -> str:
        position = self._position(int(match[1]))
        return match[0] if position is None else f"  {position[0]}, line {position[1]}"

    def _position(self, lineno: int) -> Optional[Tuple[str, int]]:
        """Return the name of the cell that has a line, and its line there; both count from 1."""
        cell = cell_at(self.cells, lineno - 1)
        return None if cell is None else (f"Cell {cell.number}", lineno - cell.line)
