"""The checkpoints that a host keeps: which may serve a request, and which to evict."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from ...model import messages
from ...model.messages import Whole, WholeReason
from ..checkpoint.resume_plan import ProgramPoint, ResumePlanner
from ..syntax.program import Program
from ..syntax.steps import steps
from ..system import memory

MAX_PER_PROGRAM = 8
"""The final checkpoint of a program is not counted."""

MEMORY_SHARE = 0.25
"""The fraction of the machine's memory that all checkpoints together may hold."""


@dataclass(frozen=True)
class RunConfiguration:
    """Run configuration that must match exactly for a checkpoint to be reusable."""

    path: str
    arguments: Tuple[str, ...]
    directory: str
    environment: Tuple[Tuple[str, str], ...]
    device: str
    roots: Tuple[str, ...]
    memory_limit: int
    output_limit: int

    @classmethod
    def of(cls, request: messages.Run) -> RunConfiguration:
        """Extract the configuration from a request."""
        return cls(
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
class StoredCheckpoint:
    """A checkpoint with the connection to its process.

    `program` is the text of the run that made it.
    """

    made: messages.CheckpointMade
    connection: socket.socket
    program: Program
    configuration: RunConfiguration

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self.made.pid

    @property
    def point(self) -> ProgramPoint:
        """The point at which its program is suspended."""
        return ProgramPoint(self.made.step, self.made.body_index)

    @property
    def name(self) -> Tuple[int, int]:
        """The run that made it and its number there. A spare has the same name."""
        return self.made.run, self.made.number

    @property
    def is_final(self) -> bool:
        """Whether its program has ended."""
        return self.made.step == len(steps(self.program.tree))


class CheckpointStore:
    """The checkpoints of all programs. `on_evicted` is called with every removed checkpoint.

    It is not called for a checkpoint whose spare stays, or for a spare whose checkpoint stays.
    """

    def __init__(
        self, planner: ResumePlanner, on_evicted: Callable[[StoredCheckpoint], None]
    ) -> None:
        self._planner = planner
        self._on_evicted = on_evicted
        self._checkpoints: List[StoredCheckpoint] = []
        self._losses: Dict[str, WholeReason] = {}
        """Why the last checkpoint that a program lost was lost, since its last run began."""

    def __iter__(self) -> Iterator[StoredCheckpoint]:
        return iter(self._checkpoints)

    @property
    def pids(self) -> Tuple[int, ...]:
        """The process ids of all checkpoints."""
        return tuple(checkpoint.pid for checkpoint in self._checkpoints)

    def add(self, new: StoredCheckpoint) -> None:
        """Store a checkpoint; evict those that it replaces or that exceed a limit."""
        path = new.configuration.path
        for older in self._of(path):
            is_replaced = (
                older.point == new.point
                and older.configuration == new.configuration
                and older.made.resumes <= new.made.resumes
            )
            if is_replaced and older.name != new.name:
                self.evict(older)
        self._checkpoints.append(new)
        resumable = [checkpoint for checkpoint in self._of(path) if not checkpoint.is_final]
        while len(resumable) > MAX_PER_PROGRAM:
            cheapest = _cheapest_to_lose(resumable)
            resumable.remove(cheapest)
            self.evict(cheapest)
        self.limit_memory()

    def usable_for(
        self, request: messages.Run, program: Program
    ) -> Tuple[List[StoredCheckpoint], Optional[Whole]]:
        """Return the checkpoints that a run of a new text may resume from, the latest first.

        If there is none although the program had some, also returns why. Evicts the program's other
        checkpoints: they would be of use only if the edit were undone, and the tensors at the end
        of the last run are not inspected any more.
        """
        configuration = RunConfiguration.of(request)
        resumable = [c for c in self._of(request.path) if c.made.resumes]
        fitting = [c for c in resumable if c.configuration == configuration]
        found = [c for c in fitting if self._planner.plan(c.program, c.point, program)]
        loss = self._losses.pop(request.path, None)
        why = None if loss is None else Whole(loss)
        if resumable and not fitting:
            why = Whole("settings")
        elif fitting and not found:
            earliest = min(fitting, key=lambda checkpoint: checkpoint.made.work)
            why = self._obstacle(earliest, program)
        for checkpoint in self._of(request.path):
            if checkpoint not in found:
                self.evict(checkpoint)
        found.sort(key=lambda checkpoint: checkpoint.made.work, reverse=True)
        return found, why

    def _obstacle(self, checkpoint: StoredCheckpoint, program: Program) -> Whole:
        reason = self._planner.obstacle(checkpoint.program, checkpoint.point, program)
        line = self._planner.line_of(checkpoint.program, checkpoint.point)
        return Whole(reason, str(line))

    def final_of(self, run: int) -> Optional[StoredCheckpoint]:
        """Return the checkpoint of a run's end, if there is one."""
        of_run = [checkpoint for checkpoint in self._checkpoints if checkpoint.made.run == run]
        return next((checkpoint for checkpoint in of_run if checkpoint.is_final), None)

    def evict(self, checkpoint: StoredCheckpoint) -> None:
        """Remove a checkpoint and close its connection.

        Its process exits then, unless it has become a run.
        """
        if checkpoint in self._checkpoints:
            self._checkpoints.remove(checkpoint)
            checkpoint.connection.close()
            if not self.has_spare(checkpoint):
                self._on_evicted(checkpoint)

    def evict_path(self, path: str) -> None:
        """Evict all checkpoints of a program."""
        for checkpoint in self._of(path):
            self.evict(checkpoint)

    def evict_pid(self, pid: int) -> None:
        """Evict the checkpoint of a process that has ended, if it is one."""
        for checkpoint in [c for c in self._checkpoints if c.pid == pid]:
            self.evict_lost(checkpoint)

    def evict_lost(
        self, checkpoint: StoredCheckpoint, reason: WholeReason = "checkpoint-lost"
    ) -> None:
        """Evict a checkpoint that the next run might have used; remember the reason for that."""
        self._losses[checkpoint.configuration.path] = reason
        self.evict(checkpoint)

    def evict_named(self, run: int, number: int) -> bool:
        """Evict a checkpoint and its spare; return whether it was stored."""
        found = [c for c in self._checkpoints if c.name == (run, number)]
        for checkpoint in found:
            self.evict(checkpoint)
        return bool(found)

    def has_spare(self, checkpoint: StoredCheckpoint) -> bool:
        """Whether another process holds the same checkpoint.

        Then one of the two can become the next run without a fork.
        """
        return any(
            other is not checkpoint and other.name == checkpoint.name for other in self._checkpoints
        )

    def needs_spare(self, path: str, edit_point: ProgramPoint) -> Optional[StoredCheckpoint]:
        """Return the checkpoint the next run will resume from, if it has no spare.

        The next edit is expected where the last one was, at `edit_point`.
        """
        above = [c for c in self._of(path) if c.made.resumes and c.point <= edit_point]
        latest = max(above, key=lambda checkpoint: checkpoint.made.work, default=None)
        return None if latest is None or self.has_spare(latest) else latest

    def limit_memory(self) -> None:
        """Evict checkpoints while all of them exceed their share of the machine's memory."""
        allowed = MEMORY_SHARE * memory.total()
        base = memory.resident()
        if sum(max(memory.resident(str(pid)) - base, 0) for pid in self.pids) <= allowed:
            return  # Not even if no page were shared; the exact figures take longer to read.
        shares = {c: memory.proportional_share(c.pid) for c in self._checkpoints}
        while self._checkpoints and sum(shares.values()) > allowed:
            largest = max(self._checkpoints, key=lambda checkpoint: shares[checkpoint])
            cheapest = _cheapest_to_lose(self._of(largest.configuration.path))
            self.evict_lost(cheapest, "memory-limit")
            del shares[cheapest]

    def _of(self, path: str) -> List[StoredCheckpoint]:
        return [c for c in self._checkpoints if c.configuration.path == path]


def _cheapest_to_lose(checkpoints: Sequence[StoredCheckpoint]) -> StoredCheckpoint:
    """Return the checkpoint whose eviction costs the least re-execution.

    That is the work between the previous checkpoint and it.
    """
    losses: Dict[StoredCheckpoint, float] = {}
    before = 0.0
    for checkpoint in sorted(checkpoints, key=lambda checkpoint: checkpoint.made.work):
        losses[checkpoint] = checkpoint.made.work - before
        before = checkpoint.made.work
    return min(losses, key=lambda checkpoint: losses[checkpoint])
