"""The documents that are open in the editor, and which of them was used last."""

from __future__ import annotations

from collections.abc import Iterator

from tensorhints.session.errors import RefusedError

from .documents import Document, Text
from .tracked_text import TrackedText


class Documents:
    """The open documents. Paths are absolute; a URI is as the editor writes it."""

    def __init__(self) -> None:
        self._by_path: dict[str, Document] = {}
        self._last_used: str | None = None

    def __iter__(self) -> Iterator[Document]:
        return iter(self._by_path.values())

    @property
    def uris(self) -> tuple[str, ...]:
        """The URI of every open document."""
        return tuple(document.uri for document in self)

    def at(self, uri: str) -> Document | None:
        """Return the open document with this URI."""
        return next((document for document in self if document.uri == uri), None)

    def at_path(self, path: str) -> Document | None:
        """Return the open document of a file."""
        return self._by_path.get(path)

    def used(self, uri: str | None = None) -> Document:
        """Return the document with this URI, by default the one used last.

        Raises `RefusedError` if there is none.
        """
        document = self.at_path(self._last_used or "") if uri is None else self.at(uri)
        if document is None:
            raise RefusedError("no-document" if uri is None else "unknown-uri", uri)
        return document

    def add(self, document: Document) -> None:
        """Add a document that was opened: it is the one used last."""
        self._by_path[document.path] = document
        self._last_used = document.path

    def remove(self, document: Document) -> None:
        """Remove a document that was closed."""
        del self._by_path[document.path]
        if self._last_used == document.path:
            self._last_used = next(reversed(self._by_path), None)

    def mark_used(self, document: Document) -> None:
        """Make this the document used last."""
        self._last_used = document.path

    def python_texts_beside(self, document: Document) -> dict[str, str]:
        """Return the texts of the other open Python files, by path."""
        return {
            other.path: other.text.text
            for other in self
            if other is not document and other.is_python
        }

    def unsaved_texts_beside(self, document: Document) -> dict[str, Text]:
        """Return the texts of the other open Python files that differ from the disk, by path."""
        return {
            other.path: other.text
            for other in self
            if other is not document and other.is_python and not other.is_saved
        }

    def tracked(self) -> dict[str, TrackedText]:
        """Return the current text of every document, tracked from now on, by path."""
        return {path: TrackedText(document) for path, document in self._by_path.items()}
