"""`notebookDocument/didOpen`, `didChange`, `didSave`, `didClose`: notebooks as one program."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.convert import path_of
from tensorhints.lsp.diagnostics import DiagnosticReports
from tensorhints.lsp.notebooks import Notebook, cells_of
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Edit


class NotebookSynchronization:
    """Keeps `notebooks`, and the session's text of each, current."""

    def __init__(
        self, session: Session, notebooks: dict[str, Notebook], diagnostics: DiagnosticReports
    ) -> None:
        self._session = session
        self._notebooks = notebooks
        self._diagnostics = diagnostics

    def opened(self, client: Client, params: types.DidOpenNotebookDocumentParams) -> None:
        """Open a notebook as a Python document."""
        document = params.notebook_document
        path = path_of(document.uri, self._session.workspace.main_folder)
        if path is None:
            return
        cells = cells_of(params.cell_text_documents)
        order = [cell.document for cell in document.cells]
        cells.sort(key=lambda cell: order.index(cell.uri) if cell.uri in order else len(order))
        notebook = Notebook(document.uri, path, document.version, cells)
        notebook.tag(document.cells)
        self._notebooks[document.uri] = notebook
        self._session.open(
            document.uri,
            path,
            notebook.program(),
            document.version,
            "python",
            notebook.positions(),
        )

    def changed(self, client: Client, params: types.DidChangeNotebookDocumentParams) -> None:
        """Apply changes of cells, and withdraw the diagnostics of cells that are gone."""
        notebook = self._notebooks.get(params.notebook_document.uri)
        if notebook is None or params.change.cells is None:
            return
        before = {cell.uri for cell in notebook.cells}
        notebook.change(client.encoding, params.change.cells)
        notebook.version = params.notebook_document.version
        edits = [Edit(notebook.program())]
        self._session.edit(notebook.uri, edits, notebook.version, notebook.positions())
        self._diagnostics.withdraw(before - {cell.uri for cell in notebook.cells})

    def saved(self, client: Client, params: types.DidSaveNotebookDocumentParams) -> None:
        """Run what runs on saving."""
        self._session.save(params.notebook_document.uri)

    def closed(self, client: Client, params: types.DidCloseNotebookDocumentParams) -> None:
        """Close a notebook and end its runs."""
        notebook = self._notebooks.get(params.notebook_document.uri)
        if notebook is None:
            return
        self._session.close_document(notebook.uri)
        del self._notebooks[notebook.uri]
        self._diagnostics.withdraw({cell.uri for cell in notebook.cells})


def register(registry: Registry, services: Services) -> None:
    """Handle the notifications."""
    notebooks = services.views.notebooks
    feature = NotebookSynchronization(services.session, notebooks, services.diagnostics)
    registry.message(types.NOTEBOOK_DOCUMENT_DID_OPEN, feature.opened)
    registry.message(types.NOTEBOOK_DOCUMENT_DID_CHANGE, feature.changed)
    registry.message(types.NOTEBOOK_DOCUMENT_DID_SAVE, feature.saved)
    registry.message(types.NOTEBOOK_DOCUMENT_DID_CLOSE, feature.closed)
