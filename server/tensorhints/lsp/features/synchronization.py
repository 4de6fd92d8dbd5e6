"""`textDocument/didOpen`, `didChange`, `didSave`, `didClose`: the session's copy of each text."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import path_of


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DID_OPEN, opened)
    server.on(types.TEXT_DOCUMENT_DID_CHANGE, changed)
    server.on(types.TEXT_DOCUMENT_DID_SAVE, saved)
    server.on(types.TEXT_DOCUMENT_DID_CLOSE, closed)


def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    path = path_of(document.uri, server.session.main_folder)
    if path is not None:
        language = str(document.language_id)
        server.session.open(document.uri, path, document.text, document.version, language)
        known = server.document(document.uri)
        if known is not None:
            server.pages.document_opened(known)


def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = server.document(params.text_document.uri)
    if document is not None:
        edits = server.encoding.edits(document.text, params.content_changes)
        server.session.edit(document.uri, edits, params.text_document.version)


def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    server.session.save(params.text_document.uri)


def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.session.close_document(params.text_document.uri)
