"""`textDocument/inlayHint`: the labels, answered from what is known. Where the client resolves
tooltips they are made when it asks for one.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Answer, Server
from tensorhints.present.labels import LabelStyle, label
from tensorhints.present.tooltips import tooltip
from tensorhints.session.documents import Document
from tensorhints.session.findings import Hint


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_INLAY_HINT, inlay_hint)


def register_resolve(server: Server) -> None:
    server.on(types.INLAY_HINT_RESOLVE, resolve)


def inlay_hint(server: Server, params: types.InlayHintParams) -> Answer | None:
    document = server.document(params.text_document.uri)
    if document is None:
        return None
    hints = server.session.hints(document.uri, params.range.start.line, params.range.end.line)
    style = server.style
    drawn = (_drawn(server, document, hint, style) for hint in hints)
    return Answer(hint for hint in drawn if hint is not None)


def resolve(server: Server, hint: types.InlayHint) -> types.InlayHint:
    for known in server.session.hints(_uri(hint.data)):
        if _data(_uri(hint.data), known) == hint.data:
            hint.tooltip = _tooltip(server, known)
    return hint


def _drawn(
    server: Server, document: Document, hint: Hint, style: LabelStyle
) -> dict[str, object] | None:
    text = label(hint.sighting, style)
    if text is None:
        return None
    line = hint.line
    character = server.encoding.character(document.text.line(line), hint.column)
    drawn: dict[str, object] = {
        "position": {"line": line, "character": character},
        "label": text,
        "kind": types.InlayHintKind.Type.value,
        "paddingLeft": False,
        "paddingRight": False,
    }
    if server.client.resolves_tooltips:
        drawn["data"] = _data(document.uri, hint)
    else:
        drawn["tooltip"] = {
            "kind": types.MarkupKind.Markdown.value,
            "value": tooltip(hint.sighting, server.locale),
        }
    return drawn


def _tooltip(server: Server, hint: Hint) -> types.MarkupContent:
    text = tooltip(hint.sighting, server.locale)
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _data(uri: str, hint: Hint) -> list[object]:
    place = hint.sighting.place
    return [uri, hint.line, place.column, place.kind, place.name]


def _uri(data: object) -> str:
    return str(data[0]) if isinstance(data, (list, tuple)) and data else ""
