"""The process of a checkpoint: waits for requests of its host and forks what is requested.

It is suspended between two statements of the program, in a session of its own, and was adopted by
the host. A run that resumes from it is a fork of it, so that it can serve again.
"""

from __future__ import annotations

import dataclasses
import os
import select
import signal
import socket
from typing import (
    Any,
    Callable,
    Dict,
    Generic,
    List,
    NoReturn,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
)

from ...model import messages
from ...model.messages import Whole
from ...model.user_messages import UserMessage
from ..inspect import inspection
from ..system import forking, limits, packets, shared_memory
from ..system.clocks import ClockReadings
from ..system.descriptors import OwnDescriptors, RestorableFile
from ..system.shared_memory import SharedMapping

_INSPECTION_SECONDS = 3
"""The limit on one inspection of a tensor."""

_REAP_SECONDS = 0.25

Prepared = TypeVar("Prepared")


class SnapshotProcess(Generic[Prepared]):
    """The loop of a checkpoint's process.

    `prepare` returns what a request needs to resume from here, or why it cannot.
    """

    def __init__(
        self,
        made: messages.CheckpointMade,
        connection: socket.socket,
        host: int,
        namespace: Dict[str, Any],
        descriptors: OwnDescriptors,
        positions: Sequence[RestorableFile],
        mappings: List[SharedMapping],
        clocks: ClockReadings,
        prepare: Callable[[messages.Run], Union[Prepared, Whole]],
    ) -> None:
        self._made = made
        self._connection = connection
        self._host = host
        self._namespace = namespace
        self._descriptors = descriptors
        self._positions = positions
        self._mappings = mappings
        self._clocks = clocks
        self._prepare = prepare
        self._inspections = 0  # child processes that have not been reaped

    def wait(self) -> Tuple[messages.ResumeRequest, Prepared, int]:
        """Serve the host; return in each process that resumes, ready to run.

        Returns also for how many nanoseconds the program was suspended.

        The checkpoint's own process exits when the host closes the connection.
        """
        duplicates = self._descriptors.redirect_to_null()
        while True:
            try:
                self._reap()
                message, passed = packets.receive(self._connection)
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(message, messages.ResumeRequest):
                prepared = self._fork_run(message)
                if prepared is not None:
                    pause = self._become_run(message.request, duplicates, passed)
                    return message, prepared, pause
            for descriptor in passed:
                os.close(descriptor)
            if isinstance(message, messages.Inspect):
                self._inspect(message)
            elif isinstance(message, messages.MakeSpare):
                self._fork_spare()
            elif isinstance(message, messages.Adopt):
                os.setsid()

    def _fork_run(self, resume: messages.ResumeRequest) -> Optional[Prepared]:
        """Return what was prepared for a request, in the process that shall run it."""
        whole = Whole("not-resumable")
        try:
            prepared = self._prepare(resume.request)
            if isinstance(prepared, Whole):
                whole = prepared
            else:
                in_place = resume.in_place and not self._inspections
                return prepared if in_place or forking.double_fork() else None
        except Exception:
            pass  # Whatever fails here, the host runs the program from its start.
        self._reply(messages.Rejected(resume.request.run, "stale", whole=whole))
        return None

    def _become_run(
        self, request: messages.Run, duplicates: Dict[int, List[int]], passed: List[int]
    ) -> int:
        whole = Whole("not-resumable")
        try:
            if os.getsid(0) != os.getpid():
                os.setsid()
            while signal.sigtimedwait(signal.valid_signals(), 0) is not None:
                pass  # Pending signals were sent to the checkpoint, not to this run.
            limits.die_with_parent(self._host)
            self._descriptors.replace(duplicates, passed)
            for position in self._positions:
                position.restore()
            whole = Whole("file-locked")
            for position in self._positions:
                position.lock()
            whole = Whole("not-resumable")
            shared_memory.share_again(self._mappings)
            pause = self._clocks.resume()
            packets.send(self._connection, messages.Forked(request.run, os.getpid()))
            self._connection.close()
            return pause
        except BaseException:
            self._reply(messages.Rejected(request.run, "stale", whole=whole))
            os._exit(1)

    def _fork_spare(self) -> None:
        """Fork a spare of this checkpoint.

        The spare stays in this process's session until the host has stored it, since the host
        spares that session when it sweeps.
        """
        near, far = packets.pair()
        try:
            is_spare = forking.double_fork()
        except OSError:
            is_spare = False
        if is_spare:
            limits.die_with_parent(self._host)
            made = dataclasses.replace(self._made, pid=os.getpid())
            packets.send(self._connection, made, [far.fileno()])
            self._connection.close()
            self._connection = socket.socket(fileno=limits.move_to_high_fd(near.detach()))
            self._inspections = 0
        near.close()
        far.close()

    def _inspect(self, request: messages.Inspect) -> None:
        try:
            if forking.fork() == 0:
                self._answer(request)
            self._inspections += 1
        except OSError:
            self._reply(
                messages.Inspected(
                    request.run, request.query, problem=UserMessage("tensor-no-checkpoint")
                )
            )

    def _answer(self, request: messages.Inspect) -> NoReturn:
        """Answer in a child process: side effects on tensors do not reach the checkpoint."""
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM,))
            signal.alarm(_INSPECTION_SECONDS)
            packets.send(self._connection, inspection.answer(self._namespace, request))
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Reap inspections that have ended; poll for them only while there are any."""
        while self._inspections:
            while self._inspections and os.waitpid(-1, os.WNOHANG)[0]:
                self._inspections -= 1
            if self._inspections and select.select([self._connection], [], [], _REAP_SECONDS)[0]:
                return

    def _reply(self, message: object) -> None:
        try:
            packets.send(self._connection, message)
        except OSError:
            pass  # The host has gone: the next receive ends this process.
