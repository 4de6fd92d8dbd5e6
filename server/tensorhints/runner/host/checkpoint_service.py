"""Talks to the checkpoints of a host on behalf of its runs and of the server."""

from __future__ import annotations

import os
import select
import socket
from typing import Callable, Iterator, List, Optional, Sequence, Set, Tuple, Union

from ...model import messages
from ...model.messages import Whole
from ...model.user_messages import UserMessage
from ..checkpoint.resume_plan import ProgramPoint, ResumePlanner
from ..syntax.program import Program
from ..system import packets
from .checkpoint_store import CheckpointStore, RunConfiguration, StoredCheckpoint
from .hosted_run import HostedRun

RESUME_SECONDS = 2.0
"""The time in which a checkpoint becomes a run; after it, the program runs from the start."""


class CheckpointService:
    """Registers, resumes and inspects checkpoints and has spares of them made.

    `send` reaches the server; `kill` ends the process of a checkpoint that does not respond.
    """

    def __init__(
        self,
        planner: ResumePlanner,
        send: Callable[[object], None],
        kill: Callable[[int], None],
    ) -> None:
        self._planner = planner
        self._send = send
        self._kill = kill
        self._store = CheckpointStore(planner, self._report_evicted)
        self._released: Set[str] = set()  # paths whose last run may still send checkpoints

    def __iter__(self) -> Iterator[StoredCheckpoint]:
        return iter(self._store)

    @property
    def pids(self) -> Tuple[int, ...]:
        """The process ids of all checkpoints."""
        return self._store.pids

    def evict_pid(self, pid: int) -> None:
        """Forget the checkpoint of a process that has ended, if it was one."""
        self._store.evict_pid(pid)

    def release(self, path: str) -> None:
        """Drop the checkpoints of a program, and those that its last run may still send."""
        self._released.add(path)
        self._store.evict_path(path)

    def keep(self, path: str) -> None:
        """Store the checkpoints of a program from now on."""
        self._released.discard(path)

    # ---- from runs and checkpoints ---------------------------------------------------------------

    def register(self, run: HostedRun) -> None:
        """Receive everything that a run has sent over its registrar so far."""
        assert run.registrar is not None
        while True:
            try:
                message, passed = packets.receive(run.registrar, socket.MSG_DONTWAIT)
            except (OSError, EOFError):
                return
            if isinstance(message, messages.CheckpointMade):
                connection = socket.socket(fileno=passed[0])
                configuration = RunConfiguration.of(run.request)
                self._add(StoredCheckpoint(message, connection, run.program, configuration))
            elif isinstance(message, messages.CheckpointDropped):
                if not self._store.evict_named(message.run, message.number):
                    self._send(message)  # It was never stored: its process could not be forked.
            else:
                self._send(message)

    def receive(self, checkpoint: StoredCheckpoint) -> None:
        """Receive a message of a checkpoint that was not asked for anything by `resume`."""
        try:
            message, passed = packets.receive(checkpoint.connection, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except (OSError, EOFError):
            self._store.evict_lost(checkpoint)
            return
        self._handle(checkpoint, message, passed)

    def _handle(self, checkpoint: StoredCheckpoint, message: object, passed: List[int]) -> None:
        if isinstance(message, messages.CheckpointMade):
            connection = socket.socket(fileno=passed.pop())
            spare = StoredCheckpoint(
                message, connection, checkpoint.program, checkpoint.configuration
            )
            self._add(spare)
            self._send_to(spare, messages.Adopt())
        elif isinstance(message, messages.Inspected):
            self._send(message)
        for descriptor in passed:
            os.close(descriptor)

    def _add(self, checkpoint: StoredCheckpoint) -> None:
        self._store.add(checkpoint)
        if checkpoint.configuration.path in self._released:
            self._store.evict(checkpoint)

    # ---- to checkpoints --------------------------------------------------------------------------

    def resume(
        self,
        request: messages.Run,
        edit_point: Optional[ProgramPoint],
        program: Program,
        descriptors: Sequence[int],
    ) -> Union[messages.Forked, Whole]:
        """Resume from the best checkpoint for a request; if that is not possible, return why.

        `descriptors` are passed to the resumed process.
        """
        usable, why = self._store.usable_for(request, program)
        if request.afresh:
            return Whole("requested")
        edited = edit_point or ProgramPoint(-1)
        for checkpoint in usable:
            in_place = self._store.has_spare(checkpoint)
            resume = messages.ResumeRequest(request, edited.step, edited.body_index, in_place)
            answer = self._resumed_process(checkpoint, resume, descriptors)
            if isinstance(answer, messages.Forked):
                if answer.pid == checkpoint.pid:
                    self._store.evict(checkpoint)
                made = checkpoint.made
                return messages.Forked(request.run, answer.pid, made.run, made.number)
            why = answer
            self._store.evict(checkpoint)
            self._kill(checkpoint.pid)
        if why is None:
            why = Whole("nothing-kept", str(self._planner.line_of(program, edited)))
        return why

    def _resumed_process(
        self,
        checkpoint: StoredCheckpoint,
        resume: messages.ResumeRequest,
        descriptors: Sequence[int],
    ) -> Union[messages.Forked, Whole]:
        """Return the message of the process that resumes, or why there is none.

        Other messages that the checkpoint sends meanwhile are handled as usual.
        """
        run = resume.request.run
        try:
            packets.send(checkpoint.connection, resume, descriptors)
            while select.select([checkpoint.connection], [], [], RESUME_SECONDS)[0]:
                answer, passed = packets.receive(checkpoint.connection)
                if isinstance(answer, messages.Forked) and answer.run == run:
                    return answer
                if isinstance(answer, messages.Rejected) and answer.run == run:
                    return answer.whole or Whole("not-resumable")
                self._handle(checkpoint, answer, passed)
        except (OSError, EOFError):
            pass  # The process has ended.
        return Whole("checkpoint-lost")

    def request_spare(self, run: HostedRun) -> None:
        """Have a spare made of the checkpoint that the next run will resume from."""
        if run.edit_point is not None:
            checkpoint = self._store.needs_spare(run.request.path, run.edit_point)
            if checkpoint is not None:
                self._send_to(checkpoint, messages.MakeSpare())

    def inspect(self, request: messages.Inspect) -> None:
        """Pass an inspection on to the final checkpoint of its run, which answers to the server."""
        checkpoint = self._store.final_of(request.run)
        try:
            if checkpoint is not None:
                packets.send(checkpoint.connection, request)
                return
        except OSError:
            pass  # The process has ended.
        problem = UserMessage("tensor-no-checkpoint")
        self._send(messages.Inspected(request.run, request.query, problem=problem))

    def _send_to(self, checkpoint: StoredCheckpoint, message: object) -> None:
        try:
            packets.send(checkpoint.connection, message)
        except OSError:
            self._store.evict(checkpoint)

    def _report_evicted(self, checkpoint: StoredCheckpoint) -> None:
        self._send(messages.CheckpointDropped(checkpoint.made.run, checkpoint.made.number))
