"""Notebooks: the code cells of each, joined in order, are one program to the session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lsprotocol import types

from tensorhints.model.cells import Cell as CellPosition
from tensorhints.session.text.cell_texts import may_fail, positions, program_lines
from tensorhints.session.text.documents import Text

from .convert import Encoding


@dataclass
class Cell:
    """A code cell. `may_fail`: it is tagged `raises-exception`."""

    uri: str
    text: Text
    version: int
    may_fail: bool = False


@dataclass
class Notebook:
    """An open notebook. `cells` are its code cells, from top to bottom."""

    uri: str
    path: str
    version: int
    cells: list[Cell] = field(default_factory=list)

    def program(self) -> str:
        """Return the text that runs."""
        return "\n".join(line for cell in self.cells for line in program_lines(cell.text))

    def positions(self) -> tuple[CellPosition, ...]:
        """Return the positions of the cells in that text."""
        return positions((cell.text, cell.may_fail) for cell in self.cells)

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
            self.tag(change.structure.array.cells or ())
        self.tag(change.data or ())
        for content in change.text_content or ():
            cell = next((cell for cell in self.cells if cell.uri == content.document.uri), None)
            if cell is not None:
                for edited in content.changes:
                    cell.text = cell.text.after(encoding.edit(cell.text, edited))
                cell.version = content.document.version

    def tag(self, described: Iterable[types.NotebookCell]) -> None:
        """Take in the tags of cells."""
        tagged = {cell.document: may_fail(cell.metadata) for cell in described}
        for cell in self.cells:
            cell.may_fail = tagged.get(cell.uri, cell.may_fail)

    def _restructure(self, structure: types.NotebookDocumentCellChangeStructure) -> None:
        known = {cell.uri: cell for cell in self.cells}
        known.update((cell.uri, cell) for cell in cells_of(structure.did_open or ()))
        array = structure.array
        added = [known[cell.document] for cell in array.cells or () if cell.document in known]
        self.cells[array.start : array.start + array.delete_count] = added


def cells_of(documents: Iterable[types.TextDocumentItem]) -> list[Cell]:
    """Return the cells of text documents that the client sent."""
    return [Cell(each.uri, Text(each.text), each.version) for each in documents]
