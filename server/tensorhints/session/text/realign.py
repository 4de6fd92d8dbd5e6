"""Maps locations of a text to another text with the same code.

A comment, a blank line or a formatter changes lines but not code. Once the user's own Python has
reported the same code, both texts are parsed here and their trees walked in parallel: each location
moves with its expression. If anything fails, the location is not found.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import replace

from tensorhints.model.locations import HintLocation, Span

from .documents import Position, Text


class Realignment:
    """The map from locations in `old` to locations in `new`, two texts of the same code."""

    def __init__(self, old: Text, new: Text) -> None:
        self._starts: dict[Position, Position] = {}
        self._ends: dict[Position, Position] = {}
        self._statements: dict[int, tuple[int, int]] = {}
        trees = _parsed(old), _parsed(new)
        if trees[0] is None or trees[1] is None:
            return
        for before, after in zip(ast.walk(trees[0]), ast.walk(trees[1]), strict=False):
            if type(before) is not type(after):
                self._starts.clear()
                self._ends.clear()
                return
            if hasattr(before, "end_lineno") and hasattr(after, "end_lineno"):
                self._pair(before, after, old, new)

    def location(self, location: HintLocation) -> HintLocation | None:
        """Return the location in the new text, or None if it is not found there."""
        span = self.span(location.span)
        at = Position(location.line, location.column)
        hint = self._ends.get(at)
        statement = self._statements.get(location.statement_line)
        if span is None or hint is None or statement is None:
            return None
        first = statement[0]
        last = max(hint.line, span.end_line)
        if location.statement_end > max(location.line, location.span.end_line):
            last = max(last, statement[1])
        return replace(
            location,
            span=span,
            line=hint.line,
            column=hint.column,
            statement_line=min(first, span.line),
            statement_end=last,
        )

    def span(self, span: Span) -> Span | None:
        """Return the span of an expression in the new text, or None if it is not found there."""
        start = self._starts.get(Position(span.line, span.column))
        end = self._ends.get(Position(span.end_line, span.end_column))
        if start is None or end is None or end < start:
            return None
        return Span(start.line, start.column, end.line, end.column)

    def line(self, line: int) -> int | None:
        """Return the first line of a statement in the new text, given that in the old one."""
        lines = self._statements.get(line)
        return None if lines is None else lines[0]

    def _pair(self, before: ast.AST, after: ast.AST, old: Text, new: Text) -> None:
        (old_start, old_end), (new_start, new_end) = _extent(before, old), _extent(after, new)
        self._starts.setdefault(old_start, new_start)
        self._ends.setdefault(old_end, new_end)
        if isinstance(before, ast.stmt):
            lines = new_start.line, new_end.line
            self._statements.setdefault(old_start.line, lines)
        if isinstance(before, ast.arg) and isinstance(after, ast.arg):
            # The end of a parameter's name, before its annotation, is not the end of a node.
            self._name_ends(old_start, new_start, len(before.arg))

    def _name_ends(self, old_start: Position, new_start: Position, length: int) -> None:
        self._ends.setdefault(
            Position(old_start.line, old_start.column + length),
            Position(new_start.line, new_start.column + length),
        )


def _parsed(text: Text) -> ast.AST | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _extent(node: ast.AST, text: Text) -> Iterator[Position]:
    """Yield the start and end of a node. `ast` counts lines from 1 and columns in UTF-8 bytes."""
    for line, offset in (
        (getattr(node, "lineno", 1), getattr(node, "col_offset", 0)),
        (getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0)),
    ):
        source = text.line(line - 1)
        if source.isascii():
            yield Position(line - 1, offset)
        else:
            column = len(source.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))
            yield Position(line - 1, column)
