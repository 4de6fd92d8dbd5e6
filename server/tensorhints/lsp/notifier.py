"""What the session tells, on its way to the client: as notifications, refreshes and progress.

Refreshes go out soon, at the end of a run at once, and at most ten times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from tensorhints.model.user_messages import UserMessage
from tensorhints.present.devices import device_in_force
from tensorhints.present.user_messages import sentence
from tensorhints.session.errors import RefusedError
from tensorhints.session.runs.states import Phase, ProgramState

from . import names
from .notifications import (
    LinesNotification,
    OutputNotification,
    ProgressNotification,
    RunNotification,
    TensorsNotification,
)
from .progress import RunProgress
from .throttle import Throttle

if TYPE_CHECKING:
    from tensorhints.course.format import Lesson

    from .connection import Server

_REFRESH_SECONDS = 0.1
# With the end of a run, which never waits, no more than ten a second.
_HINTS_SECONDS = 1 / 9
# What a run sees first comes in bunches.
_HINTS_LEAD_SECONDS = 0.01
_TENSORS_SECONDS = 0.25
_LINES_SECONDS = 0.25
# Longer than an editor needs to ask for its lenses anew and to draw them.
_QUIET_SECONDS = 0.1


class News:
    """Satisfies the session's `Listener`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._progress = RunProgress(server)
        self._stale_uris: dict[str, None] = {}
        self._stale_tensors: dict[str, None] = {}
        self._refresh_hints = Throttle(
            _HINTS_SECONDS, self._send_hint_refresh, lead=_HINTS_LEAD_SECONDS
        )
        self._refresh_lenses = Throttle(_REFRESH_SECONDS, self._send_lens_refresh)
        self._refresh_troubles = Throttle(_REFRESH_SECONDS, self._send_troubles)
        self._stale_lines: dict[str, None] = {}
        self._told_lines: dict[str, list[LinesNotification]] = {}
        self._refresh_lines = Throttle(_LINES_SECONDS, self._send_lines)
        self._refresh_tensors = Throttle(_TENSORS_SECONDS, self._send_tensors)
        self._quiet: asyncio.TimerHandle | None = None

    def hints_changed(self) -> None:
        self._refresh_hints()

    def hints_settled(self) -> None:
        self._refresh_hints.at_once()

    def diagnostics_changed(self, uris: Sequence[str]) -> None:
        self._stale_uris.update(dict.fromkeys(uris))
        self._refresh_troubles()

    def state_changed(self, state: ProgramState) -> None:
        self._refresh_lenses()
        self._progress.state_changed(state)
        self._draws()
        if self._is_heard:
            self._notify(names.RUN_NOTIFICATION, run_notification(state, self._server.locale))

    def tensors_changed(self, uri: str) -> None:
        if self._is_heard:
            self._stale_tensors[uri] = None
            self._refresh_tensors()

    def lines_changed(self, uris: Sequence[str]) -> None:
        if not self._server.client.speaks_extensions:
            return
        for uri in uris:
            if self._server.document(uri) is None:
                # Opened again it bears no marks, and is told all of them.
                self._told_lines.pop(uri, None)
            else:
                self._stale_lines[uri] = None
        self._refresh_lines()

    def printed(self, uri: str, run: int, stream: str, text: str) -> None:
        if self._server.client.speaks_extensions:
            self._notify(names.OUTPUT_NOTIFICATION, OutputNotification(uri, run, stream, text))

    def verdicts_changed(self, uri: str) -> None:
        """A run of a lesson's file has been judged."""
        document = self._server.document(uri)
        lesson = None if document is None else self._server.learner.lesson_at(document.path)
        if document is not None and lesson is not None:
            from .features.lessons import marks as lesson_marks

            self.lesson_changed(lesson)
            self.diagnostics_changed([uri])
            self._server.learner.later(lesson_marks.keep(self._server, document, lesson))

    def lesson_changed(self, lesson: Lesson) -> None:
        self._refresh_lenses()
        if self._is_heard:
            from .features.lessons import marks as lesson_marks

            shape = lesson_marks.notification(self._server, lesson)
            self._notify(names.PROGRESS_NOTIFICATION, shape)

    def words_changed(self) -> None:
        self._refresh_lenses()
        self.diagnostics_changed(self._server.session.documents.uris)

    def user_message(self, user_message: UserMessage) -> None:
        self._server.show_user_message(user_message)

    def cancel(self) -> None:
        for throttle in (
            self._refresh_hints,
            self._refresh_lenses,
            self._refresh_troubles,
            self._refresh_tensors,
            self._refresh_lines,
        ):
            throttle.cancel()
        if self._quiet is not None:
            self._quiet.cancel()
        self._progress.cancel()

    def _draws(self) -> None:
        """The editor draws now for another reason than hints: one that misses hints then is told of
        them again once it is done.
        """
        if not self._server.client.misses_hints:
            return
        if self._quiet is not None:
            self._quiet.cancel()
        loop = asyncio.get_running_loop()
        self._quiet = loop.call_later(_QUIET_SECONDS, self._refresh_hints)

    def _send_hint_refresh(self) -> None:
        if self._server.client.refreshes_hints:
            self._server.protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)

    def _send_lens_refresh(self) -> None:
        if self._server.client.refreshes_lenses:
            self._server.protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)
            self._draws()

    def _send_troubles(self) -> None:
        from .features.hints import diagnostics

        uris, self._stale_uris = list(self._stale_uris), {}
        diagnostics.send(self._server, uris)
        self._draws()

    def _send_tensors(self) -> None:
        from .features.editor.execute_command import inspect

        uris, self._stale_tensors = list(self._stale_tensors), {}
        for uri in uris:
            try:
                answer = inspect(self._server, uri)
            except RefusedError:
                continue  # It was closed meanwhile.
            shape = TensorsNotification(uri, **vars(answer))
            self._notify(names.TENSORS_NOTIFICATION, shape)

    def _send_lines(self) -> None:
        uris, self._stale_lines = list(self._stale_lines), {}
        for uri in uris:
            told = self._told_lines.pop(uri, [])
            marks = self._lines(uri)
            for shape in marks:
                nothing = LinesNotification(shape.uri, None, None, [])
                before = next((each for each in told if each.uri == shape.uri), nothing)
                if shape != before:
                    self._notify(names.LINES_NOTIFICATION, shape)
            self._told_lines[uri] = marks

    def _lines(self, uri: str) -> list[LinesNotification]:
        """The marks of all that the client shows of a document."""
        lines = self._server.session.results.line_marks(uri)
        marks = []
        for part in self._server.shown_in(uri):
            shown = self._server.shown(part)
            if shown is not None:
                unreached = [shown.own_lines(*pair) for pair in lines.unreached]
                own = [pair for pair in unreached if pair is not None]
                running, failed = shown.own(lines.running), shown.own(lines.failed)
                marks.append(LinesNotification(part, running, failed, own))
        return marks

    def _notify(
        self,
        method: str,
        shape: RunNotification
        | OutputNotification
        | TensorsNotification
        | LinesNotification
        | ProgressNotification,
    ) -> None:
        told = vars(shape)  # Plain all through, and thousands of rows at times.
        if self._server.client.speaks_extensions:
            self._server.protocol.tell(method, told)
        self._server.pages.tell(method, told)

    @property
    def _is_heard(self) -> bool:
        """By the client, or by a page in a browser."""
        return self._server.client.speaks_extensions or self._server.pages.are_open


def run_notification(state: ProgramState, locale: str) -> RunNotification:
    """`outcome` and what follows are the last run's, where none is under way."""
    last = state.last if state.phase is Phase.IDLE else None
    whole = None if last is None else last.whole
    return RunNotification(
        uri=state.uri,
        run=state.run,
        phase=state.phase.value,
        live=state.live,
        explicit=state.explicit,
        device="" if state.device is None else state.device.in_force,
        deviceText="" if state.device is None else device_in_force(state.device, locale),
        outcome=None if last is None else last.outcome.value,
        elapsedMs=None if last is None else round(last.seconds * 1000, 3),
        resumedLine=None if last is None else last.resumed_at,
        whole=None if whole is None else sentence(whole, locale),
    )
