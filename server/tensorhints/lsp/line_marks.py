"""The notification `tensorhints/lines`: marked lines, sent when they have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tensorhints.session.session import Session

from .views import Views

if TYPE_CHECKING:
    from .notifications import LinesNotification


class LineMarkReports:
    """Remembers what was sent for each document, and sends what has changed since."""

    def __init__(
        self, session: Session, views: Views, send: Callable[[LinesNotification], None]
    ) -> None:
        self._session = session
        self._views = views
        self._send = send
        self._changed: dict[str, None] = {}
        self._sent: dict[str, list[LinesNotification]] = {}

    def mark_changed(self, uri: str) -> None:
        """Remember that a document's marks may have changed."""
        if self._views.document(uri) is None:
            # If it is opened again, the client shows no marks and needs all of them.
            self._sent.pop(uri, None)
        else:
            self._changed[uri] = None

    def send_changed(self) -> None:
        """Send the marks that differ from those sent last."""
        from .notifications import LinesNotification

        uris, self._changed = list(self._changed), {}
        for uri in uris:
            sent = {each.uri: each for each in self._sent.pop(uri, ())}
            marks = list(self._marks(uri))
            for mark in marks:
                if mark != sent.get(mark.uri, LinesNotification(mark.uri, None, None, [])):
                    self._send(mark)
            self._sent[uri] = marks

    def _marks(self, uri: str) -> Iterator[LinesNotification]:
        from .notifications import LinesNotification

        lines = self._session.results.line_marks(uri)
        for part in self._views.uris_of(uri):
            view = self._views.view(part)
            if view is not None:
                unreached = [view.client_lines(*block) for block in lines.unreached]
                yield LinesNotification(
                    part,
                    view.client_line(lines.running),
                    view.client_line(next(filter(view.contains, lines.failed), None)),
                    [block for block in unreached if block is not None],
                )
