"""`textDocument/inlayHint`: the labels, answered from what is known. Where the client resolves
tooltips they are made when it asks for one.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.client_text import Shown
from tensorhints.lsp.connection import Answer, Server
from tensorhints.present.labels import LabelStyle, label
from tensorhints.present.tooltips import tooltip
from tensorhints.session.text.tracked_text import Hint

# A client that cannot be told of new hints asks once after an edit: what it is answered then is all
# that its user sees until the next one.
_PATIENCE_SECONDS = 2.0
# Looked up once: an enumeration's value is computed each time.
_TYPE = types.InlayHintKind.Type.value
# Helix gives a request up after 20 seconds.
_STARTING_PATIENCE_SECONDS = 15.0


def register(server: Server) -> None:
    handler = inlay_hint if server.client.refreshes_hints else settled_inlay_hint
    server.on(types.TEXT_DOCUMENT_INLAY_HINT, handler)
    server.on(types.INLAY_HINT_RESOLVE, resolve)


def inlay_hint(server: Server, params: types.InlayHintParams) -> Answer | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    first, last = params.range.start.line + shown.first, params.range.end.line + shown.first
    if shown.count is not None:
        last = min(last, shown.first + shown.count - 1)
    hints = server.session.results.hints(shown.document.uri, first, last)
    style = server.style
    drawn = (_drawn(server, shown, hint, style) for hint in hints)
    return Answer(hint for hint in drawn if hint is not None)


async def settled_inlay_hint(server: Server, params: types.InlayHintParams) -> Answer | None:
    uri = params.text_document.uri
    if uri in server.mixed_changes:
        await server.mixed_changes[uri].complete()
    document = server.document(uri)
    if document is not None:
        runs = server.session.runs
        await runs.settled(document.uri, _PATIENCE_SECONDS, _STARTING_PATIENCE_SECONDS)
    return inlay_hint(server, params)


def resolve(server: Server, hint: types.InlayHint) -> types.InlayHint:
    for known in server.session.results.hints(_uri(hint.data)):
        if _data(_uri(hint.data), known) == hint.data:
            hint.tooltip = _tooltip(server, known)
    return hint


def _drawn(server: Server, shown: Shown, hint: Hint, style: LabelStyle) -> dict[str, object] | None:
    text = label(hint.observation, style)
    if text is None:
        return None
    line, document = hint.line, shown.document
    character = server.encoding.character(document.text.line(line), hint.column)
    drawn: dict[str, object] = {
        "position": {"line": line - shown.first, "character": character},
        "label": text,
        "kind": _TYPE,
    }
    if server.client.resolves_tooltips:
        drawn["data"] = _data(document.uri, hint)
    else:
        drawn["tooltip"] = {
            "kind": types.MarkupKind.Markdown.value,
            "value": tooltip(hint.observation, server.locale),
        }
    return drawn


def _tooltip(server: Server, hint: Hint) -> types.MarkupContent:
    text = tooltip(hint.observation, server.locale)
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _data(uri: str, hint: Hint) -> list[object]:
    location = hint.observation.location
    return [uri, hint.line, location.column, location.kind, location.name]


def _uri(data: object) -> str:
    return str(data[0]) if isinstance(data, (list, tuple)) and data else ""
