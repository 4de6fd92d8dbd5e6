"""The results of a session's runs in each open document."""

from __future__ import annotations

from tensorhints.model.messages import CheckVerdict
from tensorhints.session.lesson_checks import LessonChecks
from tensorhints.session.text.documents import Document
from tensorhints.session.text.open_documents import Documents

from .hint_store import HintStore
from .live_files import LiveFiles
from .states import Diagnostic, LineMarks


class Results:
    """The hints, diagnostics, marked lines and verdicts of each open document.

    If several live files ran a document's code, the run that started last counts.
    """

    def __init__(self, documents: Documents, files: LiveFiles, lessons: LessonChecks) -> None:
        self._documents = documents
        self._files = files
        self._lessons = lessons

    def hint_store(self, document: Document) -> HintStore:
        """Return the hints of the file whose run counts for a document, empty if there is none."""
        file = self._files.latest(document.path)
        return HintStore() if file is None else file.results.hints

    def diagnostics(self, uri: str) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of a document, from all live files."""
        document = self._documents.at(uri)
        if document is None:
            return ()
        return tuple(
            diagnostic for file in self._files for diagnostic in file.results.diagnostics(document)
        )

    def line_marks(self, uri: str) -> LineMarks:
        """Return the marked lines of a document."""
        document = self._documents.at(uri)
        file = None if document is None else self._files.latest(document.path)
        if document is None or file is None:
            return LineMarks()
        return file.results.line_marks(document, file.running)

    def verdicts(self, uri: str) -> tuple[CheckVerdict, ...]:
        """Return the verdicts of a lesson's checks, each with its line in the current text."""
        document = self._documents.at(uri)
        file = None if document is None else self._files.get(document)
        if document is None or file is None:
            return ()
        return file.results.current_verdicts(self._lessons)
