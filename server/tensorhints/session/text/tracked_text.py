"""A text at the time a run started with it, and where its lines are after later edits."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        self._lines = document.identities.current
        self._realignment: Realignment | None = None
        self.realigned = 0
        """The number of realignments: a new value outdates every hint made before."""

    def realign(self, document: Document) -> None:
        """Map this text to the document's current text, which has the same code."""
        if self._lines == document.identities.current:
            return
        self._realignment = Realignment(self.text, document.text)
        self.realigned += 1
        self._lines = document.identities.current

    def hint(self, observation: Observation) -> tuple[HintKey, Hint] | None:
        """Anchor an observation at its lines. None if its location cannot be mapped."""
        location: HintLocation | None = observation.location
        if self._realignment is not None:
            location = self._realignment.location(observation.location)
            if location is None:
                return None
            observation = replace(observation, location=location)
        assert location is not None
        anchor = anchored(self._lines, location.statement_line, location.statement_end)
        if anchor is None or not 0 <= location.line < len(self._lines):
            return None
        key = (self._lines[location.line], location.column, location.kind, location.name)
        return key, Hint(observation, anchor)

    def current_span(self, span: Span, document: Document) -> Span | None:
        """Map a span of this text to the current one. None if its lines have changed."""
        there = span if self._realignment is None else self._realignment.span(span)
        if there is None:
            return None
        anchor = anchored(self._lines, there.line, there.end_line)
        first = None if anchor is None else document.identities.first_line(anchor)
        return None if first is None else _moved_span(there, first - there.line)

    def current_line(self, line: int, document: Document) -> int | None:
        """Map the first line of a statement to the current text. None if it has changed."""
        there: int | None = line
        if self._realignment is not None:
            there = self._realignment.line(line)
        if there is None or not 0 <= there < len(self._lines):
            return None
        return document.identities.line(self._lines[there])

    def is_current(self, document: Document) -> bool:
        """Whether the document still has every line of this text, or the same code."""
        return self._lines == document.identities.current


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
