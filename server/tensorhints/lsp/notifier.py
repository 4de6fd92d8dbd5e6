"""Sends what the session reports to the client: notifications, refreshes and progress.

Refreshes are sent at most ten times a second; the one at the end of a run is sent at once. Imported
before `initialize` is answered: what only events need is imported by their methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tensorhints.model.user_messages import UserMessage
from tensorhints.session.errors import RefusedError
from tensorhints.session.runs.states import ProgramState
from tensorhints.session.session import Session

from . import names
from .background import BackgroundTasks
from .client import Client
from .diagnostics import DiagnosticReports
from .hint_refresh import HintRefresh
from .inspector import Inspector
from .lessons import Lessons
from .line_marks import LineMarkReports
from .pages import Pages
from .run_progress import RunProgress
from .throttle import Throttle
from .views import Views

if TYPE_CHECKING:
    from tensorhints.course.format import Lesson

    from .notifications import (
        LinesNotification,
        OutputNotification,
        ProgressNotification,
        RunNotification,
        TensorsNotification,
    )

_REFRESH_SECONDS = 0.1
_TENSORS_SECONDS = 0.25
_LINES_SECONDS = 0.25


class Notifier:
    """Satisfies the session's `Listener`: one method an event, hence so many.

    Created before the session, which needs a listener; `attach` gives it the rest.
    """

    def __init__(self, client: Client, hint_refresh: HintRefresh) -> None:
        self._client = client
        self._hints = hint_refresh
        # The events of hints, which are frequent, go directly to the throttle.
        self.hints_changed = hint_refresh.throttle
        self.hints_settled = hint_refresh.throttle.act_now
        self._changed_diagnostics: dict[str, None] = {}
        self._changed_tensors: dict[str, None] = {}
        self._lenses = Throttle(_REFRESH_SECONDS, self._refresh_lenses)
        self._diagnostics = Throttle(_REFRESH_SECONDS, self._send_diagnostics)
        self._tensors = Throttle(_TENSORS_SECONDS, self._send_tensors)
        self._lines = Throttle(_LINES_SECONDS, lambda: self._line_marks.send_changed())

    def attach(
        self,
        session: Session,
        views: Views,
        lessons: Lessons,
        pages: Pages,
        inspector: Inspector,
        reports: DiagnosticReports,
        progress: RunProgress,
        background: BackgroundTasks,
    ) -> None:
        """Take what the events are about."""
        self._session = session
        self._views = views
        self._lessons = lessons
        self._pages = pages
        self._inspector = inspector
        self._reports = reports
        self._progress = progress
        self._background = background
        self._line_marks = LineMarkReports(session, views, self._send_line_marks)

    # ---- events of the session

    def diagnostics_changed(self, uris: Sequence[str]) -> None:
        """Send the diagnostics of some documents soon."""
        self._changed_diagnostics.update(dict.fromkeys(uris))
        self._diagnostics()

    def state_changed(self, state: ProgramState) -> None:
        """Send a program's state, and update everything else that shows it."""
        self._lenses()
        self._progress.state_changed(state)
        self._hints.expect_redraw()
        if self._is_observed:
            from .render.run_state import run_notification

            self._notify(names.RUN_NOTIFICATION, run_notification(state, self._client.locale))

    def tensors_changed(self, uri: str) -> None:
        """Send the inspector's rows of a file soon."""
        if self._is_observed:
            self._changed_tensors[uri] = None
            self._tensors()

    def lines_changed(self, uris: Sequence[str]) -> None:
        """Send the marked lines of some documents soon."""
        if self._client.capabilities.speaks_extensions:
            for uri in uris:
                self._line_marks.mark_changed(uri)
            self._lines()

    def printed(self, uri: str, run: int, stream: str, text: str) -> None:
        """Send what a program printed."""
        if self._client.capabilities.speaks_extensions:
            from .notifications import OutputNotification

            self._notify(names.OUTPUT_NOTIFICATION, OutputNotification(uri, run, stream, text))

    def verdicts_changed(self, uri: str) -> None:
        """Show the new verdicts on a lesson's file, and store what is solved."""
        document = self._views.document(uri)
        lesson = None if document is None else self._lessons.lesson_at(document.path)
        if document is not None and lesson is not None:
            self.lesson_changed(lesson)
            self.diagnostics_changed([uri])
            self._background.start(self._record_marks(uri, lesson))

    def user_message(self, user_message: UserMessage) -> None:
        """Show a message to the user."""
        self._client.show_user_message(user_message)

    # ---- events of lessons

    def lesson_changed(self, lesson: Lesson) -> None:
        """Send the state of a lesson's steps."""
        self._lenses()
        if self._is_observed:
            from .render.lesson_marks import progress_notification

            study = self._lessons.study
            document = study.selector.document_of(lesson)
            uri = None if document is None else document.uri
            marks = [] if document is None else study.marks(document.uri, document.text, lesson)
            states = study.learner.states(lesson)
            notification = progress_notification(lesson, states, uri, marks)
            self._notify(names.PROGRESS_NOTIFICATION, notification)

    def lesson_locale_changed(self) -> None:
        """Show everything about lessons in their new language."""
        self._lenses()
        self.diagnostics_changed(self._session.documents.uris)

    def cancel(self) -> None:
        """Forget what is waiting to be sent."""
        for throttle in (self._lenses, self._diagnostics, self._tensors, self._lines):
            throttle.cancel()
        self._hints.cancel()
        self._progress.cancel()

    # ---- sending

    def _refresh_lenses(self) -> None:
        if self._client.capabilities.refreshes_lenses:
            self._client.refresh_lenses()
            self._hints.expect_redraw()

    def _send_diagnostics(self) -> None:
        uris, self._changed_diagnostics = list(self._changed_diagnostics), {}
        self._reports.send(uris)
        self._hints.expect_redraw()

    def _send_tensors(self) -> None:
        from .notifications import TensorsNotification

        uris, self._changed_tensors = list(self._changed_tensors), {}
        for uri in uris:
            try:
                answer = self._inspector.tensors(uri)
            except RefusedError:
                continue  # The file was closed meanwhile.
            self._notify(names.TENSORS_NOTIFICATION, TensorsNotification(uri, **vars(answer)))

    def _send_line_marks(self, marks: LinesNotification) -> None:
        self._notify(names.LINES_NOTIFICATION, marks)

    async def _record_marks(self, uri: str, lesson: Lesson) -> None:
        document = self._views.document(uri)
        if document is not None and await self._lessons.study.record_marks(document, lesson):
            self.lesson_changed(lesson)

    def _notify(
        self,
        method: str,
        notification: RunNotification
        | OutputNotification
        | TensorsNotification
        | LinesNotification
        | ProgressNotification,
    ) -> None:
        # `vars` is enough, and faster than `asdict`: the fields are JSON values already.
        params = vars(notification)
        self._client.notify(method, params)
        self._pages.notify(method, params)

    @property
    def _is_observed(self) -> bool:
        """Whether the client or a page shows this server's own notifications."""
        return self._client.capabilities.speaks_extensions or self._pages.are_open
