"""A text at the time a run started with it, and where its lines are after later edits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from tensorhints.model.locations import HintLocation, Span
from tensorhints.model.observations import Observation

from .documents import Document
from .realign import Realignment
from .tracking import Anchor, anchored


@dataclass(frozen=True)
class Hint:
    """An observation at its location in the text that ran.

    `anchor` holds the identities of its statement's lines; `down` counts the lines by which edits
    have moved it down since then (negative if they moved it up).
    """

    observation: Observation
    anchor: Anchor
    down: int = 0

    @property
    def line(self) -> int:
        """The line where the hint is in the current text."""
        return self.observation.location.line + self.down

    @property
    def column(self) -> int:
        """The column where the hint is, in code points."""
        return self.observation.location.column

    @property
    def location(self) -> HintLocation:
        """The hint's location in the current text."""
        location = self.observation.location
        return location if self.down == 0 else _moved_location(location, self.down)


class TrackedText:
    """The text of a document at the time this is created; maps its lines to later states."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.lines: Anchor = document.identities.current
        self._relayout: _Relayout | None = None
        self.realigned = 0
        """The number of realignments: a new value outdates every hint made before."""

    def realign(self, later: TrackedText) -> None:
        """Map this text to a later one of the document, which has the same code."""
        if later.lines != self._latest_lines:
            self._relayout = _Relayout(self, later)
            self.realigned += 1

    def hint(self, observation: Observation) -> tuple[HintKey, Hint] | None:
        """Anchor an observation at its lines. None if its location cannot be mapped."""
        location, lines = observation.location, self.lines
        anchor = anchored(lines, location.statement_line, location.statement_end)
        if self._relayout is not None and self._relayout.changes(anchor):
            moved = self._relayout.realignment.location(location)
            if moved is None:
                return None
            observation, location, lines = (
                replace(observation, location=moved),
                moved,
                self._latest_lines,
            )
            anchor = anchored(lines, location.statement_line, location.statement_end)
        if anchor is None or not 0 <= location.line < len(lines):
            return None
        key = (lines[location.line], location.column, location.kind, location.name)
        return key, Hint(observation, anchor)

    def earlier_hint(self, hint: Hint) -> tuple[HintKey, Hint] | None:
        """Anchor the hint of an earlier run. None if its statement is not in this text."""
        first = self._first_line(hint.anchor)
        if first is None:
            return None
        down = first - hint.observation.location.statement_line
        location = _moved_location(hint.observation.location, down)
        return self.hint(replace(hint.observation, location=location))

    def current_span(self, span: Span, document: Document) -> Span | None:
        """Map a span of this text to the current one. None if its lines have changed."""
        anchor = anchored(self.lines, span.line, span.end_line)
        if self._relayout is not None and self._relayout.changes(anchor):
            moved = self._relayout.realignment.span(span) or self._line_of_code(span.line)
            if moved is None:
                return None
            span = moved
            anchor = anchored(self._latest_lines, span.line, span.end_line)
        first = None if anchor is None else document.identities.first_line(anchor)
        return None if first is None else _moved_span(span, first - span.line)

    def current_line(self, line: int, document: Document) -> int | None:
        """Map a line to the current text. None if it has changed."""
        anchor = anchored(self.lines, line, line)
        if self._relayout is not None and self._relayout.changes(anchor):
            there = self._relayout.realignment.line(line)
            anchor = None if there is None else anchored(self._latest_lines, there, there)
        return None if anchor is None else document.identities.line(anchor[0])

    def is_current(self, document: Document) -> bool:
        """Whether the document still has every line of this text, or the same code."""
        return self._latest_lines == document.identities.current

    def _line_of_code(self, line: int) -> Span | None:
        """Return the whole line in the later text: of an extent that is not an expression's."""
        assert self._relayout is not None
        there = self._relayout.realignment.line(line)
        if there is None:
            return None
        source = self._relayout.later.text.line(there)
        return Span(there, len(source) - len(source.lstrip()), there, len(source.rstrip()))

    @property
    def _latest_lines(self) -> Anchor:
        return self.lines if self._relayout is None else self._relayout.later.lines

    @cached_property
    def _line_of(self) -> dict[int, int]:
        return {identity: line for line, identity in enumerate(self.lines)}

    def _first_line(self, anchor: Anchor) -> int | None:
        """Return the first line of an anchor, or None unless all its lines are in this text."""
        first = self._line_of.get(anchor[0])
        if first is None or self.lines[first : first + len(anchor)] != anchor:
            return None
        return first

    def has(self, anchor: Anchor) -> bool:
        """Whether all lines of an anchor are in this text, one after the other."""
        return self._first_line(anchor) is not None


class _Relayout:
    """The way from a text to a later one with the same code.

    The two are parsed only if that matters to a location: it is the slowest part of an edited
    comment, and an edit in a comment of its own moves lines only.
    """

    def __init__(self, earlier: TrackedText, later: TrackedText) -> None:
        self.later = later
        self._earlier = earlier

    @cached_property
    def realignment(self) -> Realignment:
        """The map of all locations."""
        return Realignment(self._earlier.text, self.later.text)

    def changes(self, anchor: Anchor | None) -> bool:
        """Whether a location at these lines has to be mapped by the realignment."""
        if anchor is None or (self._keeps_code_lines and self.later.has(anchor)):
            return False
        # Without a realignment, lines that did not change are all that is known.
        return self.realignment.is_known

    @cached_property
    def _keeps_code_lines(self) -> bool:
        """Whether only blank lines and comments differ: any other line is the same code."""
        kept = set(self._earlier.lines) & set(self.later.lines)
        return all(
            identity in kept or _is_blank(text.text.line(line))
            for text in (self._earlier, self.later)
            for line, identity in enumerate(text.lines)
        )


def _is_blank(source: str) -> bool:
    return source.lstrip()[:1] in ("", "#")


HintKey = tuple[int, int, str, str]
"""Line identity, column, kind and name: equal for the same location in two runs."""


def _moved_location(location: HintLocation, down: int) -> HintLocation:
    return replace(
        location,
        span=_moved_span(location.span, down),
        line=location.line + down,
        statement_line=location.statement_line + down,
        statement_end=location.statement_end + down,
    )


def _moved_span(span: Span, down: int) -> Span:
    return replace(span, line=span.line + down, end_line=span.end_line + down)
