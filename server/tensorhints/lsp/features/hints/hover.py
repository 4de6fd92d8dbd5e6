"""`textDocument/hover` on a name that is bound or used: what was observed at its binding.

jedi finds the bindings of a name that is used. If it does not know them in time, the nearest
binding of the name above counts, in an enclosing scope.
"""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.features.python.jedi_request import JediRequests
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.hints import markup
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.model.locations import BINDING_KINDS, Span
from tensorhints.session.text.documents import Position
from tensorhints.session.text.scopes import is_around, name_at, scope_at
from tensorhints.session.text.tracked_text import Hint
from tensorhints.source.questions import BINDINGS

_JEDI_SECONDS = 1.0


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_HOVER, partial(hover, jedi))


async def hover(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.HoverParams
) -> types.Hover | None:
    """Return what was observed of the name or expression at a position."""
    at = snapshot.view.from_client(params.position)
    span = name_at(snapshot.text, at)
    hint = _binding_at(snapshot.hints(), at)
    if hint is None and span is not None:
        hint = await _binding_of_use(jedi, snapshot, span)
    if hint is None:
        hint = _innermost_at(snapshot.hints(), at)
    if hint is None or not snapshot.is_current:
        return None
    contents = markup(hint, client.locale, markdown=client.capabilities.reads_markdown)
    return types.Hover(contents, snapshot.view.range(span or hint.location.span))


def _binding_at(hints: tuple[Hint, ...], at: Position) -> Hint | None:
    found = [
        hint
        for hint in hints
        if hint.location.kind in BINDING_KINDS and _covers(hint.location.span, at)
    ]
    return min(found, key=_extent, default=None)


def _innermost_at(hints: tuple[Hint, ...], at: Position) -> Hint | None:
    return min((h for h in hints if _covers(h.location.span, at)), key=_extent, default=None)


async def _binding_of_use(jedi: JediRequests, snapshot: Snapshot, span: Span) -> Hint | None:
    at = Position(span.line, span.column)
    locations = await jedi.ask(snapshot, BINDINGS, at, reads_packages=False, patience=_JEDI_SECONDS)
    bound = [
        hint
        for location in locations
        for hint in snapshot.hints_of_file(location.path)
        if hint.location.kind in BINDING_KINDS
        and _start(hint.location.span) == Position(location.line, location.column)
    ]
    above = [hint for hint in bound if hint.location.span.line <= span.line]
    if above or bound:
        return max(above or bound, key=lambda hint: hint.location.span.line)
    return _nearest_above(snapshot, span)


def _nearest_above(snapshot: Snapshot, span: Span) -> Hint | None:
    name = snapshot.text.line(span.line)[span.column : span.end_column]
    scope = scope_at(snapshot.text, span.line)
    above = [
        hint
        for hint in snapshot.hints()
        if hint.location.kind in BINDING_KINDS
        and hint.location.name == name
        and is_around(hint.location.scope, scope)
        and _start(hint.location.span) < _start(span)
    ]
    return max(above, key=lambda hint: hint.location.span.line, default=None)


def _start(span: Span) -> Position:
    return Position(span.line, span.column)


def _covers(span: Span, at: Position) -> bool:
    return _start(span) <= at <= Position(span.end_line, span.end_column)


def _extent(hint: Hint) -> tuple[int, int]:
    span = hint.location.span
    return span.end_line - span.line, span.end_column - span.column
