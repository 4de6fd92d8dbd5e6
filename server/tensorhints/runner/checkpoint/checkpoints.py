"""Paused copies along a run: when one is worth its price, and how it is made.

A copy costs a fork, and then the copying of every page that the run goes on to rewrite. So one is
made where the work since the last is a multiple of that, and right before the statement that was
edited last, where the next edit is most likely to be.
"""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Set, Tuple

from ...model import messages, output_marks
from .. import imports
from ..observe.recorder import Recorder
from ..syntax.program import Program, parse
from ..system import descriptors, forking, limits, memory, packets, shared_memory
from ..system.descriptors import OpenFile, OwnDescriptors, Position
from . import filenames, hazards
from .files_read import FilesRead
from .files_written import FilesWritten
from .resume_code import PreparedResume
from .resume_plan import ProgramPoint, ResumePlan, ResumePlanner
from .snapshot_process import SnapshotProcess

LEAST_WORK = 0.05
FORK_SECONDS, FORK_SECONDS_A_GB = 0.005, 0.025
REWRITE_SECONDS_A_GB = 1.0

WORTH = 10
"""How many times a fork's price the work since the last copy has to be."""

WORTH_AT_THE_EDIT = 2

REFUSED_FOR = 0.02
"""Seconds after a hazard for which nobody looks again."""

_MOST_BUSY = 4
"""A single hiccup shall not keep a run from being copied again."""

_GB = float(2**30)


@dataclass(frozen=True)
class CheckpointContext:
    """What checkpoints need of the process of their run.

    `host` is the process that adopts them. `edit_point` is the last point of the program up to
    which the edit before this run changed nothing, if there was one.
    """

    host: int
    descriptors: OwnDescriptors
    output: limits.Output
    send: Callable[[object], None]
    edit_point: Optional[ProgramPoint] = None


@dataclass(frozen=True)
class ProgramState:
    """Where a program stands: at `point`, where `line` (from 0) is next."""

    point: ProgramPoint
    line: int
    namespace: Dict[str, Any]
    programs: Mapping[str, Program]
    prepare: Callable[[ResumePlan, Program], Optional[PreparedResume]]


@dataclass(frozen=True)
class ResumedRun:
    """What a process is to go on with that was forked from the copy `paused`."""

    request: messages.Run
    checkpoint: messages.CheckpointMade
    prepared: PreparedResume


class Checkpoints:
    """Of one run; in a process that goes on from a copy, of the run that this has become."""

    def __init__(
        self,
        request: messages.Run,
        program: Program,
        surroundings: CheckpointContext,
        recorder: Recorder,
    ) -> None:
        self._request = request
        self._around = surroundings
        self._recorder = recorder
        self._edit_point = surroundings.edit_point
        self._watch = hazards.Watch()
        self._files = FilesRead()
        self._traces = FilesWritten((os.getcwd(), os.path.dirname(request.path)))
        self._planner = ResumePlanner(imports.modules)
        self._made = 0
        self._works: Dict[Tuple[int, int], float] = {}
        self._told: Set[str] = set()
        self._stood_at: Optional[ProgramPoint] = None
        self._made_at: Optional[ProgramPoint] = None
        self._made_with = program
        self._work = 0.0
        self._since = time.perf_counter()
        self._was_forked = False
        self._touched = 0
        self._last_price = 0.0
        self._refused = 0.0

    def start(self) -> None:
        self._around.descriptors.mark_program_start()
        self._traces.begin()
        self._since = time.perf_counter()

    def restart_work_timer(self) -> None:
        """What a run does to go on from a copy, a later copy would not save."""
        self._since = time.perf_counter()

    def drop_below(self, seconds: float) -> None:
        """What the next host's runs find imported. A copy that saves less work than that is better
        not gone on from: each run would import it again.
        """
        for (run, number), work in self._works.items():
            if work < seconds:
                self._register(messages.CheckpointDropped(run, number))

    def make_if_worthwhile(self, moment: ProgramState) -> Optional[ResumedRun]:
        """Returns something in a process that is to go on as another run; the recorder stands still
        there.
        """
        if not self._request.checkpoints or moment.point == self._stood_at:
            return None
        return self._pause(moment, resumes=True) if self._is_due(moment.point) else None

    def make_final(self, moment: ProgramState) -> None:
        """At the program's end, where no copy stands that would do."""
        if not self._request.inspect or moment.point == self._made_at:
            return
        if memory.resident() > memory.of_the_machine() / 4:
            self._tell("no-memory", moment)
        else:
            self._pause(moment, resumes=False)

    # ---- whether ---------------------------------------------------------------------------------

    def _is_due(self, point: ProgramPoint) -> bool:
        now = time.perf_counter()
        worked = now - self._since
        if now - self._refused < REFUSED_FOR:
            return False
        if point == self._edit_point:
            return worked >= WORTH_AT_THE_EDIT * self._price()
        if worked < LEAST_WORK or worked < WORTH * self._price():
            return False
        # What was rewritten since the last copy will be rewritten after the next.
        rewritten = memory.touched() - self._touched if self._was_forked else 0
        return worked >= WORTH * self._price() + REWRITE_SECONDS_A_GB * rewritten / _GB

    def _price(self) -> float:
        """Seconds that the next copy takes: as long as the last one, where the machine is busy."""
        expected = FORK_SECONDS + FORK_SECONDS_A_GB * memory.resident() / _GB
        return max(expected, min(self._last_price, _MOST_BUSY * expected))

    def _tell(self, reason: messages.CheckpointHazard, moment: ProgramState) -> None:
        if reason not in self._told:
            self._told.add(reason)
            self._around.send(messages.NoCheckpoint(self._request.run, reason, moment.line))

    # ---- how -------------------------------------------------------------------------------------

    def _pause(self, moment: ProgramState, resumes: bool) -> Optional[ResumedRun]:
        began = time.perf_counter()
        made, work = self._made, self._work
        self._work += began - self._since
        goes_on = None
        with forking.undisturbed():
            self._recorder.stop()
            try:
                forking.let_openmp_go()
                goes_on = self._fork(moment, resumes)
            except OSError:
                self._tell("no-memory", moment)
            finally:
                if goes_on is None:
                    self._recorder.go_on()
        now = time.perf_counter()
        if goes_on is None and self._made == made:
            # The work is still to be kept, once what stands against it is over.
            self._work, self._refused = work, now
            return None
        if goes_on is None:
            self._last_price = now - began
        self._since, self._refused = now, 0.0
        self._touched = memory.touched()
        return goes_on

    def _fork(self, moment: ProgramState, resumes: bool) -> Optional[ResumedRun]:
        files = self._around.descriptors.of_the_program()
        positions = descriptors.positions(files)
        shared = shared_memory.shared_maps()
        if resumes:
            reason = self._watch.found(files, positions, shared)
            if reason is not None:
                self._tell(reason, moment)
                return None
        self._files.look(self._request.path, moment.programs)
        self._traces.look(
            {file.identity[1] for file in files if file.is_regular},
            moment.namespace,
            self._names_of_files(moment),
        )
        self._made += 1
        self._mark_output()
        try:
            order = self._fork_marked(moment, resumes, files, positions, shared)
        except OSError:
            self._register(messages.CheckpointDropped(self._request.run, self._made))
            raise
        if order is None:
            self._was_forked = True
            self._stood_at = self._made_at = moment.point
            self._works[self._request.run, self._made] = self._work
        return order

    def _names_of_files(self, moment: ProgramState) -> FrozenSet[str]:
        """Of those that what has run may have read, the program's own modules included."""
        main = self._made_with
        modules = [p.tree for p in moment.programs.values() if p.path != main.path]
        return filenames.patterns([*self._planner.executed_nodes(main, moment.point), *modules])

    def _fork_marked(
        self,
        moment: ProgramState,
        resumes: bool,
        files: List[OpenFile],
        positions: List[Position],
        shared: List[shared_memory.SharedMap],
    ) -> Optional[ResumedRun]:
        near, far = packets.pair()
        reader, writer = os.pipe()
        try:
            is_copy = forking.fork_for_adoption()
        except OSError:
            _close(near.detach(), far.detach(), reader, writer)
            raise
        if is_copy:
            os.close(reader)
            return self._in_copy(moment, resumes, files, positions, shared, near, far, writer)
        _close(near.detach(), far.detach(), writer)
        # Memory that is shared may be written to again once the copy has its own of it.
        is_there = os.read(reader, 1)
        os.close(reader)
        if not is_there:
            raise OSError("the copy did not come to be")
        return None

    def _in_copy(
        self,
        moment: ProgramState,
        resumes: bool,
        files: List[OpenFile],
        positions: List[Position],
        shared: List[shared_memory.SharedMap],
        near: socket.socket,
        far: socket.socket,
        told: int,
    ) -> ResumedRun:
        try:
            limits.die_with_parent(self._around.host)
            os.setsid()
            shared_memory.make_private(shared)
            if not resumes:
                # A port or a lock that it held would be lacking to whoever comes next.
                _close(*(file.descriptor for file in files))
            paused = messages.CheckpointMade(
                self._request.run,
                os.getpid(),
                self._made,
                moment.point.step,
                moment.point.body_index,
                self._work,
                resumes,
            )
            self._register(paused, far.fileno())
            far.close()
            os.write(told, b"!")
            os.close(told)
            connection = socket.socket(fileno=limits.move_to_high_fd(near.detach()))
            copy: SnapshotProcess[PreparedResume] = SnapshotProcess(
                paused,
                connection,
                self._around.host,
                moment.namespace,
                self._around.descriptors,
                positions,
                shared,
                lambda request: self._prepared(request, moment, positions),
            )
            resume, prepared = copy.wait()
        except BaseException:
            os._exit(1)
        self._request, self._made_with = resume.request, prepared.program
        self._edit_point = ProgramPoint(resume.edited_step, resume.edited_body_index)
        self._made, self._made_at = 0, None
        self._works = {(paused.run, paused.number): paused.work}
        self._traces.begin()
        self._told = set()
        self._stood_at = prepared.plan.point
        self._was_forked = True
        return ResumedRun(resume.request, paused, prepared)

    def _prepared(
        self, request: messages.Run, moment: ProgramState, positions: List[Position]
    ) -> Optional[PreparedResume]:
        """How a request goes on from a copy that stands at `moment`."""
        if not self._files.are_unchanged(request) or not self._traces.are_unchanged():
            return None
        if not all(position.is_unchanged for position in positions):
            return None
        program = parse(request.path, request.text)
        if not isinstance(program, Program):
            return None
        found = self._planner.plan(self._made_with, moment.point, program)
        return None if found is None else moment.prepare(found, program)

    def _register(self, message: object, *descriptors: int) -> None:
        with socket.socket(fileno=os.dup(self._around.descriptors.registrar)) as registrar:
            packets.send(registrar, message, descriptors)

    def _mark_output(self) -> None:
        """What is printed up to here is part of what a run prints that goes on from here."""
        mark = output_marks.mark(self._request.token, self._made)
        own = self._around.descriptors
        for descriptor in (own.stdout, own.stderr):
            os.write(descriptor, mark)


def _close(*numbers: int) -> None:
    for number in numbers:
        os.close(number)
