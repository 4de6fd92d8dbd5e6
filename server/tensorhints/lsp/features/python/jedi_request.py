"""Questions to jedi about a position, and its answers in the client's units."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from tensorhints.lsp.convert import Encoding, uri_of
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.lsp.views import Views
from tensorhints.model.locations import Span
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Position, Text
from tensorhints.source.questions import Location, Question
from tensorhints.source.reader import PATIENCE, Reader


class JediRequests:
    """Asks jedi's process, and converts the locations it answers with."""

    def __init__(self, reader: Reader, session: Session, views: Views) -> None:
        self._reader = reader
        self._documents = session.documents
        self._views = views

    async def ask(
        self,
        snapshot: Snapshot,
        kind: str,
        at: Position | None = None,
        *,
        reads_packages: bool = True,
        patience: float = PATIENCE,
    ) -> list[Any]:
        """Return jedi's answers; none after `patience` seconds, or if the text has changed.

        Questions that read installed packages are not asked if Python features are off.
        """
        if snapshot.settings.python.features == "off" and reads_packages:
            return []
        at = at or Position(0, 0)
        question = Question(
            kind,
            snapshot.text.text,
            snapshot.path,
            at.line,
            at.column,
            snapshot.folders,
            _interpreter(snapshot) if reads_packages else None,
            snapshot.python_texts_beside(),
        )
        answers = await self._reader.ask(question, patience)
        return answers if snapshot.is_current else []

    async def client_locations(
        self, locations: Sequence[Location], encoding: Encoding
    ) -> list[types.Location]:
        """Convert locations, in order and without duplicates.

        Files that are not open are read to count their columns.
        """
        texts = await self._texts(location.path for location in locations)
        found: dict[tuple[str, int, int], types.Location] = {}
        for location in locations:
            text = texts[location.path]
            if text is None:
                continue
            column = location.column
            span = Span(location.line, column, location.line, column + len(location.name))
            document = self._documents.at_path(location.path)
            if document is not None:
                view = self._views.view_at(document, span.line)
                converted = types.Location(view.uri, view.range(span))
            else:
                converted = types.Location(uri_of(location.path), encoding.range(text, span))
            found.setdefault((location.path, location.line, column), converted)
        return list(found.values())

    async def are_unchanged(self, locations: Sequence[Location]) -> bool:
        """Whether every name is still at its location: a file may have changed on the disk."""
        texts = await self._texts(location.path for location in locations)
        for location in locations:
            text, end = texts[location.path], location.column + len(location.name)
            if text is None or text.line(location.line)[location.column : end] != location.name:
                return False
        return True

    async def _texts(self, paths: Iterable[str]) -> dict[str, Text | None]:
        texts: dict[str, Text | None] = {}
        for path in set(paths):
            document = self._documents.at_path(path)
            if document is not None:
                texts[path] = document.text
            else:
                texts[path] = await asyncio.to_thread(_read, path)
        return texts


def _interpreter(snapshot: Snapshot) -> str | None:
    """Return the interpreter whose packages jedi reads, which starts it: only if trusted."""
    return str(snapshot.interpreter()) if snapshot.is_trusted else None


def _read(path: str) -> Text | None:
    try:
        return Text(Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
