"""Notebooks: the code cells of each, in order, are one program to the session.

What only IPython reads (`%matplotlib inline`, `!pip install …`) is left out of that program, line
by line, so that every other line keeps its place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lsprotocol import types

from tensorhints.session.text.documents import Text

from .convert import Encoding

_TIMED = re.compile(r"^([ \t]*)%time ([^ \t-].*)")
_ASSIGNED = re.compile(r"([ \t]*[^\W\d][\w. ]*=[ \t]*)(?:%[^\W\d]|!).*")
_MAGIC = re.compile(r"([ \t]*)(?:%{1,2}[^\W\d]|!|\?|[^\W\d][\w., ]*=[ \t]*(?:%[^\W\d]|!)).*")
_HELP = re.compile(r"([ \t]*)[\w.]+\?{1,2}[ \t]*")
_OTHER_LANGUAGES = re.compile(r"\s*%%(?!time|timeit|capture|prun)")


@dataclass
class Cell:
    uri: str
    text: Text
    version: int

    def program_lines(self) -> list[str]:
        """As many as the cell has."""
        lines = list(self.text.lines)
        if _OTHER_LANGUAGES.match(self.text.text):
            return [""] * len(lines)
        if _is_python(self.text.text):
            return lines
        return list(_without_magic(lines))


@dataclass
class Notebook:
    """`uri` and `path` are the whole notebook's, `cells` its code cells."""

    uri: str
    path: str
    version: int
    cells: list[Cell] = field(default_factory=list)

    def program(self) -> str:
        return "\n".join(line for cell in self.cells for line in cell.program_lines())

    def part(self, uri: str) -> tuple[int, int] | None:
        """The first line of a cell in the program, and how many are its own."""
        first = 0
        for cell in self.cells:
            if cell.uri == uri:
                return first, len(cell.text.lines)
            first += len(cell.text.lines)
        return None

    def cell_at(self, line: int) -> str | None:
        first = 0
        for cell in self.cells:
            first += len(cell.text.lines)
            if line < first:
                return cell.uri
        return None

    def version_of(self, uri: str) -> int | None:
        return next((cell.version for cell in self.cells if cell.uri == uri), None)

    def change(self, encoding: Encoding, change: types.NotebookDocumentCellChanges) -> None:
        if change.structure is not None:
            self._restructure(change.structure)
        for content in change.text_content or ():
            cell = next((cell for cell in self.cells if cell.uri == content.document.uri), None)
            if cell is not None:
                for edited in content.changes:
                    cell.text = cell.text.after(encoding.edit(cell.text, edited))
                cell.version = content.document.version

    def _restructure(self, structure: types.NotebookDocumentCellChangeStructure) -> None:
        known = {cell.uri: cell for cell in self.cells}
        known.update((cell.uri, cell) for cell in cells_of(structure.did_open or ()))
        array = structure.array
        added = [known[cell.document] for cell in array.cells or () if cell.document in known]
        self.cells[array.start : array.start + array.delete_count] = added


def cells_of(documents: Iterable[types.TextDocumentItem]) -> list[Cell]:
    return [Cell(each.uri, Text(each.text), each.version) for each in documents]


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_magic(lines: Iterable[str]) -> Iterator[str]:
    """What a line goes on with after a backslash goes with it."""
    goes_on = False
    for line in lines:
        # As long as what it stands for.
        line = _TIMED.sub(r"\1pass; \2", line)
        kept = "" if goes_on else _kept(line)
        goes_on = kept != line and line.endswith("\\")
        yield kept


def _kept(line: str) -> str:
    assigned = _ASSIGNED.fullmatch(line)
    if assigned is not None:
        return f"{assigned[1]}[]"
    magic = _MAGIC.fullmatch(line) or _HELP.fullmatch(line)
    return line if magic is None else f"{magic[1]}pass"
