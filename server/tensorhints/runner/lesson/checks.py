"""A lesson's checks, run on what the learner's program left behind, each in a process of its own.

A check is never allowed to matter: it may crash, hang or change every value, and all that is lost
is its own verdict. Knows no step and no words: a verdict is data about one check.
"""

from __future__ import annotations

import ast
import builtins
import functools
import json
import os
import random
import select
import signal
import sys
import threading
import time
import traceback
import types
import warnings
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import (
    Any,
    Callable,
    Deque,
    Dict,
    Iterator,
    List,
    Mapping,
    NoReturn,
    Optional,
    Sequence,
    Tuple,
)

import torch

from ...model.messages import CheckVerdict, Run
from ...model.verdicts import (
    CANNOT_CHECK,
    CORRECT,
    ERROR_IN_YOUR_CODE,
    INCORRECT,
    MISSING,
    NOT_ATTEMPTED,
    VerdictKind,
    VerdictWord,
)
from ..syntax.program import Program
from ..system import limits
from .bindings import Bindings, owners
from .expectations import Difference, Expectation, type_name

LIMIT_SECONDS = 3.0
"""For one check; where the learner's code runs again, twice the time that it took comes on top."""

BUDGET_SECONDS = 10.0
"""For all checks of a run, where they run one after another."""

_PATIENCE = 0.5
# No number that a lesson seeds with: what is given never equals what the learner's code draws.
_SEED = 715_827_883
_TEXT_KEPT = 300

# As they are before the learner's program can change them.
_fork, _exit, _kill, _waitpid = getattr(os, "fork", None), os._exit, os.kill, os.waitpid
_write, _read, _dup2 = os.write, os.read, os.dup2


@dataclass(frozen=True)
class Mishap:
    """The exception that ended the program. Lines count from 1: `top` at the top level, `line`
    where it left the learner's file.
    """

    top: int
    line: int
    exception: str
    error: str


def mishap(error: BaseException, path: str) -> Optional[Mishap]:
    """`None` where no line of the file has anything to do with it."""
    lines = _lines_in(error, path)
    if not lines:
        return None
    return Mishap(lines[0], lines[-1], type_name(error), _first_line(error))


def run_checks(
    request: Run,
    program: Program,
    namespace: Dict[str, Any],
    ended_by: Optional[Mishap],
    seconds: float,
    send: Callable[[object], None],
) -> None:
    """Judges `namespace` by the checks of the request, and sends a verdict for each. `seconds` is
    how long the program ran. Leaves its names and its output as they were.
    """
    assert request.checks is not None
    try:
        declared = _declared(request.checks)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        send(CheckVerdict(request.run, "", CANNOT_CHECK, "broken", _fault(error, request)))
        return
    if request.device == "simulated":
        for one in declared:
            send(CheckVerdict(request.run, one.id, CANNOT_CHECK, "simulated"))
        return
    lesson = _Lesson(request, program, namespace, ended_by)
    judged = _in_forks if _may_fork() else _in_this_process
    for one, verdict, took in judged(lesson, declared, seconds):
        send(
            CheckVerdict(
                request.run,
                one.id,
                verdict.verdict,
                verdict.kind,
                dict(verdict.fields),
                verdict.line,
                round(took, 6),
            )
        )


# ---- what a checks file declares -----------------------------------------------------------------


@dataclass(frozen=True)
class _Declared:
    """A check by the looks of its decorator: nothing of the file has run."""

    id: str
    needs: Tuple[str, ...]
    varied: Tuple[str, ...]


@dataclass(frozen=True)
class _Check:
    body: Callable[..., object]
    vary: Mapping[str, Callable[[], Any]]


@dataclass(frozen=True)
class _Verdict:
    """`line` counts from 0."""

    verdict: VerdictWord
    kind: Optional[VerdictKind] = None
    fields: Mapping[str, str] = field(default_factory=dict)
    line: Optional[int] = None


def _declared(text: str) -> List[_Declared]:
    """Raises `SyntaxError`, or `ValueError` where a decorator is not made of literals."""
    found = []
    for node in ast.parse(text).body:
        for decorator in getattr(node, "decorator_list", ()):
            call = decorator if isinstance(decorator, ast.Call) else None
            if call is None or not isinstance(call.func, ast.Name) or call.func.id != "check":
                continue
            keywords = {keyword.arg: keyword.value for keyword in call.keywords}
            vary = keywords.get("vary")
            keys = vary.keys if isinstance(vary, ast.Dict) else []
            found.append(
                _Declared(
                    str(ast.literal_eval(call.args[0])) if call.args else "",
                    tuple(ast.literal_eval(keywords["needs"])) if "needs" in keywords else (),
                    tuple(str(ast.literal_eval(key)) for key in keys if key is not None),
                )
            )
    return found


# ---- one check on one program --------------------------------------------------------------------


class _Lesson:
    """Judges the program by one check at a time."""

    def __init__(
        self,
        request: Run,
        program: Program,
        namespace: Dict[str, Any],
        ended_by: Optional[Mishap],
    ) -> None:
        self.path = program.path
        self._request = request
        self._program = program
        self._namespace = namespace
        self._ended_by = ended_by
        # Parsed again, for what ran may have been taken from the program's own tree.
        self._tree = ast.parse(program.source, program.path)
        self._bindings = Bindings(self._tree)
        self._stopped_at = None
        if ended_by is not None:
            self._stopped_at = self._bindings.index_at(ended_by.top)

    # ---- before anything runs

    def without_running(self, one: _Declared) -> Optional[_Verdict]:
        """The verdict that the names alone decide."""
        missing = [name for name in one.needs if name not in one.varied and self._is_missing(name)]
        if not missing:
            return None
        ended_by = self._ended_by
        if ended_by is not None and self._stopped_at is not None:
            at_work_on = owners(self._bindings, self._stopped_at, self._asked())
            for name in missing:
                if name in at_work_on and name in self._answers(one):
                    fields = {
                        "name": name,
                        "exception": ended_by.exception,
                        "error": ended_by.error,
                    }
                    return _Verdict(ERROR_IN_YOUR_CODE, "exception", fields, ended_by.line - 1)
        line = self._line(missing[0])
        return _Verdict(NOT_ATTEMPTED, MISSING, {"name": missing[0]}, line)

    def _is_missing(self, name: str) -> bool:
        value = self._namespace.get(name, ...)
        if value is ...:
            return True
        own = isinstance(value, (types.FunctionType, type))
        return own and self._bindings.is_unwritten(name)

    def _asked(self) -> Dict[str, Tuple[str, ...]]:
        if self._request.asked:
            return self._request.asked
        assert self._request.checks is not None
        return {one.id: self._answers(one) for one in _declared(self._request.checks)}

    def _answers(self, one: _Declared) -> Tuple[str, ...]:
        """The names among those that a check needs that are the learner's answer."""
        asked = self._request.asked.get(one.id, ())
        named = tuple(name for name in one.needs if name in asked)
        return named or tuple(name for name in one.needs if name not in one.varied)

    def _line(self, name: str, end: Optional[int] = None) -> Optional[int]:
        stop = self._stopped_at if end is None else end
        line = self._bindings.line(name, stop)
        return None if line is None else line - 1

    # ---- in a process that may be lost

    def judge(self, one: _Declared) -> _Verdict:
        """Runs the check. Anything may happen here; it raises only what ends the process."""
        try:
            _calm()
            check = self._loaded()[one.id]
        except Exception as error:
            return _Verdict(CANNOT_CHECK, "broken", _fault(error, self._request))
        end = self._stopped_at
        try:
            if one.varied:
                arguments = self._varied(one, check)
                _calm()
            else:
                arguments = {name: self._namespace[name] for name in one.needs}
            absent = [name for name in one.needs if arguments.get(name, ...) is ...]
            if absent:
                line = self._line(absent[0], end)
                return _Verdict(NOT_ATTEMPTED, MISSING, {"name": absent[0]}, line)
            check.body(**arguments)
        except Difference as difference:
            return self._incorrect(one, difference, end)
        except BaseException as error:
            return self._raised(one, error)
        return _Verdict(CORRECT, line=self._line(self._subject(one), end))

    def _loaded(self) -> Dict[str, _Check]:
        found: Dict[str, _Check] = {}

        def check(
            identity: str,
            needs: Sequence[str] = (),
            vary: Optional[Mapping[str, Callable[[], Any]]] = None,
        ) -> Callable[[Callable[..., object]], Callable[..., object]]:
            def keep(body: Callable[..., object]) -> Callable[..., object]:
                found[identity] = _Check(body, vary or {})
                return body

            return keep

        text, path = self._request.checks or "", self._checks_path()
        spelled = _Spelling(text)

        def expect(value: Any) -> Expectation:
            return Expectation(value, spelled.argument(sys._getframe(1)))

        module = types.ModuleType("checks")
        module.__dict__.update(check=check, expect=expect, torch=torch, __file__=path)
        exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)
        return found

    def _checks_path(self) -> str:
        return self._request.checks_path or "<checks>"

    def _incorrect(self, one: _Declared, difference: Difference, end: Optional[int]) -> _Verdict:
        name = difference.fields.get("name", "").partition(".")[0].partition("[")[0]
        known = name in one.needs
        answers = self._answers(one)
        bound = name if known else (answers[-1] if answers else "")
        attempted = difference.kind != MISSING
        return _Verdict(
            INCORRECT if attempted else NOT_ATTEMPTED,
            difference.kind,
            difference.fields,
            self._line(bound, end),
        )

    def _raised(self, one: _Declared, error: BaseException) -> _Verdict:
        if isinstance(error, _TimeIsUp):
            return self.out_of_time(one, error.line)
        lines = _lines_in(error, self.path)
        if not lines:
            return _Verdict(CANNOT_CHECK, "broken", _fault(error, self._request))
        fields = {
            "name": self._subject(one),
            "exception": type_name(error),
            "error": _first_line(error),
        }
        return _Verdict(ERROR_IN_YOUR_CODE, "exception", fields, lines[-1] - 1)

    def out_of_time(self, one: _Declared, line: Optional[int]) -> _Verdict:
        """`line` (from 1) is the learner's, where the time ended while it ran."""
        if line is None:
            return _Verdict(CANNOT_CHECK, "timeout")
        return _Verdict(ERROR_IN_YOUR_CODE, "endless", {"name": self._subject(one)}, line - 1)

    def _subject(self, one: _Declared) -> str:
        answers = self._answers(one)
        return answers[-1] if answers else ""

    # ---- the learner's code once more, on given values

    def _varied(self, one: _Declared, check: _Check) -> Dict[str, Any]:
        """What the check is called with when the learner's code has run on what `vary` makes. It
        runs to its end, for an answer may be changed in place long after it is bound; what fails
        after that is other work, which need not suit these values.
        """
        given, kept = (self._made(check) for _ in range(2))
        namespace = self._fresh_namespace()
        first = self._bindings.first_answer(self._answers(one))
        instead: Dict[int, List[str]] = {}
        for name in given:
            source = None if first is None else self._bindings.source(name, first)
            if source is None:
                namespace[name] = given[name]
            else:
                instead.setdefault(source, []).append(name)
        end = len(self._tree.body) if self._stopped_at is None else self._stopped_at
        last = self._bindings.last(self._answers(one))
        _calm()
        for index in range(end):
            try:
                self._execute(index, instead.get(index, []), given, namespace)
            except (Exception, SystemExit):
                if last is None or index <= last:
                    raise
                break
        arguments = {name: namespace[name] for name in one.needs if name in namespace}
        for name in set(one.needs) & set(given):
            arguments[name] = _with_gradient(kept[name], given[name])
        return arguments

    def _made(self, check: _Check) -> Dict[str, Any]:
        _calm()
        return {name: make() for name, make in check.vary.items()}

    def _execute(
        self, index: int, names: List[str], given: Dict[str, Any], namespace: Dict[str, Any]
    ) -> None:
        """One statement; what is given for `names` takes the place of what it binds."""
        targets = self._bindings.plain_targets(index)
        if len(names) == 1 and targets is not None and names[0] in targets:
            namespace.update((target, given[names[0]]) for target in targets)
            return
        body = [*self._futures, self._tree.body[index]]
        exec(
            compile(ast.Module(body, []), self.path, "exec", dont_inherit=True),
            namespace,
        )
        namespace.update((name, given[name]) for name in names)

    @functools.cached_property
    def _futures(self) -> List[ast.stmt]:
        return [
            statement
            for statement in self._tree.body
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        ]

    def _fresh_namespace(self) -> Dict[str, Any]:
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=self.path, __builtins__=builtins, __annotations__={})
        sys.modules["__main__"] = main
        return main.__dict__


class _Spelling:
    """How a checks file writes what it hands to `expect`: that is the value's name."""

    def __init__(self, text: str) -> None:
        self._calls = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "expect"
            and node.args
        ]

    def argument(self, caller: types.FrameType) -> str:
        line = caller.f_lineno
        around = [call for call in self._calls if call.lineno <= line <= (call.end_lineno or line)]
        if not around:
            return ""
        return ast.unparse(around[-1].args[0])[:60]


def _with_gradient(kept: Any, given: Any) -> Any:
    """The value as it was given, for the learner's code may have changed it in place; a gradient
    that its backward pass left there is part of the answer.
    """
    try:
        if isinstance(kept, torch.Tensor) and given.is_leaf and given.grad is not None:
            kept.grad = given.grad
    except Exception:
        pass
    return kept


def _calm() -> None:
    """Takes back what a program may have set for all that follows, and seeds every generator."""
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_grad_enabled(True)
    torch.manual_seed(_SEED)
    random.seed(_SEED)
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        numbers.seed(_SEED % 2**32)


def _lines_in(error: BaseException, path: str) -> List[int]:
    """The lines of a file that an exception came through, outermost first."""
    return [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == path
    ]


def _first_line(error: BaseException) -> str:
    try:
        return str(error).strip().partition("\n")[0][:_TEXT_KEPT]
    except Exception:
        return ""


def _sentence(error: BaseException) -> str:
    first, name = _first_line(error), type_name(error)
    return (f"{name}: {first}" if first else name)[:_TEXT_KEPT]


def _fault(error: BaseException, request: Run) -> Dict[str, str]:
    """What an author of checks has to know."""
    name = os.path.basename(request.checks_path) or "checks.py"
    lines = _lines_in(error, request.checks_path or "<checks>")
    line = lines[-1] if lines else getattr(error, "lineno", None)
    return {"error": _sentence(error), "at": name if line is None else f"{name}:{line}"}


# ---- processes -----------------------------------------------------------------------------------

_Judged = Tuple[_Declared, _Verdict, float]
"""A check, what it found, and the seconds that it took."""

_AT_ONCE = max(2, min(os.cpu_count() or 1, 8))


def _limit(one: _Declared, seconds: float) -> float:
    return LIMIT_SECONDS + (2 * seconds if one.varied else 0.0)


def _may_fork() -> bool:
    """A GPU that was used, or that autograd has a thread for, is of no use to a forked process."""
    if _fork is None:
        return False
    try:
        if torch.cuda.is_available() or torch.cuda.is_initialized():
            return False
        return sys.platform != "darwin" or not torch.backends.mps.is_available()
    except Exception:
        return True


def _in_forks(lesson: _Lesson, declared: Sequence[_Declared], seconds: float) -> Iterator[_Judged]:
    """A few at once, told in their order."""
    waiting: Deque[_Declared] = deque(declared)
    begun: Deque[_Fork] = deque()
    try:
        while waiting or begun:
            while waiting and len(begun) < _AT_ONCE:
                begun.append(_Fork(lesson, waiting.popleft(), seconds))
            verdict, took = begun[0].verdict()
            yield begun.popleft().one, verdict, took
    finally:
        for fork in begun:
            fork.end()


class _Fork:
    """A process for one check; none where the names alone decide."""

    def __init__(self, lesson: _Lesson, one: _Declared, seconds: float) -> None:
        assert _fork is not None
        self.one = one
        self._began = time.monotonic()
        self._limit = _limit(one, seconds)
        self._pid = 0
        self._settled = lesson.without_running(one)
        if self._settled is not None:
            return
        self._reader, writer = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch has threads; the child uses none of them
            self._pid = _fork()
        if self._pid == 0:
            _child(lesson, one, self._limit, parent, writer)
        os.close(writer)

    def verdict(self) -> Tuple[_Verdict, float]:
        """What it found, and the seconds that it took. Waits."""
        if self._settled is None:
            said = _line_from(self._reader, self._began + self._limit + _PATIENCE)
            self.end()
            if said is None:
                self._settled = _Verdict(CANNOT_CHECK, "timeout")
            else:
                self._settled = _verdict_in(said) or _Verdict(CANNOT_CHECK, "crashed")
        return self._settled, time.monotonic() - self._began

    def end(self) -> None:
        pid, self._pid = self._pid, 0
        if not pid:
            return
        os.close(self._reader)
        try:
            _kill(pid, signal.SIGKILL)
            _waitpid(pid, 0)
        except OSError:
            pass  # The program has its own way with children that end.


def _child(lesson: _Lesson, one: _Declared, limit: float, parent: int, writer: int) -> NoReturn:
    try:
        limits.die_with_parent(parent)

        def say(verdict: _Verdict) -> NoReturn:
            said = (verdict.verdict, verdict.kind, dict(verdict.fields), verdict.line)
            _write(writer, json.dumps(said).encode("ascii") + b"\n")
            _exit(0)

        def time_is_up(number: int, frame: Optional[types.FrameType]) -> None:
            say(lesson.out_of_time(one, _line_of(frame, lesson.path)))

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, time_is_up)
        signal.setitimer(signal.ITIMER_REAL, limit)
        # The threads of the pool did not come along.
        torch.set_num_threads(1)
        torch.set_num_threads = lambda count: None
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            _dup2(null, descriptor)
        with open(os.devnull, "w") as silence:
            # The program's own streams count and tell what is left out.
            sys.stdout = sys.stderr = silence
            sys.__stdout__ = sys.__stderr__ = silence  # type: ignore[misc]
            verdict = lesson.judge(one)
            signal.setitimer(signal.ITIMER_REAL, 0)
            say(verdict)
    finally:
        _exit(1)


def _line_from(reader: int, deadline: float) -> Optional[bytes]:
    """What a child says, empty where it ended without a word; `None` where the time went by."""
    said = b""
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return None
        part = _read(reader, 1 << 16)
        if not part:
            return b""
        said += part
    return said


def _verdict_in(said: bytes) -> Optional[_Verdict]:
    try:
        verdict, kind, fields, line = json.loads(said)
    except ValueError:
        return None
    return _Verdict(verdict, kind, fields, line)


class _TimeIsUp(BaseException):
    def __init__(self, line: Optional[int]) -> None:
        super().__init__()
        self.line = line


def _in_this_process(
    lesson: _Lesson, declared: Sequence[_Declared], seconds: float
) -> Iterator[_Judged]:
    """Where there is no other: the program is over, and its process as good as lost anyway."""
    left = BUDGET_SECONDS
    for one in declared:
        began = time.monotonic()
        verdict = lesson.without_running(one)
        if verdict is None and left <= 0:
            verdict = _Verdict(CANNOT_CHECK, "timeout")
        elif verdict is None:
            verdict = _here(lesson, one, _limit(one, seconds))
        took = time.monotonic() - began
        left -= took
        yield one, verdict, took


def _here(lesson: _Lesson, one: _Declared, limit: float) -> _Verdict:
    main = sys.modules.get("__main__")
    try:
        with _silence(), _alarm(limit, lesson.path):
            return lesson.judge(one)
    except _TimeIsUp as up:
        return lesson.out_of_time(one, up.line)
    except KeyboardInterrupt:
        return _Verdict(CANNOT_CHECK, "timeout")
    finally:
        if main is not None:
            sys.modules["__main__"] = main


@contextmanager
def _silence() -> Iterator[None]:
    streams = sys.stdout, sys.stderr
    with open(os.devnull, "w") as null:
        sys.stdout = sys.stderr = null
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams


@contextmanager
def _alarm(limit: float, path: str) -> Iterator[None]:
    """Raises `_TimeIsUp` in the main thread, or a KeyboardInterrupt where there are no timers."""
    if not hasattr(signal, "setitimer"):
        import _thread

        timer = threading.Timer(limit, _thread.interrupt_main)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        return

    def time_is_up(number: int, frame: Optional[types.FrameType]) -> None:
        raise _TimeIsUp(_line_of(frame, path))

    before = signal.signal(signal.SIGALRM, time_is_up)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _line_of(frame: Optional[types.FrameType], path: str) -> Optional[int]:
    """The innermost line of a file among the callers of a frame."""
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None
