"""Starts, stops, judges and inspects runs for the user, who also chooses their device here."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.inspections import Inspection
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document

from .attempt import Attempt
from .live_file import LiveFile
from .live_files import LiveFiles
from .record import RunRecord
from .setup import RunContext
from .states import ProgramState

_RUNS_TO_JUDGE = 5
"""Runs after which a learner who types without a pause gets the verdicts known so far."""


class Runs:
    """The runs of a session. A `uri` of None means the document used last."""

    def __init__(self, context: RunContext, files: LiveFiles, pool: Pool) -> None:
        self._context = context
        self._files = files
        self._pool = pool
        self._queries = itertools.count(1)

    def run(self, uri: str | None = None, device: str | None = None) -> Attempt:
        """Start a run of a file. Raises `RefusedError`."""
        file = self._files.make(self._runnable(uri))
        if device is not None:
            file.device = device
        self._context.workspace.forget_interpreters()
        return file.run()

    async def judge(self, uri: str | None = None) -> None:
        """Bring the verdicts on a lesson's file up to date, by a run if its text was not judged.

        Raises `RefusedError`.
        """
        document = self._runnable(uri)
        file = self._files.make(document)
        # After an edit meanwhile another run takes over: then the newer text is to be judged.
        for _ in range(_RUNS_TO_JUDGE):
            under_way = file.run_of(document.text)
            if under_way is None and file.results.verdicts.is_current(document):
                break
            last = await asyncio.shield((under_way or self.run(document.uri)).ended)
            if file.results.syntax is not None:
                break
            user_message = last.user_message if last.outcome is Outcome.REFUSED else None
            if user_message is not None and user_message.code != "unchanged":
                raise RefusedError(user_message.code, user_message.detail)

    def stop(self, uri: str | None = None) -> bool:
        """Stop a file's runs; it is no longer live. Return whether there was a run.

        Raises `RefusedError`.
        """
        file = self._files.get(self._context.documents.used(uri))
        if file is None:
            return False
        stopped = file.stop()
        self._context.listener.state_changed(file.state)
        return stopped

    def proceed(self, uri: str | None = None) -> bool:
        """Continue a file's run that was suspended. Return whether there was one.

        Raises `RefusedError`.
        """
        file = self._files.get(self._context.documents.used(uri))
        return file is not None and file.proceed()

    def device(self, uri: str | None = None) -> str:
        """Return the device that a file's runs request. Raises `RefusedError`."""
        return self._device(self._context.documents.used(uri))

    def set_device(self, uri: str | None, device: str) -> None:
        """Choose the device of a file's runs. A live file runs again. Raises `RefusedError`."""
        document = self._context.documents.used(uri)
        file = self._files.make(document)
        if device != self._device(document):
            file.device = device
            file.run_again()

    def state(self, uri: str | None = None) -> ProgramState:
        """Return the state of a file's runs. Raises `RefusedError`."""
        document = self._context.documents.used(uri)
        file = self._files.get(document)
        return ProgramState(document.uri) if file is None else file.state

    def record(self, uri: str | None = None) -> RunRecord | None:
        """Return the record of the last run of a file that started. Raises `RefusedError`."""
        file = self._files.get(self._context.documents.used(uri))
        return None if file is None else file.results.hints.record

    @property
    def under_way(self) -> tuple[Attempt, ...]:
        """All runs that have not ended."""
        return tuple(attempt for file in self._files for attempt in file.under_way)

    async def settled(self, uri: str, limit: float, starting_limit: float) -> None:
        """Wait as `LiveFile.settled` does for the file whose hints a document shows."""
        document = self._context.documents.at(uri)
        if document is not None:
            file = self._files.latest(document.path) or self._files.get(document)
            if file is not None:
                await file.settled(limit, starting_limit)

    async def inspect(self, uri: str | None, name: str, slice_: str) -> tuple[int, Inspection]:
        """Inspect the tensor that `name` held at the end of a file's last run.

        Returns it with the id of that run. Raises `RefusedError`.
        """
        self._context.workspace.keeps_final_checkpoints = True
        document = self._context.documents.used(uri)
        file = self._files.get(document)
        if file is None or not file.results.last_started:
            raise RefusedError("not-run")
        if file.running is not None:
            raise RefusedError("tensor-still-running")
        run = file.results.last_started
        request = messages.Inspect(run, next(self._queries), name, slice_)
        interpreter = self._context.workspace.interpreter(document)
        environment = self._context.workspace.settings.run.env
        answer = await self._pool.inspect(interpreter, request, environment)
        if answer.inspection is None:
            problem = answer.problem or UserMessage("tensor-no-answer")
            if problem.code == "tensor-no-checkpoint":
                raise RefusedError(_why_no_checkpoint(file))
            raise RefusedError(problem.code, problem.detail)
        return run, answer.inspection

    def tensor_attributes(self, document: Document) -> tuple[tuple[str, str], ...]:
        """Return the attributes of a tensor in the document's torch, each with its kind.

        The kind is `function` or `property`. Empty until the host is warm.
        """
        interpreter = self._context.workspace.interpreter(document)
        environment = self._context.workspace.settings.run.env
        ready = self._pool.state(interpreter, self._device(document), environment).ready
        return () if ready is None else tuple(ready.tensor_attributes.items())

    def _device(self, document: Document) -> str:
        file = self._files.get(document)
        return self._context.device(None if file is None else file.device)

    def _runnable(self, uri: str | None) -> Document:
        document = self._context.documents.used(uri)
        if not self._context.workspace.is_trusted:
            raise RefusedError("untrusted")
        if not document.is_python:
            raise RefusedError("not-a-python-file", os.path.basename(document.path))
        return document


def _why_no_checkpoint(file: LiveFile) -> str:
    if sys.platform != "linux":
        return "tensor-not-here"
    record = file.results.hints.record
    refused = () if record is None else record.refused_checkpoints
    if any(each.reason == "no-memory" for each in refused):
        return "tensor-too-large"
    return "tensor-no-checkpoint"
