"""`textDocument/didOpen`, `didChange`, `didSave`, `didClose`: the session's copy of each text."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import path_of
from tensorhints.session.documents import Document


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DID_OPEN, opened)
    server.on(types.TEXT_DOCUMENT_DID_CHANGE, changed)
    server.on(types.TEXT_DOCUMENT_DID_SAVE, saved)
    server.on(types.TEXT_DOCUMENT_DID_CLOSE, closed)


def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    server.early_changes.pop(document.uri, None)
    path = path_of(document.uri, server.session.main_folder)
    if path is not None:
        language = str(document.language_id)
        server.session.open(document.uri, path, document.text, document.version, language)
        known = server.document(document.uri)
        if known is not None:
            server.pages.document_opened(known)


def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = server.document(params.text_document.uri)
    if document is None:
        return
    if not server.client.mixes_changes:
        _take(server, document, params)
        return
    early = server.early_changes.setdefault(document.uri, {})
    early[params.text_document.version] = params
    while (due := early.pop(document.version + 1, None)) is not None:
        _take(server, document, due)


def _take(server: Server, document: Document, params: types.DidChangeTextDocumentParams) -> None:
    edits = server.encoding.edits(document.text, params.content_changes)
    server.session.edit(document.uri, edits, params.text_document.version)


def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    server.session.save(params.text_document.uri)


def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.session.close_document(params.text_document.uri)
