"""Finds documents, and what the client shows of them, by the URIs that the client uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorhints.session.session import Session
from tensorhints.session.text.documents import Document

from .convert import Encoding
from .document_view import DocumentView
from .notebooks import Notebook

if TYPE_CHECKING:
    from tensorhints.present.labels import LabelStyle
    from tensorhints.session.settings import HintSettings

    from .snapshot import Snapshot


class Views:
    """The views of all open documents. A notebook is one document with a view for each cell."""

    def __init__(self, session: Session, encoding: Encoding) -> None:
        self.notebooks: dict[str, Notebook] = {}
        """The open notebooks, by URI; the notebook feature keeps them up to date."""
        self._session = session
        self._encoding = encoding
        self._style: tuple[HintSettings, LabelStyle] | None = None

    def document_uri(self, uri: str) -> str:
        """Return the notebook's URI for the URI of a cell, and any other URI as it is."""
        for notebook in self.notebooks.values():
            if notebook.part(uri) is not None:
                return notebook.uri
        return uri

    def document(self, uri: str) -> Document | None:
        """Return the open document of this URI, or the one of the notebook with this cell."""
        return self._session.documents.at(self.document_uri(uri))

    def view(self, uri: str) -> DocumentView | None:
        """Return the view that the client shows under a URI."""
        document = self.document(uri)
        return None if document is None else self._view(uri, document)

    def view_at(self, document: Document, line: int) -> DocumentView:
        """Return the view that shows a line of a document."""
        notebook = self.notebooks.get(document.uri)
        cell = None if notebook is None else notebook.cell_at(line)
        view = None if cell is None else self.view(cell)
        return view or DocumentView(document.uri, document.text, self._encoding)

    def uris_of(self, uri: str) -> list[str]:
        """Return the URIs that the client shows a document under: its own, or its cells'."""
        notebook = self.notebooks.get(uri)
        return [uri] if notebook is None else [cell.uri for cell in notebook.cells]

    def version(self, uri: str) -> int | None:
        """Return the version of an open document or cell, as the client counts it."""
        document = self.document(uri)
        if document is None:
            return None
        notebook = self.notebooks.get(document.uri)
        return document.version if notebook is None else notebook.version_of(uri)

    def snapshot(self, uri: str) -> Snapshot | None:
        """Return a snapshot for a request about a URI, or None if it is not open."""
        # Imported with the first request: the labels would make `initialize` slower.
        from .snapshot import Snapshot

        document = self.document(uri)
        if document is None:
            return None
        return Snapshot(
            self._view(uri, document),
            document.uri,
            document.path,
            document.version,
            document.is_python,
            self._session.workspace.settings,
            self.style,
            document,
            self._session,
        )

    @property
    def style(self) -> LabelStyle:
        """The style of labels, by the settings."""
        hints = self._session.workspace.settings.hints
        if self._style is None or self._style[0] is not hints:
            from tensorhints.present.labels import LabelStyle

            style = LabelStyle(
                enabled=hints.enabled,
                assignments=hints.assignments,
                parameters=hints.parameters,
                comprehensions=hints.comprehensions,
                returns=hints.returns,
                expressions=hints.expressions,
                chains=hints.chains,
                values=hints.values,
                long_dtypes=hints.dtype == "long",
                show_device=hints.device,
            )
            self._style = hints, style
        return self._style[1]

    def _view(self, uri: str, document: Document) -> DocumentView:
        notebook = self.notebooks.get(document.uri)
        if notebook is None:
            return DocumentView(uri, document.text, self._encoding)
        first, count = notebook.part(uri) or (0, 0)
        return DocumentView(uri, document.text, self._encoding, first, count)
