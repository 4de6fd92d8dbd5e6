"""The texts that are open in the editor, and how edits change them.

Lines end at `\\n`, `\\r\\n` and `\\r` and at nothing else, as in LSP and in Python's own tokenizer
(`str.splitlines` ends them at eight more characters). Lines and columns count from 0, columns in
code points. Nothing here knows of runs or of any protocol's units.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tensorhints.model.source_text import LINE_END, digest

from .tracking import LineIdentities

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, order=True)
class Position:
    line: int
    column: int


@dataclass(frozen=True)
class Edit:
    """Replaces what stands between `start` and `end`; where `start` is None, the whole text."""

    text: str
    start: Position | None = None
    end: Position | None = None


class Text:
    """A text, seen by lines. Never changes: an edit gives a new one."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        """Where the end of each line but the last begins and stops."""
        return [match.span() for match in LINE_END.finditer(self.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(stop for _, stop in self._ends)]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Every line without its end. A text has at least one line, and one more than ends."""
        stops = [*(start for start, _ in self._ends), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(self._starts, stops, strict=True))

    def line(self, number: int) -> str:
        """One line without its end; empty for a line that does not exist."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def offset(self, position: Position) -> int:
        """The index of a position. One beyond a line's end is its end, as in LSP."""
        if position.line < 0:
            return 0
        if position.line >= len(self._starts):
            return len(self.text)
        column = min(max(position.column, 0), len(self.lines[position.line]))
        return self._starts[position.line] + column

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset) - 1
        return Position(line, min(offset - self._starts[line], len(self.lines[line])))

    def after(self, edit: Edit) -> Text:
        if edit.start is None or edit.end is None:
            return Text(edit.text)
        start, end = sorted((self.offset(edit.start), self.offset(edit.end)))
        return Text(self.text[:start] + edit.text + self.text[end:])

    @cached_property
    def digests(self) -> frozenset[str]:
        """SHA-256 of the text as it is, and as it reads from a file: line ends become `\\n` there,
        and a byte order mark is no part of it. None of that moves a line or a column of code.
        """
        plain = LINE_END.sub("\n", self.text).removeprefix(_BYTE_ORDER_MARK)
        return frozenset((digest(self.text), digest(plain)))


class Document:
    """An open text: which file it is, its version, and which of its lines were there before."""

    def __init__(self, uri: str, path: str, text: str, version: int, language: str) -> None:
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version
        self.text = Text(text)
        self.identities = LineIdentities(self.text.lines)

    @property
    def is_python(self) -> bool:
        return self.language == "python" or self.path.endswith((".py", ".pyw"))

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
