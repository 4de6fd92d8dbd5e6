"""Maps locations of a text to another text with the same code.

A comment, a blank line or a formatter changes lines but not code. Once the user's own Python has
reported the same code, both texts are parsed here and their trees walked in parallel: each location
moves with its expression. If anything fails, the location is not found.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace

from tensorhints.model.locations import HintLocation, Span

from .documents import Position, Text

_NAME = re.compile(r"\w+")
_NAME_BEFORE = re.compile(r"\w+$")


class Realignment:
    """The map from locations in `old` to locations in `new`, two texts of the same code.

    `is_known` is false if this Python cannot parse them, as the user's newer one can.
    """

    def __init__(self, old: Text, new: Text) -> None:
        self._spans: dict[tuple[Position, Position], tuple[Position, Position]] = {}
        self._starts: dict[Position, Position] = {}
        self._ends: dict[Position, Position] = {}
        self._extents: dict[tuple[int, int], tuple[int, int]] = {}
        """The first and last lines of all nodes that had the same first and last line."""
        self._first_lines: dict[int, tuple[int, int]] = {}
        trees = _parsed(old), _parsed(new)
        self.is_known = trees[0] is not None and trees[1] is not None
        if trees[0] is None or trees[1] is None:
            return
        for before, after in zip(ast.walk(trees[0]), ast.walk(trees[1]), strict=False):
            if type(before) is not type(after):
                self._spans.clear()
                self._starts.clear()
                self._ends.clear()
                return
            if hasattr(before, "end_lineno") and hasattr(after, "end_lineno"):
                self._pair(before, after, old, new)

    def location(self, location: HintLocation) -> HintLocation | None:
        """Return the location in the new text, or None if it is not found there."""
        span = self.span(location.span)
        hint = self._label(location, span)
        extent = self._extent_of(location)
        if span is None or hint is None or extent is None:
            return None
        first, last = extent
        last = max(last, hint.line, span.end_line)
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
        start, end = Position(span.line, span.column), Position(span.end_line, span.end_column)
        exact = self._spans.get((start, end))
        if exact is not None:
            return Span(exact[0].line, exact[0].column, exact[1].line, exact[1].column)
        # It is not always that of a node.
        new_start, new_end = self._starts.get(start), self._ends.get(end)
        if new_start is None or new_end is None or new_end < new_start:
            return None
        return Span(new_start.line, new_start.column, new_end.line, new_end.column)

    def line(self, line: int) -> int | None:
        """Return the first line of a statement in the new text, given that in the old one."""
        lines = self._first_lines.get(line)
        return None if lines is None else lines[0]

    def _label(self, location: HintLocation, span: Span | None) -> Position | None:
        """Return where a location's label stands in the new text, in which it has this span."""
        at, old = Position(location.line, location.column), location.span
        if span is not None and at == Position(old.end_line, old.end_column):
            return Position(span.end_line, span.end_column)
        return self._ends.get(at)

    def _extent_of(self, location: HintLocation) -> tuple[int, int] | None:
        """Return the new lines of a location's statement, or of the part that counts as one."""
        first, last = location.statement_line, location.statement_end
        exact = self._extents.get((first, last))
        if exact is not None:
            return exact
        # The head of a compound statement is not a node.
        around = self._first_lines.get(first)
        if around is None or last > max(location.line, location.span.end_line):
            return around
        return around[0], around[0]

    def _pair(self, before: ast.AST, after: ast.AST, old: Text, new: Text) -> None:
        (old_start, old_end), (new_start, new_end) = _extent(before, old), _extent(after, new)
        # Of several nodes with the same span, the innermost counts: brackets may be around others.
        self._spans[old_start, old_end] = new_start, new_end
        self._starts.setdefault(old_start, new_start)
        self._ends.setdefault(old_end, new_end)
        lines = new_start.line, new_end.line
        self._first_lines.setdefault(old_start.line, lines)
        extent = old_start.line, old_end.line
        first, last = self._extents.get(extent, lines)
        self._extents[extent] = min(first, lines[0]), max(last, lines[1])
        if isinstance(before, ast.arg):
            # The end of a parameter's name, before its annotation, is not the end of a node.
            names = _name_end(old, old_start), _name_end(new, new_start)
            self._spans[old_start, names[0]] = new_start, names[1]
            self._ends.setdefault(*names)
        elif isinstance(before, (ast.MatchAs, ast.MatchStar)) and before.name is not None:
            # Nor is a name after `as` or `*` the start of one.
            names = _name_start(old, old_end), _name_start(new, new_end)
            self._spans[names[0], old_end] = names[1], new_end


def _name_end(text: Text, start: Position) -> Position:
    found = _NAME.match(text.line(start.line), start.column)
    return start if found is None else Position(start.line, found.end())


def _name_start(text: Text, end: Position) -> Position:
    found = _NAME_BEFORE.search(text.line(end.line)[: end.column])
    return end if found is None else Position(end.line, found.start())


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
