"""The points of a program at which checkpoints are made and resumed from."""

from __future__ import annotations

import os
from typing import Callable, Mapping, Optional

from ..checkpoint.checkpoint_fork import ResumedRun, SuspendedProgram
from ..checkpoint.checkpoints import Checkpoints
from ..checkpoint.resume_code import PreparedResume, ProgramCode, SuspendedFunction
from ..checkpoint.resume_plan import ProgramPoint, ResumePlan
from ..syntax.mentions import reaches_main
from ..syntax.program import Program
from .import_hook import is_imported
from .main_module import MainModule


def _no_function() -> Optional[SuspendedFunction]:
    return None


class ResumePoints:
    """Describes where a run is suspended, and decides whether another text can resume there.

    `files` are the instrumented texts by path.
    """

    def __init__(self, code: ProgramCode, main: MainModule, files: Mapping[str, Program]) -> None:
        self._code = code
        self._main = main
        self._files = files
        self._checkpoints: Optional[Checkpoints] = None
        self._pid = os.getpid()

    def enable(self, checkpoints: Checkpoints) -> None:
        """Make checkpoints from now on."""
        self._checkpoints = checkpoints

    def take_process(self) -> None:
        """Note that this process, forked from a checkpoint, is the run from now on."""
        self._pid = os.getpid()

    @property
    def owns_process(self) -> bool:
        """Whether this process is the run's: the program has not forked it."""
        return os.getpid() == self._pid

    @property
    def active(self) -> Optional[Checkpoints]:
        """The checkpoints of the run; `None` in a process that the program forked."""
        return self._checkpoints if self.owns_process else None

    def make_if_worthwhile(
        self,
        point: ProgramPoint,
        function: Callable[[], Optional[SuspendedFunction]] = _no_function,
    ) -> Optional[ResumedRun]:
        """Make a checkpoint before `point` if it is due; `function` describes the one around it.

        Returns what to resume as in every process that resumes from the checkpoint, else `None`.
        """
        checkpoints = self.active
        if checkpoints is None:
            return None
        return checkpoints.make_if_worthwhile(self._suspended_at(point, function))

    def make_final(self) -> None:
        """Keep the ended program for inspection."""
        checkpoints = self.active
        if checkpoints is not None:
            end = ProgramPoint(len(self._code.steps))
            checkpoints.make_final(self._suspended_at(end, _no_function))

    def line_of(self, point: ProgramPoint) -> int:
        """The line (from 0) of the statement at `point`; the last one at the end."""
        if point.step == len(self._code.steps):
            return len(self._code.program.lines.lines) - 1
        statement = self._code.steps[point.step].statement
        if point.body_index:
            body = self._code.body_called_by(statement)
            statement = body[min(point.body_index, len(body) - 1)]
        return statement.lineno - 1

    def _suspended_at(
        self, point: ProgramPoint, function: Callable[[], Optional[SuspendedFunction]]
    ) -> SuspendedProgram:
        return SuspendedProgram(
            point,
            self.line_of(point),
            self._main.namespace,
            self._files,
            lambda plan, program: self._prepare(point, plan, program, function()),
        )

    def _prepare(
        self,
        point: ProgramPoint,
        plan: ResumePlan,
        program: Program,
        function: Optional[SuspendedFunction],
    ) -> Optional[PreparedResume]:
        if plan.moved and self._main.namespace.get("__warningregistry__"):
            return None  # The registry holds line numbers of the old text.
        if is_imported(program.path):
            return None  # The file is a module too, and its module keeps the old text.
        modules = [file.tree for path, file in self._files.items() if path != program.path]
        if (plan.bind or plan.unbind) and any(map(reaches_main, modules)):
            return None
        return self._code.prepare_resume(point, plan, program, function)
