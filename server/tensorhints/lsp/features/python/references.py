"""`textDocument/references`: every use of a name in the workspace, by jedi."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.source.questions import REFERENCES

from .jedi_request import ask, located


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_REFERENCES, references)


async def references(server: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document = shown.document
    at = shown.from_client(params.position)
    found = await ask(server, REFERENCES, document, at)
    if not params.context.include_declaration:
        found = [location for location in found if not location.is_definition]
    return await located(server, found)
