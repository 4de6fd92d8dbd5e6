"""`notebookDocument/didOpen`, `didChange`, `didSave`, `didClose`: notebooks as the session sees
them.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import path_of
from tensorhints.lsp.notebooks import Notebook, cells_of
from tensorhints.session.text.documents import Edit


def register(server: Server) -> None:
    server.on(types.NOTEBOOK_DOCUMENT_DID_OPEN, opened)
    server.on(types.NOTEBOOK_DOCUMENT_DID_CHANGE, changed)
    server.on(types.NOTEBOOK_DOCUMENT_DID_SAVE, saved)
    server.on(types.NOTEBOOK_DOCUMENT_DID_CLOSE, closed)


def opened(server: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    document = params.notebook_document
    path = path_of(document.uri, server.session.workspace.main_folder)
    if path is None:
        return
    cells = cells_of(params.cell_text_documents)
    order = [cell.document for cell in document.cells]
    cells.sort(key=lambda cell: order.index(cell.uri) if cell.uri in order else len(order))
    notebook = Notebook(document.uri, path, document.version, cells)
    server.notebooks[document.uri] = notebook
    server.session.open(document.uri, path, notebook.program(), document.version, "python")


def changed(server: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    notebook = server.notebooks.get(params.notebook_document.uri)
    if notebook is None or params.change.cells is None:
        return
    before = {cell.uri for cell in notebook.cells}
    notebook.change(server.encoding, params.change.cells)
    notebook.version = params.notebook_document.version
    server.session.edit(notebook.uri, [Edit(notebook.program())], notebook.version)
    gone = before - {cell.uri for cell in notebook.cells}
    if gone:
        server.forget_published(gone)


def saved(server: Server, params: types.DidSaveNotebookDocumentParams) -> None:
    server.session.save(params.notebook_document.uri)


def closed(server: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    notebook = server.notebooks.get(params.notebook_document.uri)
    if notebook is None:
        return
    server.session.close_document(notebook.uri)
    del server.notebooks[notebook.uri]
    server.forget_published({cell.uri for cell in notebook.cells})
