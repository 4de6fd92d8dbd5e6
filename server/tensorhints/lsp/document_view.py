"""A text as the client knows it: a document, or one cell of a notebook."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from tensorhints.model.locations import Span
from tensorhints.session.text.documents import Position, Text

from .convert import Encoding


@dataclass(frozen=True)
class DocumentView:
    """The lines of a document that the client shows under one URI; converts their positions.

    `text` is the whole document's. The view begins at its line `first` and has `count` lines, or
    all lines if `count` is None.
    """

    uri: str
    text: Text
    encoding: Encoding
    first: int = 0
    count: int | None = None

    def contains(self, line: int) -> bool:
        """Whether the view shows a line of the document."""
        return self.first <= line and (self.count is None or line < self.first + self.count)

    def client_line(self, line: int | None) -> int | None:
        """Convert a line of the document to one of the view; None if it is outside."""
        return line - self.first if line is not None and self.contains(line) else None

    def client_lines(self, first: int, last: int) -> list[int] | None:
        """Convert a block of lines (`last` inclusive), clipped to the view; None if outside."""
        end = last if self.count is None else min(last, self.first + self.count - 1)
        first = max(first, self.first)
        return [first - self.first, end - self.first] if first <= end else None

    def from_client(self, position: types.Position) -> Position:
        """Convert the client's position in the view to one in the document."""
        in_document = types.Position(position.line + self.first, position.character)
        return self.encoding.from_client(self.text, in_document)

    def position(self, line: int, column: int) -> types.Position:
        """Convert a position in the document to the client's."""
        in_document = self.encoding.position(self.text, line, column)
        return types.Position(in_document.line - self.first, in_document.character)

    def range(self, span: Span) -> types.Range:
        """Convert a span that starts in the view; it is clipped at the view's last line."""
        start = self.position(span.line, span.column)
        if self.contains(span.end_line):
            return types.Range(start, self.position(span.end_line, span.end_column))
        last = self.first + (self.count or 1) - 1
        return types.Range(start, self.position(last, len(self.text.line(last))))
