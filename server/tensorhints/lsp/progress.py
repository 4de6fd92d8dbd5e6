"""Work-done progress of runs, with a way to cancel: for those that the user asked for, and those
that take longer than half a second.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from lsprotocol import types

from tensorhints.present.states import run_progress, warm_progress
from tensorhints.session.runs.states import Phase, ProgramState

if TYPE_CHECKING:
    from .connection import Server

_PATIENCE_SECONDS = 0.5
# Zed refuses tokens that are numbers.
_TOKEN = "tensorhints-run-"


class RunProgress:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._shown: dict[str, str] = {}  # the token by the program's URI
        self._begun: set[str] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        if server.client.shows_progress:
            server.on(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, self._cancelled)

    def state_changed(self, state: ProgramState) -> None:
        if not self._server.client.shows_progress:
            return
        token = f"{_TOKEN}{state.run}"
        shown = self._shown.get(state.uri)
        if shown is not None and (state.phase is Phase.IDLE or shown != token):
            self._end(state.uri)
            shown = None
        if state.phase is not Phase.IDLE and shown is None:
            self._shown[state.uri] = token
            if state.explicit:
                self._create(state.uri, token)
            else:
                loop = asyncio.get_running_loop()
                self._timers[state.uri] = loop.call_later(
                    _PATIENCE_SECONDS, self._create, state.uri, token
                )
        elif token in self._begun and state.phase is Phase.RUNNING:
            self._report(token, None)

    def cancel(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _create(self, uri: str, token: str) -> None:
        params = types.WorkDoneProgressCreateParams(token)
        created = self._server.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, params
        )
        task = asyncio.ensure_future(created)
        task.add_done_callback(lambda done: self._begin(uri, token, done))

    def _begin(self, uri: str, token: str, created: asyncio.Future[object]) -> None:
        if created.cancelled() or created.exception() is not None:
            return
        if self._shown.get(uri) != token or self._server.document(uri) is None:
            # Over before the client had made the place for it. A progress that was created must
            # begin and end, or some clients keep it for good.
            self._send(token, types.WorkDoneProgressBegin(title=self._title(uri)))
            self._send(token, types.WorkDoneProgressEnd())
            return
        self._begun.add(token)
        starting = self._server.session.runs.state(uri).phase is Phase.STARTING
        self._send(
            token,
            types.WorkDoneProgressBegin(
                title=self._title(uri),
                cancellable=True,
                message=warm_progress(self._server.locale) if starting else None,
            ),
        )

    def _title(self, uri: str) -> str:
        document = self._server.document(uri)
        name = uri if document is None else document.path
        return run_progress(os.path.basename(name), self._server.locale)

    def _report(self, token: str, message: str | None) -> None:
        self._send(token, types.WorkDoneProgressReport(message=message or ""))

    def _end(self, uri: str) -> None:
        token = self._shown.pop(uri)
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        if token in self._begun:
            self._begun.discard(token)
            self._send(token, types.WorkDoneProgressEnd())

    def _send(
        self,
        token: str,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        self._server.protocol.notify(types.PROGRESS, types.ProgressParams(token, value))

    def _cancelled(self, server: Server, params: types.WorkDoneProgressCancelParams) -> None:
        for uri, token in list(self._shown.items()):
            if token == params.token and server.document(uri) is not None:
                server.session.runs.stop(uri)
