"""The steps of a program, one code object after the other, with checkpoints between them."""

from __future__ import annotations

import sys
import types
import warnings
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Optional

from ..checkpoint.checkpoint_fork import ResumedRun
from ..checkpoint.resume_code import ProgramCode, SuspendedFunction
from ..checkpoint.resume_plan import ProgramPoint
from ..instrument import resumable_functions
from ..syntax import notebook
from ..syntax.steps import guard_holds
from .main_module import MainModule
from .resume_points import ResumePoints


class _LeaveFunction(BaseException):
    """Unwinds a suspended function, whose rest is then executed as other code."""


@dataclass
class _ResumeInside:
    """The run to resume as after `function` was left, and the values of its local variables."""

    resumed: ResumedRun
    function: SuspendedFunction
    values: Dict[str, Any]


class StepLoop:
    """Yields the code of each step when its turn comes.

    `before_step` is called after a step is instrumented and before it runs; `on_resume` makes this
    process the resumed run.
    """

    def __init__(
        self,
        code: ProgramCode,
        main: MainModule,
        points: ResumePoints,
        before_step: Callable[[], None],
        on_resume: Callable[[ResumedRun], None],
    ) -> None:
        self._code = code
        self._main = main
        self._points = points
        self._before_step = before_step
        self._on_resume = on_resume
        self._step = 0
        self._codes: Optional[List[Optional[types.CodeType]]] = None
        self._running: Optional[types.CodeType] = None
        self._inside: Optional[_ResumeInside] = None
        self._event_loop = notebook.EventLoop()

    @property
    def is_inside(self) -> bool:
        """Whether a function was left so that its rest resumes with the next step."""
        return self._inside is not None

    @property
    def last_line(self) -> int:
        """The last line (from 1) that may have run at the top level."""
        steps = self._code.steps
        if self._step < len(steps):
            statement = steps[self._step].statement
            return statement.end_lineno or statement.lineno
        return sys.maxsize

    @property
    def line(self) -> int:
        """The first line (from 0) of the current step; that after the last step at the end."""
        steps = self._code.steps
        if self._step < len(steps):
            return steps[self._step].statement.lineno - 1
        return len(self._code.program.lines.lines)

    def skip_to(self, line: int) -> None:
        """Continue with the first step at or after a line (from 0)."""
        while self._step < len(self._code.steps) and self.line < line:
            self._step += 1

    def open_event_loop(self) -> None:
        """Open the event loop of a program that awaits at its top level."""
        self._event_loop.open()

    def codes(self) -> Iterator[types.CodeType]:
        """The steps from the current one on."""
        if self._code.program.warns:
            return self._compiled_at_once()
        return self._steps()

    def is_resume_signal(self, error: BaseException) -> bool:
        """Whether an exception only unwound a suspended function: more `codes` follow."""
        if not isinstance(error, _LeaveFunction):
            return False
        error.__traceback__ = None
        return True

    def checkpoint_inside(
        self, body_index: int, holder: Optional[types.FunctionType] = None
    ) -> None:
        """Make a checkpoint inside the calling function, before a statement of its body.

        In a process that resumes from it, raise an exception that leaves the function.
        """
        frame = sys._getframe(1)
        if frame.f_back is None or frame.f_back.f_code is not self._running:
            return
        step = self._code.steps[self._step].statement
        if resumable_functions.called_by(step) != frame.f_code.co_name:
            return  # `x = main()`: the step does more than to call it.
        if sys.gettrace() is not None or sys.getprofile() is not None:
            return  # A tracer or profiler would see the function being left.

        def suspended() -> SuspendedFunction:
            cells = resumable_functions.cells_of(holder)
            return SuspendedFunction(frame.f_code, tuple(frame.f_locals), cells)

        resumed = self._points.make_if_worthwhile(ProgramPoint(self._step, body_index), suspended)
        if resumed is not None:
            self._inside = _ResumeInside(resumed, suspended(), dict(frame.f_locals))
            raise _LeaveFunction

    def _steps(self) -> Iterator[types.CodeType]:
        while True:
            if self._inside is not None:
                yield from self._resume_inside(self._inside)
            else:
                resumed = self._points.make_if_worthwhile(ProgramPoint(self._step))
                if resumed is not None:
                    yield from self._resume(resumed)
            if self._step == len(self._code.steps):
                return
            step = self._code.steps[self._step]
            if (
                step.guard is not None
                and step.opens_guard
                and not guard_holds(self._main.namespace)
            ):
                self._step += len(step.guard.body)
                continue
            code = self._code.compile_step(self._step)
            if code is not None:
                yield self._ready(code)
            self._step += 1

    def _resume_inside(self, inside: _ResumeInside) -> Iterator[types.CodeType]:
        # A separate generator, whose frame does not keep the function's values for the whole run.
        self._inside = None
        yield from self._resume(inside.resumed, inside)
        self._step += 1

    def _compiled_at_once(self) -> Iterator[types.CodeType]:
        """The steps of a program that makes the compiler warn.

        Python has shown the warning when it compiled the program as a whole. Compiling the steps
        later, between statements of the program, would touch its warning filters.
        """
        steps = self._code.steps
        if self._codes is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._codes = [self._code.compile_step(index) for index in range(len(steps))]
        while self._step < len(self._codes):
            guard = steps[self._step].guard
            if (
                guard is not None
                and steps[self._step].opens_guard
                and not guard_holds(self._main.namespace)
            ):
                self._step += len(guard.body)
                continue
            code = self._codes[self._step]
            if code is not None:
                yield self._ready(code)
            self._step += 1

    def _resume(
        self, resumed: ResumedRun, inside: Optional[_ResumeInside] = None
    ) -> Iterator[types.CodeType]:
        """Become the resumed run, and catch up with its text."""
        prepared = resumed.prepared
        self._step = prepared.plan.point.step
        self._code.apply(prepared)
        self._on_resume(resumed)
        function, values = (inside.function, inside.values) if inside is not None else (None, {})
        cells = function.cells if function is not None else {}
        resumed.renew_held((self._main.namespace, values), cells)
        for code in self._code.catch_up(prepared, self._main.namespace, values, function):
            yield self._ready(code)
        checkpoints = self._points.active
        if checkpoints is not None:
            checkpoints.restart_work_timer()

    def _ready(self, code: types.CodeType) -> types.CodeType:
        self._before_step()
        self._running = code
        return self._event_loop.awaiting(code) if notebook.awaits(code) else code
