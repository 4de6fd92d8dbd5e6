"""`textDocument/inlayHint`: labels, answered from what runs have shown; nothing runs here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.connection import RawResult
from tensorhints.lsp.features.editor.synchronization import Synchronization
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render import hints as render
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot

# A client without hint refreshes requests hints once after an edit: until the next edit, its user
# sees only what is answered then.
_SETTLING_SECONDS = 2.0
# Helix abandons a request after 20 seconds.
_STARTING_SECONDS = 15.0


def register(registry: Registry, services: Services, changes: Synchronization) -> None:
    """Handle the requests; for clients without refreshes, after the run that follows an edit."""
    refreshes = services.client.capabilities.refreshes_hints
    registry.document_request(
        types.TEXT_DOCUMENT_INLAY_HINT,
        inlay_hint,
        before=None if refreshes else _until_settled(services, changes),
    )
    registry.document_request(
        types.INLAY_HINT_RESOLVE, resolve, uri_of=_uri, if_closed=lambda hint: hint
    )


def inlay_hint(snapshot: Snapshot, client: Client, params: types.InlayHintParams) -> RawResult:
    """Return the hints of some lines."""
    view = snapshot.view
    first, last = params.range.start.line + view.first, params.range.end.line + view.first
    if view.count is not None:
        last = min(last, view.first + view.count - 1)
    uri, style = snapshot.uri, snapshot.style
    locale = None if client.capabilities.resolves_tooltips else client.locale
    rendered = (
        render.inlay_hint(view, uri, hint, style, locale) for hint in snapshot.hints(first, last)
    )
    return RawResult(hint for hint in rendered if hint is not None)


def resolve(snapshot: Snapshot, client: Client, hint: types.InlayHint) -> types.InlayHint:
    """Add the tooltip of a hint."""
    data = list(hint.data) if isinstance(hint.data, (list, tuple)) else []
    line = data[1] if len(data) > 1 and isinstance(data[1], int) else None
    for known in () if line is None else snapshot.hints(line, line):
        if render.hint_data(snapshot.uri, known) == data:
            hint.tooltip = render.markup(known, client.locale, markdown=True)
    return hint


def _uri(hint: types.InlayHint) -> str:
    data = hint.data
    return str(data[0]) if isinstance(data, (list, tuple)) and data else ""


def _until_settled(
    services: Services, changes: Synchronization
) -> Callable[[Any], Awaitable[None]]:
    runs, views = services.session.runs, services.views

    async def wait(params: types.InlayHintParams) -> None:
        uri = params.text_document.uri
        await changes.until_complete(uri)
        document = views.document(uri)
        if document is not None:
            await runs.settled(document.uri, _SETTLING_SECONDS, _STARTING_SECONDS)

    return wait
