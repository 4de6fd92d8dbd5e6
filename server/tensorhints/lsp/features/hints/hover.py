"""`textDocument/hover` on a name where it is bound or used: what was seen at its binding.

A name that is used is led back to its bindings by jedi; where jedi does not know in time, to the
nearest binding of that name above, in a scope around it.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.features.python.jedi_request import ask
from tensorhints.model.locations import BINDING_KINDS, Span
from tensorhints.present.markdown import without_marks
from tensorhints.present.tooltips import tooltip
from tensorhints.session.text.documents import Document, Position
from tensorhints.session.text.scopes import is_around, name_at, scope_at
from tensorhints.session.text.tracked_text import Hint
from tensorhints.source.questions import BINDINGS

_PATIENCE = 1.0


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_HOVER, hover)


async def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    showing = server.shown(params.text_document.uri)
    if showing is None:
        return None
    document = showing.document
    version, text = document.version, document.text
    at = showing.from_client(params.position)
    span = name_at(text, at)
    hint = _exact(server.session.results.hints(document.uri), at)
    if hint is None and span is not None:
        hint = await _of_use(server, document, span)
    if hint is None:
        hint = _around(server.session.results.hints(document.uri), at)
    if hint is None or document.version != version:
        return None
    location = span or hint.location.span
    return types.Hover(contents=_contents(server, hint), range=showing.range(location))


def _contents(server: Server, hint: Hint) -> types.MarkupContent:
    text = tooltip(hint.observation, server.locale)
    if server.client.reads_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.MarkupContent(types.MarkupKind.PlainText, without_marks(text))


def _exact(hints: tuple[Hint, ...], at: Position) -> Hint | None:
    """The binding that stands right there."""
    found = [h for h in hints if h.location.kind in BINDING_KINDS and _covers(h.location.span, at)]
    return min(found, key=_extent, default=None)


def _around(hints: tuple[Hint, ...], at: Position) -> Hint | None:
    """The smallest expression around."""
    return min((h for h in hints if _covers(h.location.span, at)), key=_extent, default=None)


async def _of_use(server: Server, document: Document, span: Span) -> Hint | None:
    at = Position(span.line, span.column)
    found = await ask(server, BINDINGS, document, at, packages=False, patience=_PATIENCE)
    bound: list[Hint] = []
    for location in found:
        there = server.session.documents.at_path(location.path)
        if there is not None:
            hints = server.session.results.hints(there.uri)
            bound += [
                hint
                for hint in hints
                if hint.location.kind in BINDING_KINDS
                and (hint.location.span.line, hint.location.span.column)
                == (location.line, location.column)
            ]
    above = [hint for hint in bound if hint.location.span.line <= span.line]
    if above or bound:
        return max(above or bound, key=lambda hint: hint.location.span.line)
    return _nearest_above(server.session.results.hints(document.uri), document, span)


def _nearest_above(hints: tuple[Hint, ...], document: Document, span: Span) -> Hint | None:
    name = document.text.line(span.line)[span.column : span.end_column]
    scope = scope_at(document.text, span.line)
    above = [
        hint
        for hint in hints
        if hint.location.kind in BINDING_KINDS
        and hint.location.name == name
        and is_around(hint.location.scope, scope)
        and (hint.location.span.line, hint.location.span.column) < (span.line, span.column)
    ]
    return max(above, key=lambda hint: hint.location.span.line, default=None)


def _covers(span: Span, at: Position) -> bool:
    start, end = Position(span.line, span.column), Position(span.end_line, span.end_column)
    return start <= at <= end


def _extent(hint: Hint) -> tuple[int, int]:
    span = hint.location.span
    return span.end_line - span.line, span.end_column - span.column
