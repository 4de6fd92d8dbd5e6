"""`textDocument/didOpen`, `didChange`, `didSave`, `didClose`: keeps the session's texts current."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.convert import path_of
from tensorhints.lsp.mixed_changes import MixedChanges
from tensorhints.lsp.pages import Pages
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.views import Views
from tensorhints.session.session import Session


class Synchronization:
    """Passes changes of documents to the session, in the order of their versions."""

    def __init__(self, session: Session, views: Views, pages: Pages) -> None:
        self._session = session
        self._views = views
        self._pages = pages
        self._mixed: dict[str, MixedChanges[types.DidChangeTextDocumentParams]] = {}

    def opened(self, client: Client, params: types.DidOpenTextDocumentParams) -> None:
        """Open a document if it is a file or an untitled buffer."""
        sent = params.text_document
        self._forget_changes(sent.uri)
        path = path_of(sent.uri, self._session.workspace.main_folder)
        if path is not None:
            self._session.open(sent.uri, path, sent.text, sent.version, str(sent.language_id))
            document = self._views.document(sent.uri)
            if document is not None:
                self._pages.document_opened(document)

    def changed(self, client: Client, params: types.DidChangeTextDocumentParams) -> None:
        """Apply the changes of a document."""
        uri = params.text_document.uri
        document = self._views.document(uri)
        if document is not None:
            # Converted one at a time, each in the text that the edit before it left: the session
            # applies an edit before it takes the next one.
            edits = (
                client.encoding.edit(document.text, change) for change in params.content_changes
            )
            self._session.edit(uri, edits, params.text_document.version)

    def changed_in_any_order(
        self, client: Client, params: types.DidChangeTextDocumentParams
    ) -> None:
        """Apply the changes of a client that may send later versions first."""
        uri, version = params.text_document.uri, params.text_document.version
        document = self._views.document(uri)
        if document is None:
            return
        if uri not in self._mixed:
            self._mixed[uri] = MixedChanges(document.version, partial(self.changed, client))
        self._mixed[uri].put(version, params)

    async def until_complete(self, uri: str) -> None:
        """Wait until no change of a document waits for an earlier one."""
        if uri in self._mixed:
            await self._mixed[uri].complete()

    def saved(self, client: Client, params: types.DidSaveTextDocumentParams) -> None:
        """Run what runs on saving."""
        self._session.save(params.text_document.uri)

    def closed(self, client: Client, params: types.DidCloseTextDocumentParams) -> None:
        """Close a document and end its runs."""
        self._forget_changes(params.text_document.uri)
        self._session.close_document(params.text_document.uri)

    def _forget_changes(self, uri: str) -> None:
        mixed = self._mixed.pop(uri, None)
        if mixed is not None:
            mixed.cancel()


def register(registry: Registry, services: Services) -> Synchronization:
    """Handle the notifications, and return the feature: hints wait for complete documents."""
    feature = Synchronization(services.session, services.views, services.pages)
    mixes = services.client.capabilities.mixes_changes
    changed = feature.changed_in_any_order if mixes else feature.changed
    registry.message(types.TEXT_DOCUMENT_DID_OPEN, feature.opened)
    registry.message(types.TEXT_DOCUMENT_DID_CHANGE, changed)
    registry.message(types.TEXT_DOCUMENT_DID_SAVE, feature.saved)
    registry.message(types.TEXT_DOCUMENT_DID_CLOSE, feature.closed)
    return feature
