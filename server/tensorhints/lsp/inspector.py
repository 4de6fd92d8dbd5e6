"""The inspector's rows of a file, with positions as the client counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tensorhints.model.locations import HintLocation
from tensorhints.session.errors import RefusedError
from tensorhints.session.session import Session

from .views import Views

if TYPE_CHECKING:
    from .notifications import TensorsAnswer


class Inspector:
    """Answers which tensors a program holds."""

    def __init__(self, session: Session, views: Views) -> None:
        self._session = session
        self._views = views

    def tensors(self, uri: str | None) -> TensorsAnswer:
        """Return the rows of a file, by default the one used last. Raises `RefusedError`."""
        from tensorhints.present.rows import inspection

        from .notifications import TensorsAnswer

        document = self._session.documents.used(uri)
        record = self._session.runs.record(document.uri)
        if record is None:
            raise RefusedError("not-run")
        hints = self._session.results.hint_store(document).hints(document)
        locations = {hint.location.id: hint.location for hint in hints}

        def position(location: HintLocation) -> tuple[str, int, int] | None:
            now = locations.get(location.id)
            if now is None:
                return None
            view = self._views.view_at(document, now.span.line)
            at = view.position(now.span.line, now.span.column)
            return view.uri, at.line, at.character

        alive = None if record.ended is None else record.tensors
        observations = record.observations(document.path)
        found = inspection(alive, observations, position, self._views.style, record.memory)
        run = self._session.runs.state(document.uri).run
        return TensorsAnswer(run, record.device or "", found["rows"], found["totals"])
