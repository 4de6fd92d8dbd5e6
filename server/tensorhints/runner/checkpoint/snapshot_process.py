"""A paused copy of a run: it waits for its host, and forks what is asked for from itself.

It stands between two statements of the program, in a process of its own that the host has adopted.
A run that goes on from it is a fork of it, so that it can serve again.
"""

from __future__ import annotations

import dataclasses
import os
import select
import signal
import socket
from typing import Any, Callable, Dict, Generic, List, NoReturn, Optional, Sequence, Tuple, TypeVar

from ...model import messages
from ...model.user_messages import UserMessage
from ..inspect import inspection
from ..system import forking, limits, packets, shared_memory
from ..system.descriptors import OwnDescriptors, Position

_LOOK_SECONDS = 3
"""What a look at a tensor may take before it is given up."""

_REAP_SECONDS = 0.25

Prepared = TypeVar("Prepared")


class SnapshotProcess(Generic[Prepared]):
    """In the process that pauses. `prepare` says how a request goes on from here, `None` where it
    may not.
    """

    def __init__(
        self,
        paused: messages.CheckpointMade,
        connection: socket.socket,
        host: int,
        namespace: Dict[str, Any],
        descriptors: OwnDescriptors,
        positions: Sequence[Position],
        shared: List[shared_memory.SharedMap],
        prepare: Callable[[messages.Run], Optional[Prepared]],
    ) -> None:
        self._paused = paused
        self._connection = connection
        self._host = host
        self._namespace = namespace
        self._descriptors = descriptors
        self._positions = positions
        self._shared = shared
        self._prepare = prepare
        self._looks = 0

    def wait(self) -> Tuple[messages.ResumeRequest, Prepared]:
        """Returns in each process that shall go on as another run, once it is made fit for that."""
        held = self._descriptors.silence()
        while True:
            try:
                self._reap()
                message, passed = packets.receive(self._connection)
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(message, messages.ResumeRequest):
                prepared = self._fork_for(message)
                if prepared is not None:
                    self._become_a_run(message.request, held, passed)
                    return message, prepared
            for descriptor in passed:
                os.close(descriptor)
            if isinstance(message, messages.Inspect):
                self._look(message)
            elif isinstance(message, messages.MakeSpare):
                self._double()
            elif isinstance(message, messages.Adopt):
                os.setsid()

    def _fork_for(self, resume: messages.ResumeRequest) -> Optional[Prepared]:
        """What is prepared for a request, in the process that shall run it."""
        try:
            prepared = self._prepare(resume.request)
            if prepared is not None:
                becomes_it = resume.in_place and not self._looks
                return prepared if becomes_it or forking.fork_for_adoption() else None
        except Exception:
            pass
        self._reply(messages.Rejected(resume.request.run, "stale"))
        return None

    def _become_a_run(
        self, request: messages.Run, held: Dict[int, List[int]], passed: List[int]
    ) -> None:
        try:
            if os.getsid(0) != os.getpid():
                os.setsid()
            while signal.sigtimedwait(signal.valid_signals(), 0) is not None:
                pass  # It was for the copy.
            limits.die_with_parent(self._host)
            self._descriptors.replace(held, passed)
            for position in self._positions:
                position.restore()
            shared_memory.share_anew(self._shared)
            packets.send(self._connection, messages.Forked(request.run, os.getpid()))
            self._connection.close()
        except BaseException:
            self._reply(messages.Rejected(request.run, "stale"))
            os._exit(1)

    def _double(self) -> None:
        """A fork of this copy waits beside it. It stays in this session until the host knows it and
        spares it.
        """
        near, far = packets.pair()
        try:
            is_twin = forking.fork_for_adoption()
        except OSError:
            is_twin = False
        if is_twin:
            limits.die_with_parent(self._host)
            paused = dataclasses.replace(self._paused, pid=os.getpid())
            packets.send(self._connection, paused, [far.fileno()])
            self._connection.close()
            self._connection = socket.socket(fileno=limits.move_to_high_fd(near.detach()))
            self._looks = 0
        near.close()
        far.close()

    def _look(self, request: messages.Inspect) -> None:
        try:
            if forking.fork() == 0:
                self._answer(request)
            self._looks += 1
        except OSError:
            self._reply(
                messages.Inspected(
                    request.run, request.query, problem=UserMessage("tensor-no-copy")
                )
            )

    def _answer(self, request: messages.Inspect) -> NoReturn:
        """In a process that is thrown away: nothing that it does to a tensor is seen again."""
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM,))
            signal.alarm(_LOOK_SECONDS)
            packets.send(self._connection, inspection.answer(self._namespace, request))
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Takes away what looked, before it waits without an end."""
        while self._looks:
            while self._looks and os.waitpid(-1, os.WNOHANG)[0]:
                self._looks -= 1
            if self._looks and select.select([self._connection], [], [], _REAP_SECONDS)[0]:
                return

    def _reply(self, message: object) -> None:
        try:
            packets.send(self._connection, message)
        except OSError:
            pass
