"""The checkpoints of one run: made along its way, and checked before another run resumes there."""

from __future__ import annotations

import ast
import os
import time
from typing import Dict, FrozenSet, List, Optional, Set, Tuple, Union

from ...model import messages, output_marks
from ...model.messages import Whole
from .. import imports
from ..observe.recorder import Recorder
from ..syntax.program import Program, parse
from ..system import forking, memory
from . import filenames, process_ids
from .background import Background
from .checkpoint_fork import (
    CheckpointContext,
    CheckpointFork,
    ResumedRun,
    SharedResources,
    SuspendedProgram,
    send_to_host,
)
from .data_files import DataFiles
from .hazards import HazardCheck
from .module_sources import ModuleSources
from .policy import CheckpointTimer
from .resume_code import PreparedResume
from .resume_plan import ProgramPoint, ResumePlanner


class Checkpoints:
    """Creates the checkpoints of the current run. After a resume, that is the resumed run."""

    def __init__(
        self,
        request: messages.Run,
        program: Program,
        context: CheckpointContext,
        recorder: Recorder,
    ) -> None:
        self._request = request
        self._program = program
        self._context = context
        self._recorder = recorder
        self._edit_point = context.edit_point
        self._hazards = HazardCheck()
        self._background = Background()
        self._module_sources = ModuleSources()
        self._data_files = DataFiles((os.getcwd(), os.path.dirname(request.path)))
        self._planner = ResumePlanner(imports.modules)
        self._timer = CheckpointTimer()
        self._began_ns = 0
        self._count = 0
        self._work: Dict[Tuple[int, int], float] = {}  # by run and number of the checkpoint
        self._reported: Set[str] = set()
        self._refusal: Optional[messages.CheckpointHazard] = None
        self._last_point: Optional[ProgramPoint] = None  # of the last checkpoint or resume
        self._last_made_at: Optional[ProgramPoint] = None

    def start(self) -> None:
        """Note that the program's first statement is about to run."""
        self._context.descriptors.mark_program_start()
        self._began_ns = time.time_ns()
        self._background.start()
        self._data_files.start()
        self._timer.restart()
        self._data_files.watch()

    def refuse(self, reason: messages.CheckpointHazard) -> None:
        """Make no checkpoint from now on, from which a run could resume."""
        self._refusal = reason

    def restart_work_timer(self) -> None:
        """Count no work before now: catching up after a resume would be repeated anyway."""
        self._timer.restart()

    def drop_below(self, seconds: float) -> None:
        """Drop the checkpoints that save less work than `seconds`.

        For an import that took so long and that the next host's runs will find done: every run that
        resumed from such a checkpoint would repeat it.
        """
        for (run, number), work in self._work.items():
            if work < seconds:
                send_to_host(self._context.descriptors, messages.CheckpointDropped(run, number))

    def make_if_worthwhile(self, suspended: SuspendedProgram) -> Optional[ResumedRun]:
        """Make a checkpoint at `suspended` if it is due and nothing speaks against it.

        Returns `None` in the current run. Returns what to resume as in every process that resumes
        from the checkpoint later; the recorder is stopped there.
        """
        if not self._request.checkpoints or suspended.point == self._last_point:
            return None
        if not self._timer.is_due(suspended.point == self._edit_point):
            return None
        if self._refusal is not None:
            self._report(self._refusal, suspended)
            return None
        return self._make(suspended, resumes=True)

    def make_final(self, suspended: SuspendedProgram) -> None:
        """Keep a final checkpoint for tensor inspection, unless one exists at this point."""
        if not self._request.inspect or suspended.point == self._last_made_at:
            return
        if memory.resident() > memory.total() / 4:
            self._report("no-memory", suspended)
        else:
            self._make(suspended, resumes=False)

    # ---- making one ------------------------------------------------------------------------------

    def _make(self, suspended: SuspendedProgram, resumes: bool) -> Optional[ResumedRun]:
        count = self._count
        self._timer.begin()
        self._data_files.unwatch()
        resumed = None
        try:
            with forking.signals_blocked():
                self._recorder.stop()
                try:
                    if resumes:
                        self._background.hold()
                    forking.stop_openmp_threads()
                    resumed = self._fork(suspended, resumes)
                except OSError:
                    self._report("no-memory", suspended)
                finally:
                    if resumed is None:
                        self._recorder.restart()
        finally:
            # Threads and processes inherit the mask of blocked signals.
            self._background.resume()
        if resumed is None and self._count == count:
            self._timer.refused()
        else:
            self._timer.ended(resumed=resumed is not None)
        self._data_files.watch()
        return resumed

    def _fork(self, suspended: SuspendedProgram, resumes: bool) -> Optional[ResumedRun]:
        background = self._background
        shared = SharedResources.of_the_program(self._context.descriptors, background.files)
        if resumes:
            self._recorder.wait_for_exit()
            reason = self._hazards.find(shared.files, shared.positions, shared.mappings, background)
            if reason is None and process_ids.are_used(self._executed(suspended)):
                reason = "process-id"
            if reason is not None:
                self._report(reason, suspended)
                return None
        self._module_sources.record(self._request.path, suspended.programs)
        self._data_files.record(
            {
                *(file.identity[1] for file in shared.files if file.is_regular),
                *(file.inode for file in background.files),
            },
            {position.inode for position in shared.positions if position.is_writable},
            suspended.namespace,
            self._mentioned_files(suspended),
            {self._program.path, *self._module_sources.paths},
        )
        self._count += 1
        self._mark_output()
        run, number, point = self._request.run, self._count, suspended.point
        made = messages.CheckpointMade(
            run, 0, number, point.step, point.body_index, self._timer.work, resumes
        )
        fork = CheckpointFork(
            made,
            self._context,
            suspended.namespace,
            shared,
            self._began_ns,
            suspended.programs,
            lambda request: self._prepare(request, suspended, shared),
            background.leave,
        )
        try:
            resumed = fork.fork()
        except OSError:
            send_to_host(self._context.descriptors, messages.CheckpointDropped(run, number))
            raise
        self._timer.has_forked = True
        if resumed is not None:
            self._become(resumed)
        else:
            self._last_point = self._last_made_at = point
            self._work[run, number] = self._timer.work
        return resumed

    def _become(self, resumed: ResumedRun) -> None:
        """Continue with the checkpoints of the run that this process resumes as."""
        resume, made = resumed.resume, resumed.checkpoint
        self._request, self._program = resume.request, resumed.prepared.program
        self._edit_point = ProgramPoint(resume.edited_step, resume.edited_body_index)
        self._count = 0
        self._work = {(made.run, made.number): made.work}
        self._reported = set()
        self._last_point, self._last_made_at = resumed.prepared.plan.point, None
        self._data_files.start()

    def _mentioned_files(self, suspended: SuspendedProgram) -> FrozenSet[str]:
        """File-name patterns that executed code (main and its modules) may have opened."""
        return filenames.mentioned_patterns(self._executed(suspended))

    def _executed(self, suspended: SuspendedProgram) -> List[ast.AST]:
        """What may have been executed of main and its modules."""
        main = self._program
        modules = [p.tree for p in suspended.programs.values() if p.path != main.path]
        return [*self._planner.executed_nodes(main, suspended.point), *modules]

    def _mark_output(self) -> None:
        """Mark in the output what belongs to every run that resumes from here."""
        mark = output_marks.mark(self._request.token, self._count)
        own = self._context.descriptors
        for descriptor in (own.stdout, own.stderr):
            os.write(descriptor, mark)

    def _report(self, reason: messages.CheckpointHazard, suspended: SuspendedProgram) -> None:
        if reason not in self._reported:
            self._reported.add(reason)
            self._context.send(messages.NoCheckpoint(self._request.run, reason, suspended.line))

    # ---- resuming from one -----------------------------------------------------------------------

    def _prepare(
        self, request: messages.Run, suspended: SuspendedProgram, shared: SharedResources
    ) -> Union[PreparedResume, Whole]:
        """Prepare to resume as `request` from `suspended`, or return why that is not possible."""
        outdated = self._outdated(request, shared)
        if outdated is not None:
            return outdated
        program = parse(request.path, request.text)
        plan = None
        if isinstance(program, Program):
            plan = self._planner.plan(self._program, suspended.point, program)
        prepared = None
        if isinstance(program, Program) and plan is not None:
            prepared = suspended.prepare(plan, program)
        return Whole("not-resumable") if prepared is None else prepared

    def _outdated(self, request: messages.Run, shared: SharedResources) -> Optional[Whole]:
        """Return what has changed outside of the process since the checkpoint was made, if so."""
        module = self._module_sources.changed(request)
        if module is not None:
            return Whole("modules-changed", os.path.basename(module))
        path = self._data_files.changed()
        if path is not None:
            return Whole("files-changed", os.path.basename(path))
        for position in shared.positions:
            change = position.change
            if change is not None:
                return Whole(change, os.path.basename(position.path))
        return None
