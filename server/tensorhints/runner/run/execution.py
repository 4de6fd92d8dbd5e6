"""Runs one program as `python FILE` would, watched, and says how it went.

The program is `__main__`; its traceback, exit status and what happens at exit are Python's own.
"""

from __future__ import annotations

import ast
import atexit
import builtins
import gc
import os
import sys
import threading
import time
import traceback
import types
import warnings
import weakref
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from ...model.messages import (
    DeviceMemory,
    Ended,
    Failed,
    InstrumentedFile,
    LiveTensor,
    MemoryUse,
    Namespace,
    Run,
    Started,
    Tally,
    Unreached,
)
from ...model.source_text import digest
from ...model.values import Value
from .. import RUNNER_FOLDER, imports
from ..checkpoint.checkpoints import Checkpoints
from ..checkpoint.resume_code import PreparedResume, ProgramCode, SuspendedFunction
from ..checkpoint.resume_plan import ProgramPoint, ResumePlan
from ..checkpoint.snapshot import CheckpointContext, ProgramState, ResumedRun
from ..instrument import resumable_functions
from ..instrument.instrument import Instrumenter
from ..instrument.probe_registry import ProbeRegistry
from ..lesson import checks
from ..lesson.errors import ProgramError, program_error
from ..observe import describe, dynamo, holdings
from ..observe.current_line import CurrentLineTracker
from ..observe.recorder import Recorder
from ..observe.unobserved import UnobservedCode
from ..observe.unreached import unreached
from ..simulated import activation
from ..simulated.call_rewriting import track_guesses
from ..syntax import notebook
from ..syntax.mentions import reaches_main
from ..syntax.program import Program, read
from ..syntax.steps import guard_holds
from . import devices
from .failure import failure_of
from .import_hook import WatchedModules, remember_source

INTERRUPTED = 130
"""The exit status of a program that Ctrl-C ended, as shells report it."""

_HANDING_ON = tuple(
    os.path.join(RUNNER_FOLDER, "simulated", name) for name in ("numbers.py", "leaving.py")
)


class _LeavesFunction(BaseException):
    """Unwinds a function that goes on as other code, from where a pause in it stands."""


@dataclass
class _LeftFunction:
    order: ResumedRun
    left: SuspendedFunction
    values: Dict[str, Any]


class Execution:
    """One run of one program. The caller has set descriptors, limits, working directory and
    environment; it executes `codes` in `namespace`, reports what they raise to `failed`, then calls
    `finish` and `let_go`. Where `goes_on` says so of what they raise, there are more `codes`.
    """

    def __init__(self, request: Run, program: Program, channel: Any) -> None:
        self._request = request
        self._send = channel.send
        self._registry = ProbeRegistry()
        self._is_simulated = request.device == "simulated"
        self._rewriting = ProgramCode(program, self._registry, adapt=self._adapted)
        self._pid = os.getpid()
        self._step = 0
        self._running: Optional[types.CodeType] = None
        self._left: Optional[_LeftFunction] = None
        self._recorder = Recorder(request.run, self._registry, self._tell)
        if self._is_simulated:
            activation.on_tainted(self._recorder.expect_new_signatures)
        self._elsewhere = UnobservedCode(self._recorder)
        self._programs: Dict[str, Program] = {}
        self._whereabouts = CurrentLineTracker(self._programs, self._tell)
        self._recorder.at_ticks = self._whereabouts.tick
        self._ended_at = sys.maxsize
        self._probes_by_span: Dict[Tuple[str, Tuple[int, int, int, int]], List[int]] = {}
        self._spans_known = 0
        self._status = 0
        self._interrupted = False
        self._started = 0.0
        self._is_over = False
        self._memory_told: Tuple[DeviceMemory, ...] = ()
        self._program_error: Optional[ProgramError] = None
        self._loop = notebook.Loop()
        self._checkpoints: Optional[Checkpoints] = None
        self._modules = WatchedModules(
            request.roots,
            request.buffers,
            self._instrument_module,
            dynamo.NAME,
            self._compiler_came,
        )
        self.namespace = self._become_main()

    def keep_copies(self, around: CheckpointContext) -> None:
        """Copies of this run will be paused on its way."""
        self._checkpoints = Checkpoints(self._request, self._program, around, self._recorder)
        self._output = around.output
        splits = self._request.checkpoints and not self._program.warns
        self._rewriting = ProgramCode(self._program, self._registry, splits)
        if splits:
            vars(builtins)[resumable_functions.CHECKPOINT] = self._pause_inside

    def codes(self) -> Iterator[types.CodeType]:
        """The program, statement by statement. Each is instrumented when its turn comes."""
        if self._left is None:
            self._begin()
        if self._program.warns:
            yield from self._statements_compiled_before()
        else:
            yield from self._statements()

    def goes_on(self, error: BaseException) -> bool:
        """Whether what a code of the program raised only left a function that goes on anew."""
        if not isinstance(error, _LeavesFunction):
            return False
        error.__traceback__ = None
        return True

    def failed(self, error: BaseException) -> None:
        if self._step < len(self._rewriting.steps) and not self._program.warns:
            statement = self._rewriting.steps[self._step].statement
            self._ended_at = statement.end_lineno or statement.lineno
        if isinstance(error, SystemExit):
            self._status = _exit_status(error)
            return
        self._interrupted = isinstance(error, KeyboardInterrupt)
        self._status = INTERRUPTED if self._interrupted else 1
        if self._request.checks is not None:
            self._program_error = program_error(error, self._program.path)
        self._report(error)

    def finish(self) -> int:
        """What Python does at the end of a program; returns the exit status."""
        self._recorder.tally()
        status = self._at_exit(self._status)
        self._recorder.stop()
        self._recorder.tally()
        self._send(Namespace(self._request.run, _live_tensors(self.namespace)))
        self._send_memory(holdings.by_device(self.namespace))
        seconds = time.perf_counter() - self._started
        self._send(Ended(self._request.run, status, seconds, self._interrupted))
        self._is_over = True
        self._tell_unreached()
        if self._request.checks is not None and not self._interrupted:
            self._check(seconds)
        return status

    def stay(self) -> None:
        """After all has been told: a copy stays whose tensors can be looked at."""
        is_run = os.getpid() == self._pid
        if self._checkpoints is not None and is_run and not self._interrupted:
            self._checkpoints.make_final(self._moment(ProgramPoint(len(self._rewriting.steps))))

    def let_go(self) -> None:
        """What interpreter exit does to `__main__`: the program's objects die, and may say so."""
        self.namespace = {}
        _clear_main()

    # ---- the program -----------------------------------------------------------------------------

    def _become_main(self) -> Dict[str, Any]:
        path = self._program.path
        main = types.ModuleType("__main__")
        namespace = main.__dict__
        namespace["__loader__"] = SourceFileLoader("__main__", path)
        if sys.version_info < (3, 14):
            namespace["__annotations__"] = {}
        namespace["__builtins__"] = builtins
        namespace["__file__"] = path
        namespace["__cached__"] = None
        sys.modules["__main__"] = main
        sys.argv = [path, *self._request.arguments]
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
        if notebook.is_notebook(path):
            notebook.furnish()
        return namespace

    @property
    def _program(self) -> Program:
        return self._rewriting.program

    def _begin(self) -> None:
        self._modules.install()
        self._watch(self._program)
        remember_source(self._program.path, self._program.linecache_lines())
        if self._program.warns:
            read(self._program.path, self._program.source)
        asked = self._request.device
        self._send(Started(self._request.run, devices.in_force(asked), devices.visible(asked)))
        self._whereabouts.begin(self._request.run)
        self._recorder.start()
        self._started = time.perf_counter()
        if self._checkpoints is not None:
            self._checkpoints.start()
        if self._program.waits:
            self._loop.open()

    def _statements(self) -> Iterator[types.CodeType]:
        while True:
            if self._left is not None:
                yield from self._go_on_inside(self._left)
            else:
                order = self._pause(ProgramPoint(self._step))
                if order is not None:
                    yield from self._go_on(order)
            if self._step == len(self._rewriting.steps):
                return
            step = self._rewriting.steps[self._step]
            if step.guard is not None and step.opens_guard and not guard_holds(self.namespace):
                self._step += len(step.guard.body)
                continue
            code = self._rewriting.compile_step(self._step)
            if code is not None:
                yield self._ready(code)
            self._step += 1

    def _adapted(self, body: List[ast.stmt]) -> List[ast.stmt]:
        return track_guesses(body) if self._is_simulated else body

    def _statements_compiled_before(self) -> Iterator[types.CodeType]:
        """Where Python has warned of something in the program: it does so once. Filters are touched
        before the program's first line.
        """
        steps = self._rewriting.steps
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            codes = [self._rewriting.compile_step(index) for index in range(len(steps))]
        index = 0
        while index < len(codes):
            guard = steps[index].guard
            if guard is not None and steps[index].opens_guard and not guard_holds(self.namespace):
                index += len(guard.body)
                continue
            code = codes[index]
            index += 1
            if code is not None:
                yield self._ready(code)

    def _ready(self, code: types.CodeType) -> types.CodeType:
        self._recorder.grow()
        self._running = code
        return self._loop.waiting(code) if notebook.waits(code) else code

    # ---- paused copies ---------------------------------------------------------------------------

    def _pause(
        self, point: ProgramPoint, left: Callable[[], Optional[SuspendedFunction]] = lambda: None
    ) -> Optional[ResumedRun]:
        if self._checkpoints is None or os.getpid() != self._pid:
            return None  # A process that the program forked is no run.
        return self._checkpoints.make_if_worthwhile(self._moment(point, left))

    def _moment(
        self, point: ProgramPoint, left: Callable[[], Optional[SuspendedFunction]] = lambda: None
    ) -> ProgramState:
        return ProgramState(
            point,
            self._line(point),
            self.namespace,
            self._programs,
            lambda resume, new: self._prepared(point, resume, new, left()),
        )

    def _prepared(
        self,
        point: ProgramPoint,
        resume: ResumePlan,
        new: Program,
        left: Optional[SuspendedFunction],
    ) -> Optional[PreparedResume]:
        if resume.moved and self.namespace.get("__warningregistry__"):
            return None  # A line of the program was warned of by its number.
        if self._is_imported_too(new.path):
            return None  # By itself or by one of its modules: it is a module as well.
        modules = [known.tree for path, known in self._programs.items() if path != new.path]
        if (resume.bind or resume.unbind) and any(map(reaches_main, modules)):
            return None
        return self._rewriting.prepare_resume(point, resume, new, left)

    def _is_imported_too(self, path: str) -> bool:
        for module in imports.imported_since():
            names = getattr(module, "__dict__", None)
            if type(names) is dict and names.get("__file__") == path:
                return True
        return False

    def _line(self, point: ProgramPoint) -> int:
        if point.step == len(self._rewriting.steps):
            return len(self._program.lines.lines) - 1
        statement = self._rewriting.steps[point.step].statement
        if point.body_index:
            body = self._rewriting.body_called_by(statement)
            statement = body[min(point.body_index, len(body) - 1)]
        return statement.lineno - 1

    def _pause_inside(self, body_index: int, holder: Optional[types.FunctionType] = None) -> None:
        """Called by the function that the step calls, between two statements of its body."""
        frame = sys._getframe(1)
        if frame.f_back is None or frame.f_back.f_code is not self._running:
            return
        step = self._rewriting.steps[self._step].statement
        if resumable_functions.called_by(step) != frame.f_code.co_name:
            return  # `x = main()`: the step does more than to call it.
        if sys.gettrace() is not None or sys.getprofile() is not None:
            return  # Somebody would see the function being left.

        def left() -> SuspendedFunction:
            return SuspendedFunction(
                frame.f_code, tuple(frame.f_locals), resumable_functions.cells_of(holder)
            )

        order = self._pause(ProgramPoint(self._step, body_index), left)
        if order is not None:
            self._left = _LeftFunction(order, left(), dict(frame.f_locals))
            raise _LeavesFunction

    def _go_on_inside(self, function: _LeftFunction) -> Iterator[types.CodeType]:
        self._left = None
        yield from self._go_on(function.order, function)
        self._step += 1

    def _go_on(
        self, order: ResumedRun, function: Optional[_LeftFunction] = None
    ) -> Iterator[types.CodeType]:
        """This process is another run from now on: it tells all that it knows, and catches up with
        the new text.
        """
        self._request, self._pid = order.request, os.getpid()
        self._step = order.prepared.plan.point.step
        self._rewriting.apply(order.prepared)
        self._probes_by_span.clear()
        self._spans_known = 0
        self._modules.take(self._request.buffers)
        self._programs[self._program.path] = self._program
        remember_source(self._program.path, self._program.linecache_lines())
        run = self._request.run
        self._output.continue_as(run)
        for program in self._programs.values():
            self._send(InstrumentedFile(run, program.path, digest(program.text)))
        self._recorder.become_run(run)
        line = self._line(order.prepared.plan.point)
        paused = order.checkpoint
        asked = self._request.device
        in_force, gpus = devices.in_force(asked), devices.visible(asked)
        self._send(Started(run, in_force, gpus, paused.run, paused.number, line))
        self._whereabouts.begin(run)
        self._recorder.restart()
        self._started = time.perf_counter()
        left, values = (function.left, function.values) if function is not None else (None, {})
        for code in self._rewriting.catch_up(order.prepared, self.namespace, values, left):
            yield self._ready(code)
        if self._checkpoints is not None:
            self._checkpoints.restart_work_timer()

    def _check(self, seconds: float) -> None:
        """The program is over, and how it went has been told: nothing here may change that."""
        try:
            checks.run_checks(
                self._request,
                self._program,
                self.namespace,
                self._program_error,
                seconds,
                self._send,
            )
        except Exception:
            pass  # It broke what Python itself stands on. A check without a verdict says enough.

    # ---- what is watched --------------------------------------------------------------------

    def _watch(self, program: Program) -> Instrumenter:
        self._programs[program.path] = program
        if self._is_simulated:
            activation.add_program_file(program)
        self._send(InstrumentedFile(self._request.run, program.path, digest(program.text)))
        return Instrumenter(program.path, program.lines, self._registry)

    def _compiler_came(self, seconds: float) -> None:
        self._recorder.on_compiler_imported()
        if self._checkpoints is not None and os.getpid() == self._pid:
            self._checkpoints.drop_below(seconds)

    def _instrument_module(self, program: Program) -> ast.Module:
        tree = self._watch(program).module(program.tree)
        self._recorder.grow()
        return ast.Module(self._adapted(tree.body), tree.type_ignores)

    def _tell_unreached(self) -> None:
        main = self._program.path
        in_functions = not self._elsewhere.may_have_run() and not self._is_imported_too(main)
        probes = [probe for probe in self._registry.probes if probe.path != main]
        probes += self._rewriting.probes()
        fresh = self._recorder.gates.never_entered
        for program in self._programs.values():
            own = [probe for probe in probes if probe.path == program.path]
            ended_at = self._ended_at if program.path == main else sys.maxsize
            try:
                lines = unreached(
                    program.tree, own, fresh, in_functions=in_functions, ended_at=ended_at
                )
            except RecursionError:
                continue
            self._send(Unreached(self._request.run, program.path, lines))

    def _tell(self, message: object) -> None:
        """What the probes say. Checks may call what the program defined: that is no news of it."""
        if not self._is_over:
            self._send(message)
            if type(message) is Tally:
                self._send_memory()

    def _send_memory(self, held: Tuple[DeviceMemory, ...] = ()) -> None:
        """What GPUs count themselves, and of all other devices what the program's names hold."""
        counted = devices.gpu_memory()
        known = {memory.device for memory in counted}
        found = (*counted, *(memory for memory in held if memory.device not in known))
        if found and found != self._memory_told:
            self._memory_told = found
            self._send(MemoryUse(self._request.run, found))

    def _seen_at(self, path: str, span: Tuple[int, int, int, int]) -> Optional[Tuple[Value, bool]]:
        probes = self._registry.probes
        for number in range(self._spans_known, len(probes)):
            probe = probes[number]
            self._probes_by_span.setdefault((probe.path, probe.span), []).append(number)
        self._spans_known = len(probes)
        for number in self._probes_by_span.get((path, span), ()):
            value, exact = self._recorder.value_of(number)
            if value is not None:
                return value, exact
        return None

    # ---- the end ----------------------------------------------------------------------------

    def _report(self, error: BaseException) -> None:
        """The traceback as Python prints it, our own frames taken out, and the failure as data."""
        error.__traceback__ = _users_part(error.__traceback__)
        try:
            found = failure_of(error, self._programs, self._seen_at)
            if found is not None:
                self._send(Failed(self._request.run, found))
        except Exception:
            pass
        try:
            sys.stdout.flush()
        except Exception:
            pass
        matches_disk = self._matches_disk(error)
        if isinstance(error, NameError) and sys.excepthook is sys.__excepthook__:
            with self._recorder.hidden():
                _print_uncaught(error, matches_disk)
        else:
            _print_uncaught(error, matches_disk)

    def _matches_disk(self, error: BaseException) -> bool:
        """Whether the files on disk show the lines that ran: Python's own printer reads those."""
        for frame, _ in traceback.walk_tb(error.__traceback__):
            program = self._programs.get(frame.f_code.co_filename)
            if program is None:
                continue
            try:
                with open(program.path, "rb") as file:
                    if file.read() != program.text.encode("utf-8", "surrogatepass"):
                        return False
            except OSError:
                return False
        return True

    def _at_exit(self, status: int) -> int:
        for step in (threading._shutdown, atexit._run_exitfuncs):  # type: ignore[attr-defined]
            try:
                step()
            except SystemExit as error:
                status = _exit_status(error)
            except BaseException as error:
                if sys.version_info < (3, 10) and step is not threading._shutdown:
                    continue  # Python 3.9 raises what it has printed; at exit it is dropped.
                error.__traceback__ = _users_part(error.__traceback__)
                _print_uncaught(error, True)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        return status


def _exit_status(error: SystemExit) -> int:
    """As Python's own handling of `SystemExit`: anything that is no number is printed."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) & 0xFF
    try:
        sys.stdout.flush()
        sys.stderr.write(f"{code}\n")
        sys.stderr.flush()
    except Exception:
        pass
    return 1


def _is_ours(frame: types.FrameType) -> bool:
    return frame.f_code.co_filename.startswith(RUNNER_FOLDER)


def _hands_on(frame: types.FrameType) -> bool:
    """A frame of ours that only passes a call of the program's on."""
    return frame.f_code.co_filename.startswith(_HANDING_ON)


def _users_part(tb: Optional[types.TracebackType]) -> Optional[types.TracebackType]:
    """A traceback without our frames: before the program's first, and after its last where the
    exception (a Ctrl-C) hit inside a probe.
    """
    while tb is not None and _is_ours(tb.tb_frame):
        tb = tb.tb_next
    last = tb
    while last is not None:
        following = last.tb_next
        while following is not None and _hands_on(following.tb_frame):
            following = last.tb_next = following.tb_next
        if following is not None and _is_ours(following.tb_frame):
            last.tb_next = None
            break
        last = following
    return tb


def _print_uncaught(error: BaseException, matches_disk: bool) -> None:
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    hook = sys.excepthook
    try:
        if hook is sys.__excepthook__ and not matches_disk:
            traceback.print_exception(type(error), error, error.__traceback__)
        else:
            hook(type(error), error, error.__traceback__)
    except BaseException as raised:
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(raised), raised, _users_part(raised.__traceback__))
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, error.__traceback__)


def _live_tensors(namespace: Dict[str, Any]) -> Tuple[LiveTensor, ...]:
    found = []
    for name, value in list(namespace.items()):
        if type(name) is str and describe.interest(type(value)) == describe.TENSOR:
            try:
                nbytes, storage = describe.storage(value)
                found.append(LiveTensor(name, describe.describe(value), nbytes, storage))
            except Exception:
                continue
    return tuple(found)


def _clear_main() -> None:
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            setattr(sys, name, None)
    main = sys.modules.pop("__main__", None)
    remains = weakref.ref(main) if main is not None else lambda: None
    del main
    gc.collect()
    survivor = remains()
    namespace = survivor.__dict__ if survivor is not None else {}
    for hidden in (True, False):
        for name in list(namespace):
            if name != "__builtins__" and (name[:1] == "_" and name[1:2] != "_") is hidden:
                namespace[name] = None
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
