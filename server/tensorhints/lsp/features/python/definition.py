"""`textDocument/definition`: where what stands there is defined, by jedi."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.source.questions import DEFINITIONS

from .jedi_request import ask, located


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DEFINITION, definition)


async def definition(server: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document = shown.document
    at = shown.from_client(params.position)
    return await located(server, await ask(server, DEFINITIONS, document, at))
