"""The paused copies of all programs that a host keeps: which may serve a request, which must go."""

from __future__ import annotations

import select
import socket
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from ...model import messages
from ..checkpoint.resume_plan import ProgramPoint, ResumePlanner
from ..syntax.program import Program
from ..syntax.steps import steps
from ..system import memory, packets

MOST_OF_A_PROGRAM = 8

SHARE_OF_THE_MACHINE = 0.25
"""Of its memory, that all copies together may hold."""

ANSWER_SECONDS = 2.0
"""What a copy may take to become a run. Then the whole program runs instead."""


@dataclass(frozen=True)
class Setup:
    """What a run stands on besides its text: a copy serves no run with another one."""

    path: str
    arguments: Tuple[str, ...]
    directory: str
    environment: Tuple[Tuple[str, str], ...]
    device: str
    roots: Tuple[str, ...]
    memory_limit: int
    output_limit: int


def setup_of(request: messages.Run) -> Setup:
    return Setup(
        request.path,
        request.arguments,
        request.directory,
        tuple(sorted(request.environment.items())),
        request.device,
        request.roots,
        request.memory_limit,
        request.output_limit,
    )


@dataclass(frozen=True, eq=False)
class Copy:
    """`program` is the one that the run which made it was given."""

    paused: messages.CheckpointMade
    connection: socket.socket
    program: Program
    setup: Setup

    @property
    def pid(self) -> int:
        return self.paused.pid

    @property
    def point(self) -> ProgramPoint:
        return ProgramPoint(self.paused.step, self.paused.body_index)

    @property
    def name(self) -> Tuple[int, int]:
        """Twins share it."""
        return self.paused.run, self.paused.number

    @property
    def is_at_the_end(self) -> bool:
        return self.paused.step == len(steps(self.program.tree))


class Copies:
    """`forgotten` hears of each copy that goes, once it has been told to."""

    def __init__(self, planner: ResumePlanner, forgotten: Callable[[Copy], None]) -> None:
        self._planner = planner
        self._forgotten = forgotten
        self._copies: List[Copy] = []

    def __iter__(self) -> Iterator[Copy]:
        return iter(self._copies)

    @property
    def pids(self) -> Tuple[int, ...]:
        return tuple(copy.pid for copy in self._copies)

    def add(self, copy: Copy) -> None:
        same = [c for c in self._of(copy.setup.path) if c.point == copy.point]
        for older in same:
            outdoes = older.setup == copy.setup and older.paused.resumes <= copy.paused.resumes
            if outdoes and older.name != copy.name:
                self.drop(older)
        self._copies.append(copy)
        of_program = [c for c in self._of(copy.setup.path) if not c.is_at_the_end]
        while len(of_program) > MOST_OF_A_PROGRAM:
            least = _least_loss(of_program)
            of_program.remove(least)
            self.drop(least)
        self.heed_memory()

    def fitting(self, request: messages.Run, program: Program) -> List[Copy]:
        """Those that a run of a new text may go on from, the best first. The others of that program
        are dropped: only by undoing the edit could one be of use again, and what the last run ended
        with is not looked at any more.
        """
        setup = setup_of(request)
        found = []
        for copy in self._of(request.path):
            may = copy.paused.resumes and copy.setup == setup
            if may and self._planner.plan(copy.program, copy.point, program) is not None:
                found.append(copy)
            else:
                self.drop(copy)
        return sorted(found, key=lambda copy: copy.paused.work, reverse=True)

    def at_the_end_of(self, run: int) -> Optional[Copy]:
        of_run = [copy for copy in self._copies if copy.paused.run == run]
        return next((copy for copy in of_run if copy.is_at_the_end), None)

    def drop(self, copy: Copy) -> None:
        """Its end of the socket is closed, so it leaves, unless it has become a run."""
        if copy in self._copies:
            self._copies.remove(copy)
            copy.connection.close()
            if not self.has_twin(copy):
                self._forgotten(copy)

    def drop_path(self, path: str) -> None:
        for copy in self._of(path):
            self.drop(copy)

    def drop_pid(self, pid: int) -> None:
        for copy in [copy for copy in self._copies if copy.pid == pid]:
            self.drop(copy)

    def drop_number(self, run: int, number: int) -> bool:
        """Whether there was such a copy."""
        found = [copy for copy in self._copies if copy.name == (run, number)]
        for copy in found:
            self.drop(copy)
        return bool(found)

    def has_twin(self, copy: Copy) -> bool:
        """Then one of them may become the next run without a fork."""
        return any(other is not copy and other.name == copy.name for other in self._copies)

    def needs_spare(self, path: str, edit_point: ProgramPoint) -> Optional[Copy]:
        """Return the checkpoint that the next run will resume from, if it has no spare.

        The next edit is expected to be where the last one was, at `edit_point`.
        """
        above = [c for c in self._of(path) if c.paused.resumes and c.point <= edit_point]
        best = max(above, key=lambda copy: copy.paused.work, default=None)
        return None if best is None or self.has_twin(best) else best

    def heed_memory(self) -> None:
        """Drops copies while all of them hold more than their share of the machine."""
        allowed = SHARE_OF_THE_MACHINE * memory.of_the_machine()
        base = memory.resident()
        if sum(max(memory.resident(str(pid)) - base, 0) for pid in self.pids) <= allowed:
            return  # Even if they shared no page.
        shares = {copy: memory.share(copy.pid) for copy in self._copies}
        while self._copies and sum(shares.values()) > allowed:
            largest = max(self._copies, key=lambda copy: shares[copy])
            least = _least_loss(self._of(largest.setup.path))
            self.drop(least)
            del shares[least]

    def _of(self, path: str) -> List[Copy]:
        return [copy for copy in self._copies if copy.setup.path == path]


def resume(
    copy: Copy,
    resume_request: messages.ResumeRequest,
    descriptors: Sequence[int],
    received: Callable[[object, List[int]], None],
) -> Optional[int]:
    """The process that goes on from a copy with a request; `None` where none does. What the copy
    says of something else is `received`, with the descriptors that came beside it.
    """
    run = resume_request.request.run
    try:
        packets.send(copy.connection, resume_request, descriptors)
        while select.select([copy.connection], [], [], ANSWER_SECONDS)[0]:
            answer, passed = packets.receive(copy.connection)
            if isinstance(answer, messages.Forked) and answer.run == run:
                return answer.pid
            if isinstance(answer, messages.Rejected) and answer.run == run:
                return None
            received(answer, passed)
    except (OSError, EOFError):
        pass
    return None


def _least_loss(copies: Sequence[Copy]) -> Copy:
    """The one without which the least has to be run again: up to it from the one before."""
    losses: Dict[Copy, float] = {}
    before = 0.0
    for copy in sorted(copies, key=lambda copy: copy.paused.work):
        losses[copy] = copy.paused.work - before
        before = copy.paused.work
    return min(losses, key=lambda copy: losses[copy])
