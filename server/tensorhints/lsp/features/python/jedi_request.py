"""Questions to jedi about the place that a request names, and its answers in the client's units."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import uri_of
from tensorhints.model.locations import Span
from tensorhints.session.text.documents import Document, Position, Text
from tensorhints.source.questions import Location, Question
from tensorhints.source.reader import PATIENCE


async def ask(
    server: Server,
    kind: str,
    document: Document,
    at: Position | None = None,
    *,
    packages: bool = True,
    patience: float = PATIENCE,
) -> list[Any]:
    """None of the answers is about a text that has changed meanwhile."""
    if server.session.workspace.settings.python.features == "off" and packages:
        return []
    version = document.version
    asked = _question(server, kind, document, at or Position(0, 0), packages)
    answers = await server.reader.ask(asked, patience)
    return answers if document.version == version else []


def _question(
    server: Server, kind: str, document: Document, at: Position, packages: bool
) -> Question:
    return Question(
        kind,
        document.text.text,
        document.path,
        at.line,
        at.column,
        tuple(server.session.workspace.folders),
        _interpreter(server, document) if packages else None,
        server.session.documents.python_texts_beside(document),
    )


def _interpreter(server: Server, document: Document) -> str | None:
    """Reading an interpreter's packages starts it, which nothing may in a folder nobody trusts."""
    session = server.session
    return str(session.workspace.interpreter(document)) if session.workspace.is_trusted else None


async def located(server: Server, locations: Sequence[Location]) -> list[types.Location]:
    """In the order given, each once. A file that is not open is read to count its columns."""
    texts = await _texts(server, {location.path for location in locations})
    found: dict[tuple[str, int, int], types.Location] = {}
    for location in locations:
        text = texts[location.path]
        if text is None:
            continue
        column = location.column
        span = Span(location.line, column, location.line, column + len(location.name))
        document = server.session.documents.at_path(location.path)
        if document is not None:
            shown = server.shown_at(document, span.line)
            position = types.Location(shown.uri, shown.range(span))
        else:
            position = types.Location(uri_of(location.path), server.encoding.range(text, span))
        found.setdefault((location.path, location.line, column), position)
    return list(found.values())


async def stand_there(server: Server, locations: Sequence[Location]) -> bool:
    """Whether every name is what the texts have there: a file may have changed on the disk."""
    texts = await _texts(server, {location.path for location in locations})
    for location in locations:
        text, end = texts[location.path], location.column + len(location.name)
        if text is None or text.line(location.line)[location.column : end] != location.name:
            return False
    return True


async def _texts(server: Server, paths: set[str]) -> dict[str, Text | None]:
    texts: dict[str, Text | None] = {}
    for path in paths:
        document = server.session.documents.at_path(path)
        if document is not None:
            texts[path] = document.text
        else:
            texts[path] = await asyncio.to_thread(_read, path)
    return texts


def _read(path: str) -> Text | None:
    try:
        return Text(Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
