"""What the runs of one program showed, held to the lines that it was seen at.

A run's sightings are fastened to the identities of their lines at the time it started, so they move
with edits and are gone once a line of their statement changes. While a run is under way, what it
has not seen again yet is still shown from the runs before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tensorhints.model.places import Place, Span
from tensorhints.model.sightings import Sighting

from .documents import Document
from .realign import Realignment
from .record import RunRecord
from .tracking import Anchor, LineIdentities, anchored


@dataclass(frozen=True)
class Hint:
    """A sighting where it stands now: its place is one of the text as it is."""

    sighting: Sighting

    @property
    def place(self) -> Place:
        return self.sighting.place


class HeldText:
    """A text as a run started with it, held against the document that it was a state of."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self._lines = document.identities.current
        self._realignment: Realignment | None = None

    def unchanged(self, document: Document) -> None:
        """The document's code is what this text's is, only its lines are others."""
        if self._lines == document.identities.current:
            return
        self._realignment = Realignment(self.text, document.text)
        self._lines = document.identities.current

    def fasten(self, sighting: Sighting) -> tuple[_Key, _Fastened] | None:
        place: Place | None = sighting.place
        if self._realignment is not None:
            place = self._realignment.place(sighting.place)
            if place is None:
                return None
            sighting = replace(sighting, place=place)
        assert place is not None
        anchor = anchored(self._lines, place.statement_line, place.statement_end)
        if anchor is None or not 0 <= place.line < len(self._lines):
            return None
        key = (self._lines[place.line], place.column, place.kind, place.name)
        return key, _Fastened(sighting, anchor)

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
    sighting: Sighting
    anchor: Anchor


class Findings:
    """The sightings of one program's runs, in every file that they watched."""

    def __init__(self) -> None:
        self.record: RunRecord | None = None
        self._held: dict[str, HeldText] = {}
        self._settled: dict[str, dict[_Key, _Fastened]] = {}

    def begin(self, record: RunRecord, held: dict[str, HeldText]) -> None:
        """A new run has started. What is known so far stays until it ends."""
        merged = {path: self._merged(path) for path in {*self._settled, *self._held}}
        self._settled = {path: known for path, known in merged.items() if known}
        self.record = record
        self._held = held

    def end(self) -> None:
        """The last run came to its end: what it did not see was not there."""
        self._settled = {}

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

    def closed(self, path: str) -> None:
        self._held.pop(path, None)
        self._settled.pop(path, None)

    def has_lost(self, document: Document) -> bool:
        """Whether anything that the last run saw stands at no line any more."""
        fresh = self._fresh(document.path)
        return any(_standing(fastened, document.identities) is None for _, fastened in fresh)

    def realign(self, document: Document) -> None:
        """The code is what the last run ran, only its lines are others: move what was seen."""
        held = self.watched(document.path)
        if held is not None:
            held.unchanged(document)

    def hints(self, document: Document) -> tuple[Hint, ...]:
        """What is known of a file as it is now, from its top to its bottom."""
        found = [
            hint
            for fastened in self._merged(document.path).values()
            if (hint := _standing(fastened, document.identities)) is not None
        ]
        found.sort(key=lambda hint: (hint.place.line, hint.place.column))
        return tuple(found)

    def _merged(self, path: str) -> dict[_Key, _Fastened]:
        merged = dict(self._settled.get(path, {}))
        for key, fastened in self._fresh(path):
            merged[key] = fastened
        return merged

    def _fresh(self, path: str) -> Iterator[tuple[_Key, _Fastened]]:
        held = self.watched(path)
        if self.record is None or held is None:
            return
        for sighting in self.record.sightings(path):
            fastened = held.fasten(sighting)
            if fastened is not None:
                yield fastened


def _standing(fastened: _Fastened, identities: LineIdentities) -> Hint | None:
    first = identities.first_line(fastened.anchor)
    if first is None:
        return None
    place = fastened.sighting.place
    down = first - place.statement_line
    return Hint(fastened.sighting if down == 0 else _lowered(fastened.sighting, down))


def _lowered(sighting: Sighting, down: int) -> Sighting:
    place = sighting.place
    return replace(
        sighting,
        place=replace(
            place,
            span=_lowered_span(place.span, down),
            line=place.line + down,
            statement_line=place.statement_line + down,
            statement_end=place.statement_end + down,
        ),
    )


def _lowered_span(span: Span, down: int) -> Span:
    """A span, `down` lines further down."""
    return replace(span, line=span.line + down, end_line=span.end_line + down)
