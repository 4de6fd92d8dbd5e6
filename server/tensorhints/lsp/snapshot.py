"""The part of a session that a handler of a request about a document may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tensorhints.present.labels import LabelStyle
from tensorhints.session.runs.states import Diagnostic, ProgramState
from tensorhints.session.session import Session
from tensorhints.session.settings import Settings
from tensorhints.session.text.documents import Document, Text
from tensorhints.session.text.tracked_text import Hint

from .document_view import DocumentView


@dataclass(frozen=True)
class Snapshot:
    """One version of a document's text, and a view of what runs have shown of it.

    `view` is what the client named: the document or a cell of the notebook `uri`. Text, version,
    settings and style stay as they were when the request arrived. What runs have shown is read from
    the session at each call, at positions in the current text: after an `await`, they belong to
    `version` only if `is_current`.
    """

    view: DocumentView
    uri: str
    path: str
    version: int
    is_python: bool
    settings: Settings
    style: LabelStyle
    _document: Document = field(repr=False)
    _session: Session = field(repr=False)

    @property
    def text(self) -> Text:
        """The document's text at `version`."""
        return self.view.text

    @property
    def is_current(self) -> bool:
        """Whether the document was not edited since the request arrived."""
        return self._document.version == self.version

    # ---- runs

    def hints(self, first: int = 0, last: int | None = None) -> tuple[Hint, ...]:
        """Return the hints of the lines `first` to `last` (inclusive), top to bottom."""
        store = self._session.results.hint_store(self._document)
        return store.hints(self._document, first, last)

    def hints_of_file(self, path: str) -> tuple[Hint, ...]:
        """Return the hints of another open file; none if it is not open."""
        document = self._session.documents.at_path(path)
        if document is None:
            return ()
        return self._session.results.hint_store(document).hints(document)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return where runs failed or were stopped, and syntax errors."""
        return self._session.results.diagnostics(self.uri)

    def state(self) -> ProgramState:
        """Return the state of the file's runs."""
        return self._session.runs.state(self.uri)

    def has_run(self) -> bool:
        """Whether a run of the file has started."""
        return self._session.runs.record(self.uri) is not None

    def device(self) -> str:
        """Return the device that runs of the file request."""
        return self._session.runs.device(self.uri)

    def tensor_attributes(self) -> tuple[tuple[str, str], ...]:
        """Return the attributes of a tensor in the user's torch, each with its kind."""
        return self._session.runs.tensor_attributes(self._document)

    # ---- the workspace

    @property
    def is_trusted(self) -> bool:
        """Whether programs of the workspace may run."""
        return self._session.workspace.is_trusted

    @property
    def folders(self) -> tuple[str, ...]:
        """The workspace's folders."""
        return tuple(self._session.workspace.folders)

    def interpreter(self) -> Path:
        """Return the Python that runs the file."""
        return self._session.workspace.interpreter(self._document)

    def python_texts_beside(self) -> dict[str, str]:
        """Return the texts of the other open Python files, by path."""
        return self._session.documents.python_texts_beside(self._document)
