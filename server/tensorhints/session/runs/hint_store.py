"""The hints of one live file's runs, in every file that these instrumented.

Each hint is anchored to the identities of its statement's lines at the time its run started. It
therefore moves with edits and disappears once a line of the statement changes. While a run is under
way, locations that it has not reached yet keep the hints of earlier runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tensorhints.session.text.documents import Document
from tensorhints.session.text.tracked_text import Hint, HintKey, TrackedText
from tensorhints.session.text.tracking import Anchor

from .record import RunRecord

_Index = dict[int, list[Hint]]
"""The hints of a file by the identity of their line, from left to right."""


class HintStore:
    """The hints of one live file's runs, by the path of the file where they are shown."""

    def __init__(self) -> None:
        self.record: RunRecord | None = None
        self._texts: dict[str, TrackedText] = {}
        self._earlier: dict[str, dict[HintKey, Hint]] = {}
        self._changes = 0
        self._indexes: dict[str, tuple[object, _Index]] = {}

    def begin(self, record: RunRecord, texts: dict[str, TrackedText]) -> None:
        """Start to collect a new run's hints. The hints so far stay until that run ends."""
        merged = {path: self._merged(path) for path in {*self._earlier, *self._texts}}
        self._earlier = {path: hints for path, hints in merged.items() if hints}
        self.record = record
        self._texts = texts
        self._invalidate()

    def end(self) -> None:
        """Drop the hints of earlier runs: the last run came to its end without observing them."""
        self._earlier = {}
        self._invalidate()

    def watches(self, path: str) -> bool:
        """Whether the last run instrumented a file, or may still do so."""
        return path in self._earlier or (self.record is not None and path in self.record.digests)

    def watched_text(self, path: str) -> TrackedText | None:
        """Return the text of a file as the last run read it, if the editor had that text open."""
        text = self._texts.get(path)
        digest = None if self.record is None else self.record.digests.get(path)
        return text if text is not None and digest in text.text.digests else None

    def opened(self, document: Document) -> None:
        """Show the last run's hints in a document that was opened after it, if its text ran."""
        path = document.path
        if self.record is None or path in self._texts:
            return
        if self.record.digests.get(path) in document.text.digests:
            self._texts[path] = TrackedText(document)
            self._invalidate()

    def closed(self, path: str) -> None:
        """Drop the hints of a document that was closed."""
        self._texts.pop(path, None)
        self._earlier.pop(path, None)
        self._invalidate()

    def hints(
        self, document: Document, first: int = 0, last: int | None = None
    ) -> tuple[Hint, ...]:
        """Return the hints of lines `first` to `last` (inclusive), from top to bottom.

        The time this takes depends on the number of these lines only.
        """
        index = self._index(document.path)
        current = document.identities.current
        until = len(current) if last is None else min(last + 1, len(current))
        return tuple(
            _at_line(hint, line)
            for line in range(max(first, 0), until)
            for hint in index.get(current[line], ())
            if _is_unchanged(hint, line, current)
        )

    def _invalidate(self) -> None:
        self._changes += 1
        self._indexes.clear()

    def _index(self, path: str) -> _Index:
        text = self._texts.get(path)
        stamp = (
            self._changes,
            None if self.record is None else self.record.changes,
            None if text is None else text.realigned,
        )
        cached = self._indexes.get(path)
        if cached is not None and cached[0] == stamp:
            return cached[1]
        index: _Index = {}
        for key, hint in self._merged(path).items():
            index.setdefault(key[0], []).append(hint)
        for same_line in index.values():
            same_line.sort(key=lambda hint: hint.observation.location.column)
        self._indexes[path] = stamp, index
        return index

    def _merged(self, path: str) -> dict[HintKey, Hint]:
        merged = dict(self._of_earlier_runs(path))
        for key, hint in self._of_last_run(path):
            merged[key] = hint
        return merged

    def _of_earlier_runs(self, path: str) -> Iterable[tuple[HintKey, Hint]]:
        earlier, text = self._earlier.get(path, {}), self._texts.get(path)
        if text is None or not text.realigned:
            return earlier.items()
        return filter(None, map(text.earlier_hint, earlier.values()))

    def _of_last_run(self, path: str) -> Iterator[tuple[HintKey, Hint]]:
        text = self.watched_text(path)
        if self.record is None or text is None:
            return
        for observation in self.record.observations(path):
            anchored = text.hint(observation)
            if anchored is not None:
                yield anchored


def _at_line(hint: Hint, line: int) -> Hint:
    down = line - hint.observation.location.line
    return hint if down == 0 else Hint(hint.observation, hint.anchor, down)


def _is_unchanged(hint: Hint, line: int, current: Anchor) -> bool:
    """Whether all lines of the hint's statement are around `line` as they were in the run."""
    location, anchor = hint.observation.location, hint.anchor
    first = line - (location.line - location.statement_line)
    return first >= 0 and current[first : first + len(anchor)] == anchor
