"""The diagnostics of each document: answered when pulled, published to clients that do not pull."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from lsprotocol import types

from tensorhints.session.runs.states import CurrentFrame
from tensorhints.session.session import Session

from .client import Client
from .document_view import DocumentView
from .lessons import Lessons
from .views import Views


class DiagnosticReports:
    """Collects diagnostics, and remembers which were published."""

    def __init__(self, session: Session, views: Views, client: Client, lessons: Lessons) -> None:
        self._session = session
        self._views = views
        self._client = client
        self._lessons = lessons
        self._published: dict[str, list[types.Diagnostic]] = {}

    def of(self, uri: str) -> list[types.Diagnostic]:
        """Return the diagnostics of a document or cell; none if it is not open."""
        from .render.diagnostics import diagnostic
        from .render.lesson_marks import lesson_diagnostics

        document, view = self._views.document(uri), self._views.view(uri)
        if document is None or view is None:
            return []
        client = self._client
        frame_view = self._frame_view if client.capabilities.takes_related_information else None
        found = self._session.results.diagnostics(document.uri)
        diagnostics = [
            diagnostic(view, each, client.locale, frame_view, document.cells)
            for each in found
            if view.contains(each.span.line)
        ]
        lesson = self._lessons.lesson_at(document.path)
        if lesson is not None:
            marks = self._lessons.study.marks(document.uri, document.text, lesson)
            failed = {each.span.line for each in found}
            diagnostics += lesson_diagnostics(marks, view, failed)
        return diagnostics

    def send(self, uris: Iterable[str]) -> None:
        """Notify the client that the diagnostics of these documents may have changed."""
        if self._client.capabilities.asks_for_diagnostics:
            self._client.refresh_diagnostics()
            return
        for uri in itertools.chain.from_iterable(map(self._views.uris_of, uris)):
            diagnostics = self.of(uri)
            if diagnostics == self._published.get(uri, []):
                continue
            self._published[uri] = diagnostics
            document = self._views.document(uri)
            takes_version = self._client.capabilities.takes_diagnostic_version
            version = document.version if document is not None and takes_version else None
            self._client.publish_diagnostics(uri, diagnostics, version)

    def withdraw(self, uris: Iterable[str]) -> None:
        """Remove the published diagnostics of cells that no longer exist."""
        for uri in uris:
            if self._published.pop(uri, None):
                self._client.publish_diagnostics(uri, [])

    def _frame_view(self, frame: CurrentFrame) -> DocumentView | None:
        document = None if frame.uri is None else self._views.document(frame.uri)
        return None if document is None else self._views.view_at(document, frame.span.line)
