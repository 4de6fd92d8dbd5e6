"""Makes a checkpoint: a double fork that the host adopts."""

from __future__ import annotations

import dataclasses
import os
import socket
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from types import CellType
from typing import (
    Any,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Union,
)

from ...model import messages
from ..syntax.program import Program
from ..system import descriptors, forking, limits, packets, shared_memory
from ..system.clocks import ClockReadings
from ..system.descriptors import AppendedFile, OpenFile, OwnDescriptors, RestorableFile
from ..system.output import Output
from ..system.shared_memory import SharedMapping
from . import process_ids, wall_clock
from .held_values import AssignedNames, HeldValues
from .resume_code import PreparedResume
from .resume_plan import ProgramPoint, ResumePlan
from .snapshot_process import SnapshotProcess
from .wall_clock import Readings


@dataclass(frozen=True)
class CheckpointContext:
    """The parts of a run's process that its checkpoints need.

    `host` is the process that adopts them. `edit_point` is the last point of the program up to
    which the edit before this run changed nothing, if there was one.
    """

    host: int
    descriptors: OwnDescriptors
    output: Output
    send: Callable[[object], None]
    edit_point: Optional[ProgramPoint] = None


@dataclass(frozen=True)
class SuspendedProgram:
    """A program that is suspended at `point`, before `line` (from 0).

    `programs` are the instrumented texts by path; `prepare` compiles what a resume needs, or
    returns `None` if the program cannot be resumed with that text.
    """

    point: ProgramPoint
    line: int
    namespace: Dict[str, Any]
    programs: Mapping[str, Program]
    prepare: Callable[[ResumePlan, Program], Optional[PreparedResume]]


@dataclass(frozen=True)
class SharedResources:
    """The open files and the shared memory that a fork has in common with the program."""

    files: List[OpenFile]
    positions: List[RestorableFile]
    mappings: List[SharedMapping]

    @classmethod
    def of_the_program(
        cls, own: OwnDescriptors, appended: Sequence[AppendedFile]
    ) -> SharedResources:
        """Collect what the program has opened or mapped by now, or has `appended` to by path."""
        files = own.program_files()
        positions: List[RestorableFile] = [
            *descriptors.file_positions(files, own.program_start),
            *appended,
        ]
        return cls(files, positions, shared_memory.shared_mappings())


@dataclass(frozen=True)
class ResumedRun:
    """The run that a process resumes as, after it was forked from `checkpoint`.

    `renew_held` replaces what namespaces and cells hold of the wall clock and of the process id.
    """

    resume: messages.ResumeRequest
    checkpoint: messages.CheckpointMade
    prepared: PreparedResume
    renew_held: Callable[[Sequence[Dict[str, Any]], Mapping[str, CellType]], None]

    @property
    def request(self) -> messages.Run:
        """The run that this process is from now on."""
        return self.resume.request


@dataclass(frozen=True)
class HeldByProgram:
    """What a program holds of the wall clock, by `readings`, and of its process id `pid`."""

    times: HeldValues
    readings: Readings
    ids: HeldValues
    pid: int

    def renew(
        self,
        pause_ns: int,
        namespaces: Sequence[Dict[str, Any]],
        cells: Mapping[str, CellType],
    ) -> None:
        """Replace both as a run from the top would hold them."""
        self.times.update(lambda v: self.readings.moved(v, pause_ns), namespaces, cells)
        pid = os.getpid()
        self.ids.update(lambda v: process_ids.replaced(v, self.pid, pid), namespaces, cells)


@dataclass(frozen=True)
class CheckpointFork:
    """The fork that makes one checkpoint.

    `since_ns` is when the program began, in nanoseconds of the wall clock, and `programs` are its
    texts by path. `prepare` decides whether and how a request resumes from the checkpoint. `leave`
    lets go in its process of what stays with the run.
    """

    made: messages.CheckpointMade
    context: CheckpointContext
    namespace: Dict[str, Any]
    shared: SharedResources
    since_ns: int
    programs: Mapping[str, Program]
    prepare: Callable[[messages.Run], Union[PreparedResume, messages.Whole]]
    leave: Callable[[], None]

    def fork(self) -> Optional[ResumedRun]:
        """Create the checkpoint's process.

        Returns `None` in the run, once the checkpoint is registered with the host; in each process
        that resumes from it, returns what it resumes as. Raises `OSError`.
        """
        near, far = packets.pair()
        reader, writer = os.pipe()
        readings, pid = ClockReadings.now(), os.getpid()
        try:
            is_snapshot = forking.double_fork()
        except OSError:
            _close(near.detach(), far.detach(), reader, writer)
            raise
        if is_snapshot:
            os.close(reader)
            return self._suspend(near, far, writer, readings, pid)
        _close(near.detach(), far.detach(), writer)
        # The run may write to shared memory again once the snapshot has a private copy of it.
        is_ready = os.read(reader, 1)
        os.close(reader)
        if not is_ready:
            raise OSError("the checkpoint's process ended before it was ready")
        return None

    def _suspend(
        self,
        near: socket.socket,
        far: socket.socket,
        ready: int,
        readings: ClockReadings,
        pid: int,
    ) -> ResumedRun:
        """Wait in the checkpoint's process; returns in each process that resumes from it.

        `readings` and `pid` are those of the run.
        """
        try:
            limits.die_with_parent(self.context.host)
            os.setsid()
            shared_memory.make_private(self.shared.mappings)
            if not self.made.resumes:
                # Close inherited files so that sockets and locks are free for the next run.
                _close(*(file.descriptor for file in self.shared.files))
            else:
                self.leave()
                for position in self.shared.positions:
                    position.suspend()
            made = dataclasses.replace(self.made, pid=os.getpid())
            send_to_host(self.context.descriptors, made, far.fileno())
            far.close()
            os.write(ready, b"!")
            os.close(ready)
            connection = socket.socket(fileno=limits.move_to_high_fd(near.detach()))
            process: SnapshotProcess[PreparedResume] = SnapshotProcess(
                made,
                connection,
                self.context.host,
                self.namespace,
                self.context.descriptors,
                self.shared.positions,
                self.shared.mappings,
                readings,
                self.prepare,
            )
            trees = [program.tree for program in self.programs.values()]
            held = HeldByProgram(
                HeldValues(AssignedNames.of(trees, wall_clock.READERS), self.programs),
                Readings(self.since_ns, readings.wall_ns),
                HeldValues(AssignedNames.of(trees, process_ids.READERS), self.programs),
                pid,
            )
            resume, prepared, pause = process.wait()
        except BaseException:
            os._exit(1)
        return ResumedRun(resume, made, prepared, partial(held.renew, pause))


def send_to_host(own: OwnDescriptors, message: object, *passed: int) -> None:
    """Send a message over the run's registrar. Raises `OSError`."""
    with closing(socket.socket(fileno=os.dup(own.registrar))) as registrar:
        packets.send(registrar, message, passed)


def _close(*numbers: int) -> None:
    for number in numbers:
        os.close(number)
