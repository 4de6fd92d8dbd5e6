r"""Texts by lines, and how edits change them.

Lines end at `\n`, `\r\n` and `\r` only, as in LSP and in Python's own tokenizer; `str.splitlines`
ends them at eight more characters. Lines and columns count from 0, columns in code points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tensorhints.model.cells import Cell, cell_at
from tensorhints.model.source_text import LINE_END, as_read_from_file, digest

from .text_file import TextFile
from .tracking import LineIdentities


@dataclass(frozen=True, order=True)
class Position:
    """A position in a text, from 0; `column` counts code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Edit:
    """A replacement of the text from `start` to `end`, or of all of it if they are None."""

    text: str
    start: Position | None = None
    end: Position | None = None


class Text:
    """An immutable text and its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        """The start and stop offsets of each line's end, except for the last line."""
        return [match.span() for match in LINE_END.finditer(self.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(stop for _, stop in self._ends)]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Every line without its end. There is one more line than there are ends."""
        stops = [*(start for start, _ in self._ends), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(self._starts, stops, strict=True))

    def line(self, number: int) -> str:
        """Return a line without its end, or an empty text if it does not exist."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def offset(self, position: Position) -> int:
        """Return the index of a position. A position beyond a line's end is that end, as in LSP."""
        if position.line < 0:
            return 0
        if position.line >= len(self._starts):
            return len(self.text)
        column = min(max(position.column, 0), len(self.lines[position.line]))
        return self._starts[position.line] + column

    def position(self, offset: int) -> Position:
        """Return the position of an index."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, min(offset - self._starts[line], len(self.lines[line])))

    def after(self, edit: Edit) -> Text:
        """Return the text that an edit makes of this one."""
        if edit.start is None or edit.end is None:
            return Text(edit.text)
        start, end = sorted((self.offset(edit.start), self.offset(edit.end)))
        return Text(self.text[:start] + edit.text + self.text[end:])

    @cached_property
    def digest(self) -> str:
        """The SHA-256 digest of the text."""
        return digest(self.text)

    @cached_property
    def digests(self) -> frozenset[str]:
        """The SHA-256 digests of the text as it is, and as Python reads it from a file."""
        return frozenset((self.digest, digest(as_read_from_file(self.text))))


class Document:
    """An open document: its text and version, and the identities of its lines.

    `cells` are those of a notebook, whose texts are joined to this one.
    """

    def __init__(
        self,
        uri: str,
        path: str,
        text: str,
        version: int,
        language: str,
        cells: tuple[Cell, ...] = (),
    ) -> None:
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version
        self.cells = cells
        self.text = Text(text)
        self.identities = LineIdentities(self.text.lines)
        self._file = TextFile(path)

    @property
    def is_saved(self) -> bool:
        """Whether the file on disk has the document's text."""
        return self._file.digest() in self.text.digests

    @property
    def is_python(self) -> bool:
        """Whether this is a Python file."""
        return self.language == "python" or self.path.endswith((".py", ".pyw"))

    @property
    def cell_contents(self) -> tuple[tuple[bool, int], ...]:
        """For each cell with code: whether it may fail, and its number of lines of code.

        The same code with other contents of cells may do something else: a failure ends a cell.
        """
        counts = dict.fromkeys(self.cells, 0)
        for line, source in enumerate(self.text.lines if self.cells else ()):
            cell = cell_at(self.cells, line)
            if cell is not None and source.lstrip()[:1] not in ("", "#"):
                counts[cell] += 1
        return tuple((cell.may_fail, count) for cell, count in counts.items() if count)

    def edit(self, edits: Iterable[Edit], version: int) -> bool:
        """Apply edits, and return whether the text has changed.

        Each one is applied before the next is taken from `edits`, which may therefore depend on
        `text`.
        """
        before = self.text.text
        for edit in edits:
            new = self.text.after(edit)
            self.identities.update(self.text.lines, new.lines)
            self.text = new
        self.version = version
        return self.text.text != before
