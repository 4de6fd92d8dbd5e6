"""What the runs of one program showed, held to the lines that it was seen at.

A run's sightings are fastened to the identities of their lines at the time it started, so they move
with edits and are gone once a line of their statement changes. While a run is under way, what it
has not seen again yet is still shown from the runs before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tensorhints.model.locations import HintLocation, Span
from tensorhints.model.observations import Observation
from tensorhints.session.text.documents import Document
from tensorhints.session.text.realign import Realignment
from tensorhints.session.text.tracking import Anchor, LineIdentities, anchored

from .record import RunRecord


@dataclass(frozen=True)
class Hint:
    """A sighting as the run saw it, and how many lines further down it stands now."""

    observation: Observation
    down: int = 0

    @property
    def line(self) -> int:
        return self.observation.location.line + self.down

    @property
    def column(self) -> int:
        return self.observation.location.column

    @property
    def location(self) -> HintLocation:
        """Its place in the text as it is."""
        location = self.observation.location
        return location if self.down == 0 else _lowered(location, self.down)


class HeldText:
    """A text as a run started with it, held against the document that it was a state of."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self._lines = document.identities.current
        self._realignment: Realignment | None = None
        self.changes = 0

    def unchanged(self, document: Document) -> None:
        """The document's code is what this text's is, only its lines are others."""
        if self._lines == document.identities.current:
            return
        self._realignment = Realignment(self.text, document.text)
        self.changes += 1
        self._lines = document.identities.current

    def fasten(self, observation: Observation) -> tuple[_Key, _Fastened] | None:
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
        return key, _Fastened(observation, anchor)

    def standing(self, span: Span, document: Document) -> Span | None:
        """Where a span of this text stands now, or None where its lines changed."""
        there = span if self._realignment is None else self._realignment.span(span)
        if there is None:
            return None
        anchor = anchored(self._lines, there.line, there.end_line)
        first = None if anchor is None else document.identities.first_line(anchor)
        return None if first is None else _lowered_span(there, first - there.line)

    def standing_line(self, line: int, document: Document) -> int | None:
        """Where a line of this text that a statement begins on stands now."""
        there: int | None = line
        if self._realignment is not None:
            there = self._realignment.line(line)
        if there is None or not 0 <= there < len(self._lines):
            return None
        return document.identities.line(self._lines[there])

    def is_current(self, document: Document) -> bool:
        """Whether the document still has every line of this text, or the same code."""
        return self._lines == document.identities.current


# A place is the same one in two runs where it stands at the same column of the same line.
_Key = tuple[int, int, str, str]


@dataclass(frozen=True)
class _Fastened:
    observation: Observation
    anchor: Anchor


_Index = dict[int, list[_Fastened]]
"""What is known of a file by the identity of the line that it stands at, from left to right."""


class HintStore:
    """The sightings of one program's runs, in every file that they watched."""

    def __init__(self) -> None:
        self.record: RunRecord | None = None
        self._held: dict[str, HeldText] = {}
        self._settled: dict[str, dict[_Key, _Fastened]] = {}
        self._changes = 0
        self._indexes: dict[str, tuple[object, _Index]] = {}

    def begin(self, record: RunRecord, held: dict[str, HeldText]) -> None:
        """A new run has started. What is known so far stays until it ends."""
        merged = {path: self._merged(path) for path in {*self._settled, *self._held}}
        self._settled = {path: known for path, known in merged.items() if known}
        self.record = record
        self._held = held
        self._changed()

    def end(self) -> None:
        """The last run came to its end: what it did not see was not there."""
        self._settled = {}
        self._changed()

    def watches(self, path: str) -> bool:
        """Whether the last run watched a file; one that has only begun may be about to."""
        return path in self._settled or (self.record is not None and path in self.record.digests)

    def watched(self, path: str) -> HeldText | None:
        """The text that the last run watched, where it was open then or is still the same."""
        held = self._held.get(path)
        digest = None if self.record is None else self.record.digests.get(path)
        return held if held is not None and digest in held.text.digests else None

    def opened(self, document: Document) -> None:
        """A file was opened after the run had watched it: the same text has the same hints."""
        path = document.path
        if self.record is None or path in self._held:
            return
        if self.record.digests.get(path) in document.text.digests:
            self._held[path] = HeldText(document)
            self._changed()

    def closed(self, path: str) -> None:
        self._held.pop(path, None)
        self._settled.pop(path, None)
        self._changed()

    def has_lost(self, document: Document) -> bool:
        """Whether anything that the last run saw stands at no line any more."""
        fresh = self._fresh(document.path)
        return any(_is_lost(fastened, document.identities) for _, fastened in fresh)

    def realign(self, document: Document) -> None:
        """The code is what the last run ran, only its lines are others: move what was seen."""
        held = self.watched(document.path)
        if held is not None:
            held.unchanged(document)

    def hints(
        self, document: Document, first: int = 0, last: int | None = None
    ) -> tuple[Hint, ...]:
        """What is known of a file as it is now, from its top to its bottom; with `first` and `last`
        of these lines alone, in a time that the rest of the file does not matter for.
        """
        index = self._index(document.path)
        current = document.identities.current
        until = len(current) if last is None else min(last + 1, len(current))
        return tuple(
            Hint(fastened.observation, line - fastened.observation.location.line)
            for line in range(max(first, 0), until)
            for fastened in index.get(current[line], ())
            if _stands_at(fastened, line, current)
        )

    def _changed(self) -> None:
        self._changes += 1
        self._indexes.clear()

    def _index(self, path: str) -> _Index:
        held = self._held.get(path)
        stamp = (
            self._changes,
            None if self.record is None else self.record.changes,
            None if held is None else held.changes,
        )
        known = self._indexes.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        index: _Index = {}
        for key, fastened in self._merged(path).items():
            index.setdefault(key[0], []).append(fastened)
        for same_line in index.values():
            same_line.sort(key=lambda fastened: fastened.observation.location.column)
        self._indexes[path] = stamp, index
        return index

    def _merged(self, path: str) -> dict[_Key, _Fastened]:
        merged = dict(self._settled.get(path, {}))
        for key, fastened in self._fresh(path):
            merged[key] = fastened
        return merged

    def _fresh(self, path: str) -> Iterator[tuple[_Key, _Fastened]]:
        held = self.watched(path)
        if self.record is None or held is None:
            return
        for observation in self.record.observations(path):
            fastened = held.fasten(observation)
            if fastened is not None:
                yield fastened


def _is_lost(fastened: _Fastened, identities: LineIdentities) -> bool:
    return identities.first_line(fastened.anchor) is None


def _stands_at(fastened: _Fastened, line: int, current: Anchor) -> bool:
    """Whether its statement stands unchanged where its own line is now."""
    location, anchor = fastened.observation.location, fastened.anchor
    first = line - (location.line - location.statement_line)
    return first >= 0 and current[first : first + len(anchor)] == anchor


def _lowered(location: HintLocation, down: int) -> HintLocation:
    return replace(
        location,
        span=_lowered_span(location.span, down),
        line=location.line + down,
        statement_line=location.statement_line + down,
        statement_end=location.statement_end + down,
    )


def _lowered_span(span: Span, down: int) -> Span:
    """A span, `down` lines further down."""
    return replace(span, line=span.line + down, end_line=span.end_line + down)
