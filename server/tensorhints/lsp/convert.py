"""Converts positions, spans and URIs between the session and the client.

The session counts columns in code points, the client in the negotiated units; only this module
knows both. A client's position inside a character is moved to its start, and one beyond the end of
a line to that end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls import uris

from tensorhints.model.locations import Span
from tensorhints.session.text.documents import Edit, Position, Text


def _utf8_units(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


_UNITS: dict[str, Callable[[str], int]] = {
    types.PositionEncodingKind.Utf8.value: _utf8_units,
    types.PositionEncodingKind.Utf16.value: utf16_units,
    types.PositionEncodingKind.Utf32.value: len,
}


@dataclass(frozen=True)
class Encoding:
    """The units of positions, negotiated at `initialize`: `utf-8`, `utf-16` or `utf-32`."""

    name: str = types.PositionEncodingKind.Utf16.value

    def character(self, line: str, column: int) -> int:
        """Convert a column of `line` to the client's units."""
        if line.isascii():
            return column
        return _UNITS[self.name](line[:column]) + max(column - len(line), 0)

    def column(self, line: str, character: int) -> int:
        """Convert the client's `character` to code points, at most the length of `line`."""
        if line.isascii() or self.name == types.PositionEncodingKind.Utf32.value:
            return min(character, len(line))
        units, measure = 0, _UNITS[self.name]
        for column, point in enumerate(line):
            units += measure(point)
            if units > character:
                return column
        return len(line)

    def position(self, text: Text, line: int, column: int) -> types.Position:
        """Convert a position in `text`."""
        return types.Position(line, self.character(text.line(line), column))

    def range(self, text: Text, span: Span) -> types.Range:
        """Convert a span in `text`."""
        return types.Range(
            self.position(text, span.line, span.column),
            self.position(text, span.end_line, span.end_column),
        )

    def from_client(self, text: Text, position: types.Position) -> Position:
        """Convert the client's position in `text`."""
        if position.line >= len(text.lines):
            return Position(position.line, 0)
        return Position(position.line, self.column(text.line(position.line), position.character))

    def edit(self, text: Text, change: types.TextDocumentContentChangeEvent) -> Edit:
        """Return one change as an edit of `text`, which is the text that it was made in."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            return Edit(change.text)
        start = self.from_client(text, change.range.start)
        end = self.from_client(text, change.range.end)
        return Edit(change.text, start, end)


def path_of(uri: str, folder: str) -> str | None:
    """Return the path of a URI's file; an untitled buffer gets one in `folder`.

    Returns None for anything else: a diff view, a notebook's cell, the editor's own pages.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme == "untitled":
        name = os.path.basename(unquote(parts.path or parts.netloc).replace("\0", ""))
        name = name or "untitled"
        return os.path.join(folder, name)
    path = uris.to_fs_path(uri)
    return os.path.normpath(path) if path and "\0" not in path else None


def uri_of(path: str) -> str:
    """Return the URI of a file."""
    return uris.from_fs_path(path) or ""
