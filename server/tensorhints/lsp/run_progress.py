"""Work-done progress of runs, which the user can cancel.

Shown for runs that the user requested, and for all others that take longer than half a second.
"""

from __future__ import annotations

import asyncio
import os

from lsprotocol import types

from tensorhints.present.states import run_progress, warm_progress
from tensorhints.session.runs.states import Phase, ProgramState
from tensorhints.session.session import Session

from .client import Client

_DELAY_SECONDS = 0.5
# A string, because Zed refuses tokens that are numbers.
_TOKEN = "tensorhints-run-"


class RunProgress:
    """The progress of each program's newest run."""

    def __init__(self, client: Client, session: Session) -> None:
        self._client = client
        self._session = session
        self._shown: dict[str, str] = {}  # program's URI → token
        self._begun: set[str] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def state_changed(self, state: ProgramState) -> None:
        """Begin, update or end the progress of a program's run."""
        if not self._client.capabilities.shows_progress:
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
                    _DELAY_SECONDS, self._create, state.uri, token
                )
        elif token in self._begun and state.phase is Phase.RUNNING:
            self._client.send_progress(token, types.WorkDoneProgressReport(message=""))

    def stop_run(self, token: int | str) -> None:
        """Stop the run whose progress the user cancelled."""
        for uri, shown in list(self._shown.items()):
            if shown == token and self._session.documents.at(uri) is not None:
                self._session.runs.stop(uri)

    def cancel(self) -> None:
        """Cancel all timers."""
        for timer in self._timers.values():
            timer.cancel()

    def _create(self, uri: str, token: str) -> None:
        task = asyncio.ensure_future(self._client.create_progress(token))
        task.add_done_callback(lambda done: self._begin(uri, token, done))

    def _begin(self, uri: str, token: str, created: asyncio.Future[None]) -> None:
        if created.cancelled() or created.exception() is not None:
            return
        if self._shown.get(uri) != token or self._session.documents.at(uri) is None:
            # The run ended meanwhile. Some clients keep a progress for good unless it begins and
            # ends.
            self._client.send_progress(token, types.WorkDoneProgressBegin(title=self._title(uri)))
            self._client.send_progress(token, types.WorkDoneProgressEnd())
            return
        self._begun.add(token)
        starting = self._session.runs.state(uri).phase is Phase.STARTING
        self._client.send_progress(
            token,
            types.WorkDoneProgressBegin(
                title=self._title(uri),
                cancellable=True,
                message=warm_progress(self._client.locale) if starting else None,
            ),
        )

    def _title(self, uri: str) -> str:
        document = self._session.documents.at(uri)
        name = uri if document is None else document.path
        return run_progress(os.path.basename(name), self._client.locale)

    def _end(self, uri: str) -> None:
        token = self._shown.pop(uri)
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        if token in self._begun:
            self._begun.discard(token)
            self._client.send_progress(token, types.WorkDoneProgressEnd())
