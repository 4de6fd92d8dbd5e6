"""A text as the client knows it: a document, or one cell of a notebook, which is a part of one."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from tensorhints.model.locations import Span
from tensorhints.session.text.documents import Document, Position

from .convert import Encoding


@dataclass(frozen=True)
class Shown:
    """Its lines are those of `document` from `first` on, `count` of them; without `count`, all."""

    uri: str
    document: Document
    encoding: Encoding
    first: int = 0
    count: int | None = None

    def holds(self, line: int) -> bool:
        """Whether a line of the document stands in it."""
        return self.first <= line and (self.count is None or line < self.first + self.count)

    def own(self, line: int | None) -> int | None:
        """A line of the document as the client counts it; None where it stands elsewhere."""
        return line - self.first if line is not None and self.holds(line) else None

    def own_lines(self, first: int, last: int) -> list[int] | None:
        """What of some lines of the document stands in it: the first and the last."""
        end = last if self.count is None else min(last, self.first + self.count - 1)
        first = max(first, self.first)
        return [first - self.first, end - self.first] if first <= end else None

    def from_client(self, position: types.Position) -> Position:
        there = types.Position(position.line + self.first, position.character)
        return self.encoding.from_client(self.document.text, there)

    def position(self, line: int, column: int) -> types.Position:
        there = self.encoding.position(self.document.text, line, column)
        return types.Position(there.line - self.first, there.character)

    def range(self, span: Span) -> types.Range:
        """What goes on beyond its last line ends there."""
        start = self.position(span.line, span.column)
        if self.holds(span.end_line):
            return types.Range(start, self.position(span.end_line, span.end_column))
        last = self.first + (self.count or 1) - 1
        return types.Range(start, self.position(last, len(self.document.text.line(last))))
