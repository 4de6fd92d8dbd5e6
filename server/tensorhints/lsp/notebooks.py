"""Notebooks: the code cells of each, joined in order, are one program to the session.

IPython's magic commands (`%matplotlib inline`, `!pip install …`) are replaced line by line, so that
all other lines keep their line numbers.
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
    """A code cell."""

    uri: str
    text: Text
    version: int

    def program_lines(self) -> list[str]:
        """Return the cell's lines without magic commands, as many as the cell has."""
        lines = list(self.text.lines)
        if _OTHER_LANGUAGES.match(self.text.text):
            return [""] * len(lines)
        if _is_python(self.text.text):
            return lines
        return list(_without_magic(lines))


@dataclass
class Notebook:
    """An open notebook. `cells` are its code cells, from top to bottom."""

    uri: str
    path: str
    version: int
    cells: list[Cell] = field(default_factory=list)

    def program(self) -> str:
        """Return the text that runs."""
        return "\n".join(line for cell in self.cells for line in cell.program_lines())

    def part(self, uri: str) -> tuple[int, int] | None:
        """Return the first line of a cell in the program, and its number of lines."""
        first = 0
        for cell in self.cells:
            if cell.uri == uri:
                return first, len(cell.text.lines)
            first += len(cell.text.lines)
        return None

    def cell_at(self, line: int) -> str | None:
        """Return the URI of the cell that contains a line of the program."""
        first = 0
        for cell in self.cells:
            first += len(cell.text.lines)
            if line < first:
                return cell.uri
        return None

    def version_of(self, uri: str) -> int | None:
        """Return the version of a cell."""
        return next((cell.version for cell in self.cells if cell.uri == uri), None)

    def change(self, encoding: Encoding, change: types.NotebookDocumentCellChanges) -> None:
        """Apply changes of the cells and their texts."""
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
    """Return the cells of text documents that the client sent."""
    return [Cell(each.uri, Text(each.text), each.version) for each in documents]


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_magic(lines: Iterable[str]) -> Iterator[str]:
    """Replace magic commands, including their continuation lines after a backslash."""
    continues = False
    for line in lines:
        # The replacement has the same length, so that columns stay.
        line = _TIMED.sub(r"\1pass; \2", line)
        kept = "" if continues else _kept(line)
        continues = kept != line and line.endswith("\\")
        yield kept


def _kept(line: str) -> str:
    assigned = _ASSIGNED.fullmatch(line)
    if assigned is not None:
        return f"{assigned[1]}[]"
    magic = _MAGIC.fullmatch(line) or _HELP.fullmatch(line)
    return line if magic is None else f"{magic[1]}pass"
