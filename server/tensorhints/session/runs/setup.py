"""The setup of a run, and the request for it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.results import RunListener
from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.lesson_checks import Checks, LessonChecks
from tensorhints.session.listener import Listener
from tensorhints.session.settings import RunSettings
from tensorhints.session.text.documents import Document, Text
from tensorhints.session.text.open_documents import Documents
from tensorhints.session.workspace import Workspace

_TOKEN_BYTES = 16


class RunStarter(Protocol):
    """Starts runs. The engine's `Pool` satisfies it."""

    def start(
        self,
        interpreter: Path,
        request: messages.Run,
        listener: RunListener,
        *,
        timeout: float | None = None,
    ) -> LiveRun:
        """Start a run and return at once. `timeout` is in seconds."""
        ...

    def release(self, path: str) -> None:
        """Drop the checkpoints of a file that will not run for a while."""
        ...


@dataclass(frozen=True)
class RunSetup:
    """The setup of a run, apart from its texts.

    Two setups are equal if a program sees no difference between them.
    """

    environment: tuple[object, ...]
    device: str
    directory: str
    cell_contents: tuple[tuple[bool, int], ...]
    settings: RunSettings = field(compare=False)
    interpreter: Path = field(compare=False)
    roots: tuple[str, ...] = field(compare=False)
    checks: Checks | None = field(compare=False)
    keeps_final_checkpoint: bool = field(compare=False)

    def request(
        self,
        run: int,
        document: Document,
        unsaved: Mapping[str, Text],
        *,
        only_if_changed: str | None,
        compared: Sequence[Text | None],
        afresh: bool,
    ) -> messages.Run:
        """Return the complete request for run number `run` of a document's current text.

        `unsaved` are the unsaved texts of other files, by path. `compared` are the texts of the
        file `only_if_changed` in the last run, or None if that is not known, and now; see
        `messages.Run` for the rest.
        """
        settings, checks = self.settings, self.checks
        return messages.Run(
            run=run,
            path=document.path,
            text=document.text.text,
            arguments=settings.args,
            directory=self.directory,
            environment=dict(settings.env),
            device=self.device,
            buffers={path: text.digest for path, text in unsaved.items()},
            texts={text.digest: text.text for text in (*unsaved.values(), *compared) if text},
            roots=self.roots,
            memory_limit=settings.memory_limit,
            output_limit=settings.output_limit,
            only_if_changed=only_if_changed,
            compared=tuple("" if text is None else text.digest for text in compared),
            checks=None if checks is None else checks.text,
            checks_path="" if checks is None else checks.path,
            answer_names={} if checks is None else dict(checks.answer_names),
            checkpoints=settings.checkpoints,
            inspect=settings.checkpoints and self.keeps_final_checkpoint,
            afresh=afresh,
            token=secrets.token_hex(_TOKEN_BYTES) if settings.checkpoints else "",
            cells=document.cells,
            stops_at_failure=settings.cell_failure == "stop",
        )


class Refusals:
    """Reports refused runs to the user: without repetition unless the user requested the run."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._last: UserMessage | None = None

    def report(self, user_message: UserMessage, *, explicit: bool) -> None:
        """Show the message, unless it repeats the last one and the user did not request the run."""
        if explicit or user_message != self._last:
            self._last = user_message
            self._listener.user_message(user_message)


@dataclass(frozen=True)
class RunContext:
    """The parts of a session that its live files share. `run_ids` ascend."""

    workspace: Workspace
    documents: Documents
    starter: RunStarter
    lessons: LessonChecks
    listener: Listener
    refusals: Refusals
    run_ids: Iterator[int]

    def device(self, chosen: str | None) -> str:
        """Return the device of a file's runs: the one chosen for it, else that of the settings."""
        return chosen or self.workspace.settings.run.device

    def setup(self, document: Document, chosen_device: str | None) -> RunSetup:
        """Return what a run of a document would be set up with now."""
        workspace = self.workspace
        settings = workspace.settings.run
        return RunSetup(
            environment=settings.environment,
            device=self.device(chosen_device),
            directory=workspace.directory(document),
            cell_contents=document.cell_contents,
            settings=settings,
            interpreter=workspace.interpreter(document),
            roots=workspace.roots(document),
            checks=self.lessons.checks(document.path),
            keeps_final_checkpoint=workspace.keeps_final_checkpoints,
        )
