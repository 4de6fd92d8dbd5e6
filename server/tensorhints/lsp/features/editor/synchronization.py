"""`textDocument/didOpen`, `didChange`, `didSave`, `didClose`: the session's copy of each text."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import path_of
from tensorhints.lsp.mixed_changes import MixedChanges


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DID_OPEN, opened)
    in_order = not server.client.mixes_changes
    server.on(types.TEXT_DOCUMENT_DID_CHANGE, changed if in_order else changed_in_any_order)
    server.on(types.TEXT_DOCUMENT_DID_SAVE, saved)
    server.on(types.TEXT_DOCUMENT_DID_CLOSE, closed)


def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    _forget_changes(server, document.uri)
    path = path_of(document.uri, server.session.workspace.main_folder)
    if path is not None:
        language = str(document.language_id)
        server.session.open(document.uri, path, document.text, document.version, language)
        known = server.document(document.uri)
        if known is not None:
            server.pages.document_opened(known)


def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    uri = params.text_document.uri
    document = server.document(uri)
    if document is not None:
        # Converted one at a time, each in the text that the edit before it left: the session
        # applies an edit before it takes the next one.
        edits = (server.encoding.edit(document.text, change) for change in params.content_changes)
        server.session.edit(uri, edits, params.text_document.version)


def changed_in_any_order(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Apply the changes of a client that mixes them in the order of their versions."""
    uri, version = params.text_document.uri, params.text_document.version
    document = server.document(uri)
    if document is None:
        return
    if uri not in server.mixed_changes:
        server.mixed_changes[uri] = MixedChanges(document.version, partial(changed, server))
    server.mixed_changes[uri].put(version, params)


def _forget_changes(server: Server, uri: str) -> None:
    mixed = server.mixed_changes.pop(uri, None)
    if mixed is not None:
        mixed.cancel()


def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    server.session.save(params.text_document.uri)


def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    _forget_changes(server, params.text_document.uri)
    server.session.close_document(params.text_document.uri)
