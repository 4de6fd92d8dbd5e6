"""Runs one program as `python FILE` would, observes it, and reports how it ended.

The program is `__main__`; its traceback, exit status and what happens at exit are Python's own.
"""

from __future__ import annotations

import builtins
import sys
import time
import types
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from ...model.cells import cell_at
from ...model.failures import Failure
from ...model.messages import (
    DeviceMemory,
    Ended,
    Failed,
    MemoryUse,
    Namespace,
    Run,
    Started,
    Tally,
    Whole,
)
from ..checkpoint.checkpoint_fork import CheckpointContext, ResumedRun
from ..checkpoint.checkpoints import Checkpoints
from ..checkpoint.resume_code import ProgramCode
from ..instrument import resumable_functions
from ..lesson import checks
from ..lesson.errors import ProgramError, program_error
from ..observe import dynamo, holdings
from ..observe.unreached import Lines
from ..syntax.program import Program, read
from . import devices
from .cell_positions import CellPositions
from .failure import failure_of
from .hidden_modules import hiding_files
from .import_hook import WatchedModules, remember_source
from .main_module import MainModule
from .observed_program import ObservedProgram
from .program_exit import with_exit
from .resume_points import ResumePoints
from .step_loop import StepLoop
from .traceback_report import TracebackReport, exit_status, program_part, run_exit_handlers
from .unsaved_texts import UnsavedTexts

INTERRUPTED = 130
"""The exit status of a program that Ctrl-C ended, as shells report it."""


class Execution:
    """One run of one program, composed of its main module, its steps and what observes them.

    The caller has set descriptors, limits, working directory and environment. It executes `codes`
    in `namespace` and passes what they raise to `continues_after`: if that is true, there are more
    `codes`, else it calls `failed`. At the end it calls `finish`, `keep_final_checkpoint` and
    `clear_main_module`. Without a `context`, the run makes no checkpoints.
    """

    def __init__(
        self,
        request: Run,
        program: Program,
        channel: Any,
        context: Optional[CheckpointContext],
        last_errors: Callable[[], Tuple[str, ...]],
        whole: Optional[Whole] = None,
    ) -> None:
        self._request = request
        self._whole = whole
        self._send = channel.send
        is_simulated = request.device == "simulated"
        # The guesses of a simulated run cannot be carried over to another text.
        assert context is None or not is_simulated
        observed = ObservedProgram(request.run, is_simulated, self._send, self._send_observation)
        self._observed = observed
        splits = context is not None and request.checkpoints and not program.warns
        self._code = ProgramCode(program, observed.registry, splits, observed.adapt)
        self._unsaved = UnsavedTexts(request, channel.request_text)
        self._modules = WatchedModules(
            request.roots,
            self._unsaved.get,
            observed.instrument_module,
            dynamo.NAME,
            self._on_compiler_imported,
        )
        self._main = MainModule(program.path, request.arguments)
        self._points = ResumePoints(self._code, self._main, observed.files)
        self._steps = StepLoop(
            self._code, self._main, self._points, observed.recorder.grow, self._resume
        )
        self._context = context
        self._last_errors = last_errors
        if context is not None:
            self._points.enable(Checkpoints(request, program, context, observed.recorder))
        if splits:
            vars(builtins)[resumable_functions.CHECKPOINT] = self._steps.checkpoint_inside
        self._cell_positions = CellPositions(program.path, request.cells)
        self._has_begun = False
        self._skipped: List[Lines] = []
        self._ended_at = sys.maxsize
        self._status = 0
        self._interrupted = False
        self._started = 0.0
        self._is_over = False
        self._memory_sent: Tuple[DeviceMemory, ...] = ()
        self._program_error: Optional[ProgramError] = None
        self._exit: Optional[Failure] = None

    @property
    def namespace(self) -> Dict[str, Any]:
        """The namespace in which to execute the program."""
        return self._main.namespace

    def codes(self) -> Iterator[types.CodeType]:
        """The program, statement by statement. Each is instrumented when its turn comes."""
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        yield from self._steps.codes()

    def continues_after(self, error: BaseException) -> bool:
        """Whether there are more `codes` after an exception.

        It may have unwound a suspended function only, or ended a cell of a notebook.
        """
        return self._steps.is_resume_signal(error) or self._leave_cell(error)

    def failed(self, error: BaseException) -> None:
        """Report the exception that ended the program."""
        self._ended_at = self._steps.last_line
        if isinstance(error, SystemExit):
            self._status = exit_status(error)
            self._exit = self._exit_of(error)
            return
        self._interrupted = isinstance(error, KeyboardInterrupt)
        self._status = INTERRUPTED if self._interrupted else 1
        if self._request.checks is not None:
            self._program_error = program_error(error, self._code.program.path)
        self._report(error)

    def finish(self) -> int:
        """Do what Python does at the end of a program; return the exit status."""
        recorder, run = self._observed.recorder, self._request.run
        recorder.tally()
        status = run_exit_handlers(self._status)
        if self._exit is not None and status:
            self._send(Failed(self._request.run, self._exit))
        recorder.stop()
        recorder.tally()
        self._send(Namespace(run, self._main.live_tensors()))
        self._send_memory(holdings.by_device(self.namespace))
        seconds = time.perf_counter() - self._started
        self._send(Ended(run, status, seconds, self._interrupted))
        self._is_over = True
        main_probes = self._code.probes()
        program, skipped = self._code.program, self._skipped
        for message in self._observed.unreached(program, main_probes, self._ended_at, skipped):
            self._send(message)
        if self._request.checks is not None and not self._interrupted:
            self._check(seconds)
        return status

    def keep_final_checkpoint(self) -> None:
        """After `finish`, keep a checkpoint for the inspection of tensors."""
        if not self._interrupted:
            self._points.make_final()

    def clear_main_module(self) -> None:
        """Delete the program's objects, as interpreter exit does."""
        self._main.clear()

    def _leave_cell(self, error: BaseException) -> bool:
        """Report the failure of a notebook's cell and continue with the next one, if it may."""
        cell = cell_at(self._request.cells, self._steps.line)
        if cell is None or not isinstance(error, Exception) or not self._points.owns_process:
            return False
        if self._request.stops_at_failure and not cell.may_fail:
            return False
        if not cell.may_fail:
            self._status = 1
        following = [other.line for other in self._request.cells if other.line > cell.line]
        end = min(following, default=sys.maxsize)
        self._report(error, expected=cell.may_fail)
        # The steps above have not all run, as a resume would take for granted.
        checkpoints = self._points.active
        if checkpoints is not None:
            checkpoints.refuse("failed-cell")
        self._skipped.append((self._steps.line, end))
        self._steps.skip_to(end)
        return True

    # ---- begin and resume --------------------------------------------------------------------

    def _begin(self) -> None:
        program, requested = self._code.program, self._request.device
        self._modules.install()
        if self._request.cells:
            self._cell_positions.install()
        self._observed.add_file(program)
        remember_source(program.path, program.linecache_lines())
        if program.warns:
            read(program.path, program.source)
        self._send(
            Started(
                self._request.run,
                devices.default_device(requested),
                devices.visible(requested),
                whole=self._whole,
                hiding=hiding_files(program),
            )
        )
        self._observed.start()
        self._started = time.perf_counter()
        checkpoints = self._points.active
        if checkpoints is not None:
            checkpoints.start()
        if program.awaits:
            self._steps.open_event_loop()

    def _resume(self, resumed: ResumedRun) -> None:
        """Make this process, forked from a checkpoint, the resumed run."""
        assert self._context is not None
        self._request = resumed.request
        self._cell_positions.cells = self._request.cells
        run, requested, program = self._request.run, self._request.device, self._code.program
        self._points.take_process()
        self._unsaved.become_run(self._request)
        remember_source(program.path, program.linecache_lines())
        self._context.output.continue_as(run)
        self._observed.become_run(run, program)
        checkpoint = resumed.checkpoint
        line = self._points.line_of(resumed.prepared.plan.point)
        self._send(
            Started(
                run, devices.default_device(requested), devices.visible(requested),
                checkpoint.run, checkpoint.number, line, hiding=hiding_files(program),
            )
        )  # fmt: skip
        self._observed.restart()
        self._started = time.perf_counter()

    def _on_compiler_imported(self, seconds: float) -> None:
        self._observed.recorder.on_compiler_imported()
        checkpoints = self._points.active
        if checkpoints is not None:
            checkpoints.drop_below(seconds)

    # ---- messages ----------------------------------------------------------------------------

    def _send_observation(self, message: object) -> None:
        """Send what a probe saw, until the program is over: checks may call its functions."""
        if not self._is_over:
            self._send(message)
            if type(message) is Tally:
                self._send_memory()

    def _send_memory(self, held: Tuple[DeviceMemory, ...] = ()) -> None:
        """Send what GPUs have allocated; for other devices, what the program's names hold."""
        counted = devices.gpu_memory()
        gpus = {memory.device for memory in counted}
        found = (*counted, *(memory for memory in held if memory.device not in gpus))
        if found and found != self._memory_sent:
            self._memory_sent = found
            self._send(MemoryUse(self._request.run, found))

    def _report(self, error: BaseException, expected: bool = False) -> None:
        """Send the failure as data, and print the traceback without frames of the runner."""
        error.__traceback__ = program_part(error.__traceback__)
        observed = self._observed
        try:
            found = failure_of(error, observed.files, observed.value_at)
            if found is not None:
                self._send(Failed(self._request.run, found, expected))
        except Exception:
            pass  # The traceback below still shows the error.
        TracebackReport(observed.files, observed.recorder.hidden).print(error)

    def _exit_of(self, error: SystemExit) -> Optional[Failure]:
        """Describe where and why the program exits, if its status says that something is wrong."""
        if not self._status:
            return None
        error.__traceback__ = program_part(error.__traceback__)
        observed = self._observed
        try:
            found = failure_of(error, observed.files, observed.value_at)
            return found and with_exit(found, error, self._status, self._last_errors())
        except Exception:
            return None  # The exit status still shows that it failed.

    def _check(self, seconds: float) -> None:
        """Run the lesson's checks; the program's end is reported already and does not change."""
        try:
            checks.run_checks(
                self._request,
                self._code.program,
                self.namespace,
                self._program_error,
                seconds,
                self._send,
            )
        except Exception:
            pass  # The program broke Python's own state. A missing verdict is reported as such.
