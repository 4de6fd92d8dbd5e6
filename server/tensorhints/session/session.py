"""The session: one editor, its documents and settings, and the programs that run for it.

The façade of this room, in plain terms: what the editor said goes in by methods, what the user
should see comes out by methods and through a `Listener`. One event loop; nothing here waits.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from tensorhints.engine.interpreters import InterpreterError, find_interpreter
from tensorhints.engine.pool import LiveRun, Pool
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.inspections import Inspection
from tensorhints.model.messages import CheckVerdict, FromRun
from tensorhints.model.user_messages import UserMessage

from .lesson_checks import LessonChecks
from .proofs import OUTPUT_LIMIT, PATH, SECONDS, Proof, ProofListener, program_text
from .runs.hint_store import HeldText, Hint
from .runs.live_file import Attempt, LiveFile
from .runs.record import RunRecord
from .runs.states import Diagnostic, FrameNow, Lines, ProgramState, Severity
from .settings import Problem, Settings, When, resolve
from .text.documents import Document, Edit
from .verdicts import of_bad_syntax

# Someone who types without a pause is told what is known by then.
_RUNS_TO_JUDGE = 5


class Listener(Protocol):
    """Told when what the editor shows is out of date. Called often; never waits."""

    def hints_changed(self) -> None: ...

    def hints_settled(self) -> None:
        """They have changed, and will not change again soon."""

    def troubles_changed(self, uris: Sequence[str]) -> None: ...

    def state_changed(self, state: ProgramState) -> None: ...

    def tensors_changed(self, uri: str) -> None: ...

    def lines_changed(self, uris: Sequence[str]) -> None: ...

    def verdicts_changed(self, uri: str) -> None:
        """A run of a lesson's file has been judged."""

    def printed(self, uri: str, run: int, stream: str, text: str) -> None: ...

    def user_message(self, user_message: UserMessage) -> None:
        """Something that the user should read now."""


class RefusedError(Exception):
    """What was asked for cannot be done; `user_message` says why."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code)
        self.user_message = UserMessage(code, detail)


class Session:
    """Paths are absolute; a document is named by its URI as the editor writes it."""

    def __init__(
        self,
        pool: Pool,
        listener: Listener,
        *,
        folders: Iterable[str],
        trusted: bool,
        lessons: LessonChecks,
    ) -> None:
        self.pool = pool
        self.settings = Settings()
        self.is_trusted = trusted
        # A process for each program whose last run has ended: for who will look at its tensors.
        self.keeps_ends = False
        self.folders = [os.path.normpath(folder) for folder in folders]
        self._listener = listener
        self._documents: dict[str, Document] = {}
        self._programs: dict[str, LiveFile] = {}
        self._runs = itertools.count(1)
        self._looks = itertools.count(1)
        self._last_used: str | None = None
        self._last_refusal: UserMessage | None = None
        self._interpreters: dict[tuple[str | None, str], Path] = {}
        self._lessons = lessons

    # ---- settings and the machine

    def configure(self, *sent: object) -> tuple[Problem, ...]:
        """Take the settings that the client sent, later ones first; what was wrong with them."""
        before = self.settings
        self.settings, problems = resolve(*sent)
        if self.settings.run.interpreter != before.run.interpreter:
            self._interpreters.clear()
            self.warm()
        elif self.settings.run.device != before.run.device:
            self.warm()
        if not self.settings.run.checkpoints:
            for path in self._programs:
                self.pool.release(path)
        if self.settings.run.surroundings != before.run.surroundings:
            for program in self._programs.values():
                program.run_again()
        if self.settings.hints != before.hints:
            self._listener.hints_changed()
        return problems

    def warm(self) -> None:
        """Get the interpreter ready that would run the user's files."""
        if not self.is_trusted:
            return
        directory = self._directory(None)
        device = self.settings.run.device
        self.pool.warm(self._interpreter(directory), Path(directory), device)

    def add_folders(self, folders: Iterable[str]) -> None:
        self.folders += [os.path.normpath(folder) for folder in folders]

    def remove_folders(self, folders: Iterable[str]) -> None:
        gone = {os.path.normpath(folder) for folder in folders}
        self.folders = [folder for folder in self.folders if folder not in gone]

    async def close(self) -> None:
        attempts = [*self._attempts()]
        for program in self._programs.values():
            program.close()
        await self.pool.close()
        if attempts:
            await asyncio.wait([attempt.ended for attempt in attempts], timeout=1)

    # ---- documents

    @property
    def main_folder(self) -> str:
        return self.folders[0] if self.folders else os.getcwd()

    @property
    def uris(self) -> tuple[str, ...]:
        """Of every open document."""
        return tuple(document.uri for document in self._documents.values())

    def document(self, path: str) -> Document | None:
        return self._documents.get(path)

    def document_at(self, uri: str) -> Document | None:
        return next((d for d in self._documents.values() if d.uri == uri), None)

    def open(self, uri: str, path: str, text: str, version: int, language: str) -> None:
        """A document was opened. Opened once more, it takes the text that comes with it."""
        known = self._documents.get(path)
        if known is not None:
            known.uri = uri
            self.edit(uri, [Edit(text)], version)
            return
        document = Document(uri, path, text, version, language)
        self._documents[path] = document
        self._last_used = path
        for program in self._programs.values():
            program.findings.opened(document)
        if self.is_trusted and self._lessons.is_lesson(path):
            self._program(document).come_alive()

    def edit(self, uri: str, edits: Sequence[Edit], version: int) -> None:
        document = self.document_at(uri)
        if document is None:
            return
        self._last_used = document.path
        if not document.edit(edits, version):
            return
        for path, program in self._programs.items():
            if path == document.path or program.findings.watches(document.path):
                program.edited(document.path)
                self.lines_changed(program)
                if program.trouble or program.bad_syntax or program.verdicts:
                    self.troubles_changed(program)

    def save(self, uri: str) -> None:
        document = self.document_at(uri)
        if document is None:
            return
        for path, program in self._programs.items():
            if path == document.path or program.findings.watches(document.path):
                program.saved()

    def close_document(self, uri: str) -> None:
        document = self.document_at(uri)
        if document is None:
            return
        del self._documents[document.path]
        if self._last_used == document.path:
            self._last_used = next(reversed(self._documents), None)
        program = self._programs.pop(document.path, None)
        if program is not None:
            program.close()
            self._listener.hints_changed()
        self._listener.lines_changed([uri])
        for other in self._programs.values():
            other.findings.closed(document.path)
        self._listener.troubles_changed([uri, *(open_.uri for open_ in self._documents.values())])

    # ---- running

    def run(self, uri: str | None = None, device: str | None = None) -> Attempt:
        """Run a file, by default the one used last. Raises `RefusedError`."""
        document = self._runnable(uri)
        program = self._program(document)
        if device is not None:
            program.device = device
        # An environment may have been made since the last time.
        self._interpreters.clear()
        return program.run()

    async def judge(self, uri: str | None = None) -> tuple[CheckVerdict, ...]:
        """The verdicts on a lesson's file as it is; it is run where its text has not been. Raises
        `RefusedError`.
        """
        document = self._runnable(uri)
        program = self._program(document)
        # An edit meanwhile takes the run over: then the newer text is what is judged.
        for _ in range(_RUNS_TO_JUDGE):
            under_way = program.under_way_with(document.text)
            if under_way is None and program.verdicts.is_current(document):
                break
            last = await asyncio.shield((under_way or self.run(document.uri)).ended)
            if program.bad_syntax is not None:
                break
            user_message = last.user_message if last.outcome == Outcome.REFUSED.value else None
            if user_message is not None and user_message.code != "unchanged":
                raise RefusedError(user_message.code, user_message.detail)
        return self.verdicts(document.uri)

    async def prove(self, code: str, device: str) -> Proof:
        """Run an expression of the course, beside all programs. Raises `RefusedError`."""
        if not self.is_trusted:
            raise RefusedError("untrusted")
        directory = self._directory(None)
        request = messages.Run(
            run=next(self._runs),
            path=os.path.join(directory, PATH),
            text=program_text(code),
            directory=directory,
            device=device,
            memory_limit=self.settings.run.memory_limit,
            output_limit=OUTPUT_LIMIT,
        )
        listener = ProofListener()
        interpreter = self._interpreter(directory)
        live = self.pool.start(interpreter, request, listener, timeout=SECONDS)
        return listener.proof(code, await live.finished())

    def stop(self, uri: str | None = None) -> bool:
        document = self._used(uri)
        program = self._programs.get(document.path)
        if program is None:
            return False
        stopped = program.stop()
        self.state_changed(program)
        return stopped

    def set_device(self, uri: str | None, device: str | None) -> str:
        """Choose the device of a file's runs, or ask for it. A live file runs again."""
        document = self._used(uri)
        if device is None:
            return self._device(self._programs.get(document.path))
        program = self._program(document)
        if device != self._device(program):
            program.device = device
            program.run_again()
        return self._device(program)

    def state(self, uri: str | None = None) -> ProgramState:
        document = self._used(uri)
        program = self._programs.get(document.path)
        if program is None:
            return LiveFile(document, self).state
        return program.state

    # ---- what is shown

    def hints(self, uri: str, first: int = 0, last: int | None = None) -> tuple[Hint, ...]:
        """What is known of a document, or of some of its lines. Where several programs watched it,
        the latest run tells.
        """
        document = self.document_at(uri)
        if document is None:
            return ()
        program = self._latest(document.path)
        return () if program is None else program.findings.hints(document, first, last)

    async def settled(self, uri: str, limit: float, starting_limit: float) -> None:
        """Wait for the program that tells of a document, as `LiveFile.settled` does."""
        document = self.document_at(uri)
        program = None if document is None else self._latest(document.path)
        if document is not None:
            program = program or self._programs.get(document.path)
        if program is not None:
            await program.settled(limit, starting_limit)

    def findings(self, uri: str) -> tuple[Diagnostic, ...]:
        """What to underline in a document."""
        document = self.document_at(uri)
        if document is None:
            return ()
        found: list[Diagnostic] = []
        for program in self._programs.values():
            found += self._findings(program, document)
        return tuple(found)

    def lines(self, uri: str) -> Lines:
        """The lines of a document that the latest run marks."""
        document = self.document_at(uri)
        program = None if document is None else self._latest(document.path)
        return Lines() if document is None or program is None else program.lines(document)

    def verdicts(self, uri: str) -> tuple[CheckVerdict, ...]:
        """What is known of a lesson's checks, each with its line as it stands now."""
        document = self.document_at(uri)
        program = None if document is None else self._programs.get(document.path)
        if document is None or program is None:
            return ()
        standing = tuple(program.verdicts.standing(document))
        bad, checks = program.bad_syntax, self._lessons.checks(document.path)
        if bad is None or checks is None:
            return standing
        held = bad.held.get(document.path)
        span = None if held is None else held.standing(bad.problem.span, document)
        line = None if span is None else span.line
        return of_bad_syntax(checks, standing, bad.problem.message, line)

    def record(self, uri: str | None = None) -> tuple[Document, ProgramState, RunRecord | None]:
        """The last run of a file: for the inspector."""
        document = self._used(uri)
        program = self._programs.get(document.path)
        record = None if program is None else program.findings.record
        return document, self.state(document.uri), record

    async def inspect(self, uri: str | None, name: str, slice_: str) -> tuple[int, Inspection]:
        """What a name held at the end of a file's last run, and that run. Raises `RefusedError`."""
        self.keeps_ends = True
        document = self._used(uri)
        program = self._programs.get(document.path)
        if program is None or not program.started:
            raise RefusedError("not-run")
        if program.running is not None:
            raise RefusedError("tensor-still-running")
        request = messages.Inspect(program.started, next(self._looks), name, slice_)
        interpreter = self._interpreter(self._directory(document))
        answer = await self.pool.inspect(interpreter, request)
        if answer.inspection is None:
            problem = answer.problem or UserMessage("tensor-no-answer")
            if problem.code == "tensor-no-copy":
                raise RefusedError(_why_no_copy(program))
            raise RefusedError(problem.code, problem.detail)
        return program.started, answer.inspection

    def _is_of(self, program: LiveFile, path: str) -> bool:
        return path == program.document.path or program.findings.watches(path)

    def _latest(self, path: str) -> LiveFile | None:
        watching = [program for program in self._programs.values() if self._is_of(program, path)]
        seen = [program for program in watching if program.findings.record is not None]
        return max(seen, key=lambda program: program.started, default=None)

    def _findings(self, program: LiveFile, document: Document) -> Iterable[Diagnostic]:
        bad = program.bad_syntax
        if bad is not None and bad.problem.path == document.path:
            held = bad.held.get(document.path)
            span = None if held is None else held.standing(bad.problem.span, document)
            if span is not None:
                yield Diagnostic(span, Severity.ERROR, syntax=bad.problem.message)
        trouble = program.trouble
        if trouble is None or self._troubled(program) is not document:
            return
        span = program.place_of_trouble(document)
        if span is None:
            return
        if trouble.failure is not None:
            frames = tuple(self._frames(program))
            yield Diagnostic(span, Severity.ERROR, failure=trouble.failure, frames=frames)
        elif trouble.user_message is not None:
            own_doing = trouble.outcome in (Outcome.STOPPED, Outcome.TIMED_OUT)
            severity = Severity.INFORMATION if own_doing else Severity.ERROR
            yield Diagnostic(span, severity, user_message=trouble.user_message)

    def _troubled(self, program: LiveFile) -> Document | None:
        """The open document that a program's trouble is shown in: the innermost one."""
        trouble = program.trouble
        if trouble is None:
            return None
        paths = [frame.path for frame in program.frames()]
        if trouble.failure is not None:
            paths.append(trouble.failure.path)
        elif trouble.stopped_at is not None:
            paths.append(trouble.stopped_at[0])
        found = (self._documents.get(path) for path in reversed(paths))
        return next((document for document in found if document is not None), None)

    def _frames(self, program: LiveFile) -> Iterable[FrameNow]:
        for frame in program.frames():
            document = self._documents.get(frame.path)
            span = frame.span if document is None else program.standing(frame.span, document)
            if span is not None:
                uri = None if document is None else document.uri
                yield FrameNow(uri, frame.path, span, frame.function, frame.source)

    # ---- what programs need (`programs.Desk`)

    def attempt(self, program: LiveFile, *, explicit: bool, changed: frozenset[str]) -> Attempt:
        directory = self._directory(program.document)
        setup = (self.settings.run.surroundings, self._device(program), directory)
        return Attempt(
            run=next(self._runs),
            explicit=explicit,
            device=self._device(program),
            changed=changed,
            record=RunRecord(),
            held={path: HeldText(document) for path, document in self._documents.items()},
            setup=setup,
            ended=asyncio.get_running_loop().create_future(),
            checks=self._lessons.checks(program.document.path),
        )

    def launch(self, program: LiveFile, attempt: Attempt, only_if_changed: str | None) -> LiveRun:
        settings, document = self.settings.run, program.document
        directory = self._directory(document)
        request = messages.Run(
            run=attempt.run,
            path=document.path,
            text=document.text.text,
            arguments=settings.args,
            directory=directory,
            environment=dict(settings.env),
            device=attempt.device,
            buffers=self.buffers_beside(document),
            roots=self._roots(document),
            memory_limit=settings.memory_limit,
            output_limit=settings.output_limit,
            only_if_changed=only_if_changed,
            checks=None if attempt.checks is None else attempt.checks.text,
            checks_path="" if attempt.checks is None else attempt.checks.path,
            asked={} if attempt.checks is None else dict(attempt.checks.asked),
            checkpoints=settings.checkpoints,
            inspect=settings.checkpoints and self.keeps_ends,
            afresh=attempt.afresh,
        )
        interpreter = self._interpreter(directory)
        listener = _AttemptListener(program, attempt)
        return self.pool.start(interpreter, request, listener, timeout=settings.timeout)

    def may_run_by_itself(self, when: When) -> bool:
        return self.is_trusted and self.settings.run.when is when

    def observations_changed(self, program: LiveFile) -> None:
        self._listener.hints_changed()

    def observations_settled(self, program: LiveFile) -> None:
        self._listener.hints_settled()

    def troubles_changed(self, program: LiveFile) -> None:
        self._listener.troubles_changed([document.uri for document in self._documents.values()])

    def state_changed(self, program: LiveFile) -> None:
        self._listener.state_changed(program.state)

    def released(self, program: LiveFile) -> None:
        self.pool.release(program.document.path)

    def lines_changed(self, program: LiveFile) -> None:
        paths = [path for path in self._documents if self._is_of(program, path)]
        self._listener.lines_changed([self._documents[path].uri for path in paths])

    def tensors_changed(self, program: LiveFile) -> None:
        self._listener.tensors_changed(program.document.uri)

    def verdicts_changed(self, program: LiveFile) -> None:
        self._listener.verdicts_changed(program.document.uri)

    def printed(self, program: LiveFile, attempt: Attempt, stream: str, text: str) -> None:
        self._listener.printed(program.document.uri, attempt.run, stream, text)

    def output_cut(self, program: LiveFile, attempt: Attempt) -> None:
        """Said for each run that the user asked for: a live file would say it at every key."""
        if attempt.explicit:
            limit = f"{self.settings.run.output_limit_kb} KB"
            self._listener.user_message(UserMessage("output-truncated", limit))

    def refused(self, program: LiveFile, user_message: UserMessage, explicit: bool) -> None:
        """Said once where nobody asked; each time where somebody did."""
        if explicit or user_message != self._last_refusal:
            self._last_refusal = user_message
            self._listener.user_message(user_message)

    # ---- of which file, with what

    def _used(self, uri: str | None) -> Document:
        document = self._documents.get(self._last_used or "") if uri is None else None
        if uri is not None:
            document = self.document_at(uri)
        if document is None:
            raise RefusedError("no-document" if uri is None else "unknown-uri", uri)
        return document

    def _runnable(self, uri: str | None) -> Document:
        document = self._used(uri)
        if not self.is_trusted:
            raise RefusedError("untrusted")
        if not document.is_python:
            raise RefusedError("not-a-python-file", os.path.basename(document.path))
        return document

    def _program(self, document: Document) -> LiveFile:
        program = self._programs.get(document.path)
        if program is None:
            program = self._programs[document.path] = LiveFile(document, self)
        return program

    def _attempts(self) -> Iterable[Attempt]:
        for program in self._programs.values():
            yield from (a for a in (program.starting, program.running) if a is not None)

    def _device(self, program: LiveFile | None) -> str:
        chosen = program.device if program is not None else None
        return chosen or self.settings.run.device

    def _folder_of(self, path: str) -> str | None:
        around = [f for f in self.folders if Path(path).is_relative_to(f)]
        return max(around, key=len, default=None)

    def _directory(self, document: Document | None) -> str:
        """Where a program runs: the setting, else its workspace folder, else its own."""
        folder = self.main_folder
        if document is not None:
            folder = self._folder_of(document.path) or os.path.dirname(document.path)
        return os.path.normpath(os.path.join(folder, self.settings.run.cwd or ""))

    def _roots(self, document: Document) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.folders, os.path.dirname(document.path))))

    def buffers_beside(self, document: Document) -> dict[str, str]:
        """The texts of the other Python files that are open, by their paths."""
        return {
            path: other.text.text
            for path, other in self._documents.items()
            if other is not document and other.is_python
        }

    def interpreter_for(self, document: Document) -> Path:
        """The Python that would run a document."""
        return self._interpreter(self._directory(document))

    def attributes_of_a_tensor(self, document: Document) -> tuple[tuple[str, str], ...]:
        """Each with its kind, `function` or `property`, as the document's own torch has them."""
        device = self._device(self._programs.get(document.path))
        state = self.pool.state(self.interpreter_for(document), device)
        return state.ready.tensor if state.ready is not None else ()

    def _interpreter(self, directory: str) -> Path:
        setting = self.settings.run.interpreter
        key = (setting, directory)
        if key not in self._interpreters:
            self._interpreters[key] = self._found_interpreter(setting, Path(directory))
        return self._interpreters[key]

    def _found_interpreter(self, setting: str | None, directory: Path) -> Path:
        try:
            return find_interpreter(setting, directory, trusted=self.is_trusted).path
        except InterpreterError:
            # Starting it fails as it should, and tells the user by the way of all refusals.
            return directory / (setting or "")


def _why_no_copy(program: LiveFile) -> str:
    if sys.platform != "linux":
        return "tensor-not-here"
    record = program.findings.record
    if record is not None and any(known.reason == "no-memory" for known in record.not_kept):
        return "tensor-too-large"
    return "tensor-no-copy"


class _AttemptListener:
    """Hears one run for its program."""

    def __init__(self, program: LiveFile, attempt: Attempt) -> None:
        self._program = program
        self._attempt = attempt

    def on_message(self, message: FromRun) -> None:
        self._program.on_message(self._attempt, message)

    def on_output(self, stream: str, text: str) -> None:
        self._program.on_output(self._attempt, stream, text)
