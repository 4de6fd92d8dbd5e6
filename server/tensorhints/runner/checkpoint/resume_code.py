"""A program's steps as code with probes in it; and how that code follows a text that changes.

A process that goes on as another text keeps what older code has made: functions, classes, what was
seen where. Where lines were inserted above, all of that gets the positions of the new text.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import gc
import sys
import types
from dataclasses import dataclass, field, replace
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
)

from ..instrument import resumable_functions
from ..instrument.instrument import Instrumenter
from ..instrument.probe_registry import Probe, ProbeRegistry
from ..syntax import notebook
from ..syntax.definitions import trimmed
from ..syntax.program import Program
from ..syntax.steps import Step, steps
from .resume_plan import ProgramPoint, ResumePlan


@dataclass(frozen=True)
class Start:
    """From statement `piece` of a split function on (0 for all else), sites and gates are numbered
    from here. The sites end before `end`.
    """

    piece: int
    probe: int
    gate: int
    end: int = 0


@dataclass(frozen=True)
class Made:
    """A step that was made into code. `running` is the code of a split function's rests, which have
    run in place of it.
    """

    code: types.CodeType
    starts: Tuple[Start, ...] = ()
    shallow: bool = False
    running: Tuple[types.CodeType, ...] = ()


@dataclass(frozen=True)
class SuspendedFunction:
    """A function suspended between two statements of its body.

    `held` are the names of its bound local variables, `cells` the closure cells among them.
    """

    code: types.CodeType
    held: Tuple[str, ...]
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Split:
    """How a function that was left goes on: `whole` binds it anew, `rest` runs its rest, and `call`
    is the step that calls that.
    """

    definition: int
    whole: types.CodeType
    rest: types.CodeType
    call: types.CodeType


@dataclass
class PreparedResume:
    """All that it takes to go on as another text, prepared while nothing has changed yet."""

    program: Program
    plan: ResumePlan
    made: Dict[int, Made] = field(default_factory=dict)
    probes: List[Tuple[int, List[Probe]]] = field(default_factory=list)
    functions: List[Tuple[types.FunctionType, types.CodeType]] = field(default_factory=list)
    classes: List[Tuple[type, int]] = field(default_factory=list)
    fresh: ProbeRegistry = field(default_factory=ProbeRegistry)
    split: Optional[Split] = None


class ProgramCode:
    """`splits`: functions that a step calls get pauses between the statements of their bodies.
    `adapt` changes watched statements further; what it changed cannot follow another text.
    """

    def __init__(
        self,
        program: Program,
        registry: ProbeRegistry,
        splits: bool = False,
        adapt: Callable[[List[ast.stmt]], List[ast.stmt]] = lambda body: body,
    ) -> None:
        self._registry = registry
        self._splits = splits
        self._adapt = adapt
        self._made: Dict[int, Made] = {}
        self._text = _Text(program, splits)

    @property
    def program(self) -> Program:
        return self._text.program

    @property
    def steps(self) -> Sequence[Step]:
        return self._text.steps

    def body_called_by(self, call: ast.stmt) -> Sequence[ast.stmt]:
        """The body of the function that a step calls, where there are pauses in it."""
        index = self._text.definition_of(resumable_functions.called_by(call) or "")
        assert index is not None
        return self.steps[index].statement.body  # type: ignore[attr-defined,no-any-return]

    def compile_step(
        self, index: int, names: Optional[FrozenSet[str]] = None
    ) -> Optional[types.CodeType]:
        """A step's code, to be run now: the probes in it are new ones. With `names` only as far as
        it binds them.
        """
        step = self._text.steps[index]
        statement = step.statement if names is None else trimmed(step.statement, names)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            # Compiled alone, a string would become the module's docstring.
            return None if index or step.guard is not None else self._text.compiled([statement])
        made = None
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            made = self._watched(statement)
        self._made[index] = made = made or Made(self._text.compiled([statement]))
        return made.code

    def probes(self) -> List[Probe]:
        """Those in the code of the steps as they are now."""
        starts = (start for made in self._made.values() for start in made.starts)
        return [
            probe for start in starts for probe in self._registry.probes[start.probe : start.end]
        ]

    def _watched(self, statement: ast.stmt) -> Optional[Made]:
        for shallow in (False, True):
            start = Start(0, len(self._registry.probes), len(self._registry.gates))
            try:
                body = self._text.rewritten(statement, {0: self._registry}, shallow)
                start = replace(start, end=len(self._registry.probes))
                return Made(self._text.compiled(self._adapt(body)), (start,), shallow)
            except (RecursionError, MemoryError):
                continue
        return None

    # ---- another text ----------------------------------------------------------------------------

    def prepare_resume(
        self,
        at: ProgramPoint,
        resume: ResumePlan,
        new: Program,
        left: Optional[SuspendedFunction] = None,
    ) -> Optional[PreparedResume]:
        """What it takes to go on from `at` as `new`; `None` where something that lives cannot be
        made to stand where the new text has it. `left` describes the function around `at`.
        """
        text = _Text(new, self._splits)
        found = PreparedResume(new, resume)
        codes = _Codes()
        try:
            for before, after in resume.kept:
                made: Optional[Made] = self._made.get(before)
                if made is not None and (before, after) in resume.moved:
                    made = self._moved(made, before, text, after, found, codes)
                    if made is None:
                        return None
                if made is not None:
                    found.made[after] = made
            if left is not None and not self._leave(at, text, left, found, codes):
                return None
        except (RecursionError, MemoryError):
            return None
        functions = codes.functions()
        if functions is None:
            return None
        found.functions = functions
        found.classes = codes.classes()
        return found

    def _moved(
        self,
        made: Made,
        before: int,
        text: _Text,
        after: int,
        found: PreparedResume,
        codes: _Codes,
    ) -> Optional[Made]:
        """The same step where the new text has it, probe for probe."""
        old, new = self._text.steps[before].statement, text.steps[after].statement
        if not made.starts:
            return made
        one, other = _replays(made.starts), _replays(made.starts)
        was = self._text.rewritten(old, one, made.shallow)
        body = text.rewritten(new, other, made.shallow)
        if not _alike(was, body):
            return None
        found.probes += [(s.probe, other[s.piece].probes[s.probe :]) for s in made.starts]
        code = text.compiled(body)
        if not codes.pair(made.code, code):
            return None
        for running in made.running:
            codes.pair_some(running, resumable_functions.function_in(code, [running.co_name]))
        return replace(made, code=code, running=())

    def _leave(
        self,
        at: ProgramPoint,
        text: _Text,
        left: SuspendedFunction,
        found: PreparedResume,
        codes: _Codes,
    ) -> bool:
        """Prepares for the rest of the function that a copy stands in."""
        body_index = at.body_index
        name = left.code.co_name
        before, after = self._text.definition_of(name), text.definition_of(name)
        if before is None or after is None:
            return False
        made, called = self._made[before], self._made[at.step]
        old, new = self._text.steps[before].statement, text.steps[after].statement
        assert isinstance(old, ast.FunctionDef)
        assert isinstance(new, ast.FunctionDef)
        kept = tuple(start for start in made.starts if start.piece < body_index)
        fresh = Start(body_index, len(self._registry.probes), len(self._registry.gates))
        one, other = _replays((*kept, fresh)), _replays((*kept, fresh))
        was = self._text.pieces(old, one, made.shallow)
        pieces = text.pieces(new, other, made.shallow)
        if not _alike(was.bodies[:body_index], pieces.bodies[:body_index]):
            return False
        locals_ = resumable_functions.code_of(new)
        if locals_ is None or not {*left.held} <= {*locals_.co_varnames, *locals_.co_cellvars}:
            return False
        shared = {*left.cells}.intersection(locals_.co_cellvars)
        whole = text.compiled([pieces.whole()])
        around = text.compiled([resumable_functions.rest_of(pieces, body_index, left.held, shared)])
        rest = resumable_functions.function_in(around, [resumable_functions.REST, name])
        call = self._call_of_rest(at, text, called, found, rest)
        if call is None:
            return False
        found.probes += [(s.probe, other[s.piece].probes[s.probe :]) for s in kept]
        # What follows is numbered anew: none of it has run.
        found.fresh = ProbeRegistry(
            other[body_index].probes[fresh.probe :], other[body_index].gates[fresh.gate :]
        )
        kept = tuple(replace(s, end=len(other[s.piece].probes)) for s in kept)
        fresh = replace(fresh, end=len(other[body_index].probes))
        earlier: Tuple[types.CodeType, ...] = (left.code,)
        if _positions(old, body_index) != _positions(new, body_index):
            codes.pair_some(left.code, rest)
            earlier = ()
        elif left.code not in made.running:
            earlier = (left.code, *made.running)
        found.made[after] = Made(whole, (*kept, fresh), made.shallow, (rest, *earlier))
        found.made[found.plan.point.step] = replace(called, code=call)
        found.split = Split(after, whole, rest, call)
        return True

    def _call_of_rest(
        self,
        at: ProgramPoint,
        text: _Text,
        called: Made,
        found: PreparedResume,
        rest: types.CodeType,
    ) -> Optional[types.CodeType]:
        old = self._text.steps[at.step].statement
        new = text.steps[found.plan.point.step].statement
        one, other = _replays(called.starts), _replays(called.starts)
        if not called.starts:
            body = [new]
        else:
            body = text.rewritten(new, other, called.shallow)
            if not _alike(self._text.rewritten(old, one, called.shallow), body):
                return None
            found.probes += [(s.probe, other[s.piece].probes[s.probe :]) for s in called.starts]
        assert isinstance(new, ast.Expr)
        assert isinstance(new.value, ast.Call)
        return text.compiled(resumable_functions.calls_rest(body, new.value, rest))

    def apply(self, order: PreparedResume) -> None:
        """Goes on as another text from now on."""
        for first, probes in order.probes:
            self._registry.probes[first : first + len(probes)] = probes
        self._registry.probes += order.fresh.probes
        self._registry.gates += order.fresh.gates
        for function, code in order.functions:
            function.__code__ = code
        for made, line in order.classes:
            type.__setattr__(made, "__firstlineno__", line)
        self._text = _Text(order.program, self._splits)
        self._made = order.made

    def catch_up(
        self,
        order: PreparedResume,
        namespace: Dict[str, Any],
        values: Dict[str, Any],
        left: Optional[SuspendedFunction],
    ) -> Iterator[types.CodeType]:
        """What to run before the program goes on at its next step. `values` are those of the local
        variables of the function that was left: they are taken out of it.
        """
        for name in order.plan.unbind:
            namespace.pop(name, None)
        split = order.split
        for index, names in order.plan.bind:
            code = (
                split.whole
                if split is not None and index == split.definition
                else self.compile_step(index, names)
            )
            if code is not None:
                yield code
        if split is None or left is None:
            return
        closure = tuple(left.cells[name] for name in split.rest.co_freevars)
        name = split.rest.co_name
        added = {
            resumable_functions.NEVER: False,
            resumable_functions.RESTORE: values.pop,
            resumable_functions.REST: types.FunctionType(
                split.rest, namespace, name, None, closure
            ),
        }
        vars(builtins).update(added)
        try:
            yield split.call
        finally:
            for key in added:
                vars(builtins).pop(key, None)


class _Text:
    """A program, and how its statements are rewritten."""

    def __init__(self, program: Program, splits: bool) -> None:
        self.program = program
        self.steps = steps(program.tree)
        self._flags = _future_flags(program.tree) | notebook.flags(program.path)
        self._split = self._splittable() if splits else set()

    def _splittable(self) -> Set[str]:
        called = {resumable_functions.called_by(step.statement) for step in self.steps}
        found = set()
        for name in called:
            index = self.definition_of(name) if name is not None else None
            if index is not None and resumable_functions.may_be_split(self.steps[index].statement):
                found.add(str(name))
        return found

    def definition_of(self, name: str) -> Optional[int]:
        """The step that defines a function, where there is only one."""
        found = [
            index
            for index, step in enumerate(self.steps)
            if isinstance(step.statement, ast.FunctionDef) and step.statement.name == name
        ]
        return found[0] if len(found) == 1 else None

    def rewritten(
        self, statement: ast.stmt, registries: Mapping[int, ProbeRegistry], shallow: bool
    ) -> List[ast.stmt]:
        if isinstance(statement, ast.FunctionDef) and statement.name in self._split:
            return [self.pieces(statement, registries, shallow).whole()]
        instrumenter = Instrumenter(self.program.path, self.program.lines, registries[0])
        return instrumenter.statement(statement, shallow)

    def pieces(
        self, function: ast.FunctionDef, registries: Mapping[int, ProbeRegistry], shallow: bool
    ) -> resumable_functions.FunctionPieces:
        path, lines = self.program.path, self.program.lines
        return resumable_functions.instrument_pieces(path, lines, function, registries, shallow)

    def compiled(self, body: Sequence[ast.stmt]) -> types.CodeType:
        code: types.CodeType = compile(
            ast.Module(list(body), []),
            self.program.path,
            "exec",
            flags=self._flags,
            dont_inherit=True,
        )
        return code


class _Codes:
    """Code objects of functions and classes, each with the one that takes its place."""

    def __init__(self) -> None:
        self._old: List[types.CodeType] = []
        self._new: Dict[int, Optional[types.CodeType]] = {}
        self._constants: Set[int] = set()

    def pair(self, old: types.CodeType, new: types.CodeType) -> bool:
        """All code inside of `old`, where `new` has the same."""
        self._constants.add(id(old.co_consts))
        ones, others = _inner(old), _inner(new)
        if len(ones) != len(others):
            return False
        for one, other in zip(ones, others):
            if one.co_name != other.co_name or one.co_freevars != other.co_freevars:
                return False
            self._old.append(one)
            self._new[id(one)] = other
            if not self.pair(one, other):
                return False
        return True

    def pair_some(self, old: types.CodeType, new: types.CodeType) -> None:
        """The code inside of `old` as far as both begin alike: of the rest nothing may live."""
        self._constants.add(id(old.co_consts))
        ones, others = _inner(old), _inner(new)
        alike = True
        for index, one in enumerate(ones):
            other = others[index] if index < len(others) else None
            alike = (
                alike
                and other is not None
                and one.co_name == other.co_name
                and (one.co_freevars == other.co_freevars)
            )
            self._old.append(one)
            self._new[id(one)] = other if alike else None
            if alike and other is not None:
                self.pair_some(one, other)

    def functions(self) -> Optional[List[Tuple[types.FunctionType, types.CodeType]]]:
        """The functions that live with the old code, each with its new one; `None` where something
        else holds on to old code, say a generator in the middle of it.
        """
        found: List[Tuple[types.FunctionType, types.CodeType]] = []
        if not self._old:
            return found
        asked_for = tuple(self._old)
        ours = {id(self._old), *self._constants, *_running_frames()}
        for holder in gc.get_referrers(*asked_for):
            # Python 3.13 finds its own arguments, in a tuple that it has made for the call.
            if id(holder) in ours or (type(holder) is tuple and holder == asked_for):
                continue
            code = getattr(holder, "__code__", None) if type(holder) is types.FunctionType else None
            new = self._new.get(id(code))
            if new is None:
                return None
            found.append((holder, new))
        return found

    def classes(self) -> List[Tuple[type, int]]:
        """The classes that live and remember their first line, as they do from Python 3.13 on, each
        with the new one.
        """
        if sys.version_info < (3, 13) or not self._old:
            return []
        lines: Dict[Tuple[str, Any], int] = {
            (old.co_qualname, old.co_firstlineno): new.co_firstlineno
            for old, new in ((old, self._new[id(old)]) for old in self._old)
            if new is not None
        }
        found = []
        for made in gc.get_objects():
            if not issubclass(type(made), type):
                continue
            # Past what a metaclass of the program's may have to say.
            names = type.__getattribute__(made, "__dict__")
            key = (type.__getattribute__(made, "__qualname__"), names.get("__firstlineno__"))
            if names.get("__module__") == "__main__" and key in lines:
                found.append((made, lines[key]))
        return found


def _inner(code: types.CodeType) -> List[types.CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]


def _running_frames() -> Set[int]:
    found = set()
    frame: Optional[types.FrameType] = sys._getframe()
    while frame is not None:
        found.add(id(frame))
        frame = frame.f_back
    return found


def _replays(starts: Sequence[Start]) -> Dict[int, ProbeRegistry]:
    """Registries that give out the numbers once more that were given out from `starts` on."""
    nothing: List[Any] = [None]
    return {s.piece: ProbeRegistry(nothing * s.probe, nothing * s.gate) for s in starts}


def _alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two rewritten bodies are the same but for positions."""
    if len(one) != len(other):
        return False
    return all(
        _alike(a, b) if isinstance(a, list) else ast.dump(a) == ast.dump(b)
        for a, b in zip(one, other)
    )


def _positions(function: ast.FunctionDef, body_index: int) -> List[Tuple[Any, ...]]:
    """Where all stands that comes before statement `body_index`."""
    nodes = [
        node for part in [function.args, *function.body[:body_index]] for node in ast.walk(part)
    ]
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return [tuple(getattr(node, name, None) for name in names) for node in nodes]


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags
