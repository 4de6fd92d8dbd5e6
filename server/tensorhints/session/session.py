"""The session of one editor: its workspace, its open documents, and the runs of its files.

Events of the editor go in through the methods of `Session`. What the user should see comes out of
its parts (`documents`, `runs`, `results`), when a `Listener` was notified. Everything runs in one
event loop; nothing here blocks.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

from tensorhints.engine.pool import Pool
from tensorhints.model import messages
from tensorhints.model.cells import Cell

from .errors import RefusedError
from .lesson_checks import LessonChecks
from .listener import Listener
from .proofs import OUTPUT_LIMIT, PATH, SECONDS, Proof, ProofListener, program_text
from .runs.live_files import LiveFiles
from .runs.results import Results
from .runs.runs import Runs
from .runs.setup import Refusals, RunContext
from .settings import Problem
from .text.documents import Document, Edit
from .text.open_documents import Documents
from .workspace import Workspace


class Session:
    """Composes the parts of a session, and handles the events that concern several of them."""

    def __init__(
        self,
        pool: Pool,
        listener: Listener,
        *,
        folders: Iterable[str],
        trusted: bool,
        lessons: LessonChecks,
    ) -> None:
        self.workspace = Workspace(folders, trusted=trusted)
        self.documents = Documents()
        self._pool = pool
        self._listener = listener
        self._lessons = lessons
        self._run_ids = itertools.count(1)
        context = RunContext(
            workspace=self.workspace,
            documents=self.documents,
            starter=pool,
            lessons=lessons,
            listener=listener,
            refusals=Refusals(listener),
            run_ids=self._run_ids,
        )
        self._files = LiveFiles(context)
        self.runs = Runs(context, self._files, pool)
        self.results = Results(self.documents, self._files, lessons)

    # ---- settings and the machine

    def configure(self, *sent: object) -> tuple[Problem, ...]:
        """Apply the settings that the client sent, later ones first; return what was wrong."""
        before = self.workspace.settings
        problems = self.workspace.configure(*sent)
        settings = self.workspace.settings
        changed = settings.run.interpreter != before.run.interpreter
        run = settings.run
        if changed or (run.device, run.env) != (before.run.device, before.run.env):
            self.warm()
        if not settings.run.checkpoints:
            for file in self._files:
                self._pool.release(file.document.path)
        if settings.run.environment != before.run.environment:
            for file in self._files:
                file.run_again()
        if settings.hints != before.hints:
            self._listener.hints_changed()
        return problems

    def warm(self) -> None:
        """Start the host that would run the user's files, unless nothing may run."""
        workspace = self.workspace
        if workspace.is_trusted:
            directory = Path(workspace.directory())
            run = workspace.settings.run
            self._pool.warm(workspace.interpreter(), directory, run.device, run.env)

    async def close(self) -> None:
        """Stop every run and wait until all processes are gone."""
        attempts = self.runs.under_way
        for file in self._files:
            file.close()
        await self._pool.close()
        if attempts:
            await asyncio.wait([attempt.ended for attempt in attempts], timeout=1)

    # ---- events of documents

    def open(
        self,
        uri: str,
        path: str,
        text: str,
        version: int,
        language: str,
        cells: tuple[Cell, ...] = (),
    ) -> None:
        """Open a document, with the `cells` of a notebook.

        If it is open already, it gets this URI and text.
        """
        known = self.documents.at_path(path)
        if known is not None:
            known.uri = uri
            self.edit(uri, [Edit(text)], version, cells)
            return
        document = Document(uri, path, text, version, language, cells)
        self.documents.add(document)
        for file in self._files:
            file.results.hints.opened(document)
        if self.workspace.is_trusted and self._lessons.is_lesson(path):
            self._files.make(document).activate()

    def edit(
        self, uri: str, edits: Iterable[Edit], version: int, cells: tuple[Cell, ...] = ()
    ) -> None:
        """Apply edits to a document, one after the other, and follow them by runs.

        `cells` are those of a notebook after the edits.
        """
        document = self.documents.at(uri)
        if document is None:
            return
        self.documents.mark_used(document)
        other_cells, document.cells = cells != document.cells, cells
        if document.edit(edits, version) or other_cells:
            for file in self._files.watching(document.path):
                file.edited(document.path)

    def save(self, uri: str) -> None:
        """Follow the saving of a document by runs."""
        document = self.documents.at(uri)
        if document is not None:
            for file in self._files.watching(document.path):
                file.saved()

    def close_document(self, uri: str) -> None:
        """Close a document and stop its runs."""
        document = self.documents.at(uri)
        if document is None:
            return
        self.documents.remove(document)
        if self._files.remove(document) is not None:
            self._listener.hints_changed()
        self._listener.lines_changed([uri])
        for file in self._files:
            file.results.hints.closed(document.path)
        self._listener.diagnostics_changed([uri, *self.documents.uris])

    # ---- lessons

    async def prove(self, code: str, device: str) -> Proof:
        """Run an expression of the course, beside all other runs. Raises `RefusedError`."""
        if not self.workspace.is_trusted:
            raise RefusedError("untrusted")
        directory = self.workspace.directory()
        request = messages.Run(
            run=next(self._run_ids),
            path=os.path.join(directory, PATH),
            text=program_text(code),
            directory=directory,
            device=device,
            memory_limit=self.workspace.settings.run.memory_limit,
            output_limit=OUTPUT_LIMIT,
        )
        listener = ProofListener()
        interpreter = self.workspace.interpreter()
        live = self._pool.start(interpreter, request, listener, timeout=SECONDS)
        return listener.proof(code, await live.finished())
