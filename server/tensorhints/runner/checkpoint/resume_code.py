"""A program's steps as instrumented code, and how that code is made to follow a new text.

A process that resumes with another text keeps what older code has made: functions, classes, and the
observations of its probes. If lines were inserted above, all of them get the positions of the new
text.
"""

from __future__ import annotations

import ast
import builtins
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
    Tuple,
)

from ..instrument import resumable_functions
from ..instrument.probe_registry import Probe, ProbeRegistry
from ..syntax.definitions import trimmed
from ..syntax.program import Program
from ..syntax.steps import Step
from .code_replacement import CodeReplacement
from .program_text import ProgramText
from .resume_plan import ProgramPoint, ResumePlan


@dataclass(frozen=True)
class ProbeRange:
    """The probe ids of a piece of a step's code: `probe` up to `end`. Its gates begin at `gate`.

    `piece` is the index of the statement where the piece begins in the body of a resumable
    function; 0 for all other code.
    """

    piece: int
    probe: int
    gate: int
    end: int = 0


@dataclass(frozen=True)
class StepCode:
    """The compiled code of a step and the probes in it.

    `running` is the code of the rests of a resumable function that ran in its place.
    """

    code: types.CodeType
    ranges: Tuple[ProbeRange, ...] = ()
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
class FunctionRest:
    """The rest of a suspended function, as a new function of `code`, which `call` calls.

    `call` is the code of the step that called the suspended function. `whole` binds the function's
    name again; `definition` is the index of the step that does so.
    """

    definition: int
    whole: types.CodeType
    code: types.CodeType
    call: types.CodeType


@dataclass
class PreparedResume:
    """All that is needed to resume with another text, prepared before anything is changed.

    `probes` replace those from the given id on, `fresh` are added; `functions` get new code and
    `classes` a new first line.
    """

    program: Program
    plan: ResumePlan
    steps: Dict[int, StepCode] = field(default_factory=dict)
    probes: List[Tuple[int, List[Probe]]] = field(default_factory=list)
    functions: List[Tuple[types.FunctionType, types.CodeType]] = field(default_factory=list)
    classes: List[Tuple[type, int]] = field(default_factory=list)
    fresh: ProbeRegistry = field(default_factory=ProbeRegistry)
    rest: Optional[FunctionRest] = None


class ProgramCode:
    """Compiles the steps of a program, and adapts what they have made to another text.

    With `splits`, functions that a step calls may be suspended between the statements of their
    bodies. `adapt` changes instrumented statements further; a program that it has changed cannot
    be resumed.
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
        self._compiled: Dict[int, StepCode] = {}
        self._text = ProgramText(program, splits)

    @property
    def program(self) -> Program:
        """The current text."""
        return self._text.program

    @property
    def steps(self) -> Sequence[Step]:
        """The steps of the current text."""
        return self._text.steps

    def body_called_by(self, call: ast.stmt) -> Sequence[ast.stmt]:
        """Return the body of the resumable function that a step calls."""
        index = self._text.definition_of(resumable_functions.called_by(call) or "")
        assert index is not None
        return self.steps[index].statement.body  # type: ignore[attr-defined,no-any-return]

    def compile_step(
        self, index: int, names: Optional[FrozenSet[str]] = None
    ) -> Optional[types.CodeType]:
        """Compile a step with new probes; `None` if it does nothing.

        With `names`, only the part of the step that binds them.
        """
        step = self._text.steps[index]
        statement = step.statement if names is None else trimmed(step.statement, names)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            # Compiled alone, a string would become the module's docstring.
            return None if index or step.guard is not None else self._text.compile([statement])
        compiled = None
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            compiled = self._instrumented(statement)
        if compiled is None:
            compiled = StepCode(self._text.compile([statement]))
        self._compiled[index] = compiled
        return compiled.code

    def probes(self) -> List[Probe]:
        """Return the probes in the current code of the steps."""
        ranges = (part for compiled in self._compiled.values() for part in compiled.ranges)
        return [probe for part in ranges for probe in self._registry.probes[part.probe : part.end]]

    def _instrumented(self, statement: ast.stmt) -> Optional[StepCode]:
        for shallow in (False, True):
            part = ProbeRange(0, len(self._registry.probes), len(self._registry.gates))
            try:
                body = self._text.instrumented(statement, {0: self._registry}, shallow)
                part = replace(part, end=len(self._registry.probes))
                return StepCode(self._text.compile(self._adapt(body)), (part,), shallow)
            except (RecursionError, MemoryError):
                continue
        return None

    # ---- another text ----------------------------------------------------------------------------

    def prepare_resume(
        self,
        at: ProgramPoint,
        plan: ResumePlan,
        new: Program,
        suspended: Optional[SuspendedFunction] = None,
    ) -> Optional[PreparedResume]:
        """Prepare to resume from `at` with the text `new`, without changing anything.

        `suspended` describes the function around `at`. Returns `None` if something in use cannot be
        given the positions of the new text.
        """
        text = ProgramText(new, self._splits)
        preparation = _Preparation(self._registry, self._text, self._compiled, text, plan)
        return preparation.build(at, suspended)

    def apply(self, prepared: PreparedResume) -> None:
        """Change to the prepared text."""
        for first, probes in prepared.probes:
            self._registry.probes[first : first + len(probes)] = probes
        self._registry.probes += prepared.fresh.probes
        self._registry.gates += prepared.fresh.gates
        for function, code in prepared.functions:
            function.__code__ = code
        for kind, line in prepared.classes:
            type.__setattr__(kind, "__firstlineno__", line)
        self._text = ProgramText(prepared.program, self._splits)
        self._compiled = prepared.steps

    def catch_up(
        self,
        prepared: PreparedResume,
        namespace: Dict[str, Any],
        values: Dict[str, Any],
        suspended: Optional[SuspendedFunction],
    ) -> Iterator[types.CodeType]:
        """Yield the code to execute before the program continues at its next step.

        `values` are those of the suspended function's local variables; they are removed from it.
        """
        for name in prepared.plan.unbind:
            namespace.pop(name, None)
        rest = prepared.rest
        for index, names in prepared.plan.bind:
            is_suspended = rest is not None and index == rest.definition
            code = rest.whole if rest and is_suspended else self.compile_step(index, names)
            if code is not None:
                yield code
        if rest is None or suspended is None:
            return
        closure = tuple(suspended.cells[name] for name in rest.code.co_freevars)
        function = types.FunctionType(rest.code, namespace, rest.code.co_name, None, closure)
        added = {
            resumable_functions.NEVER: False,
            resumable_functions.RESTORE: values.pop,
            resumable_functions.REST: function,
        }
        del function
        vars(builtins).update(added)
        try:
            yield rest.call
        finally:
            for key in added:
                vars(builtins).pop(key, None)


class _Preparation:
    """Prepares one resume from the `old` text, whose steps are `compiled`, with the `new` one."""

    def __init__(
        self,
        registry: ProbeRegistry,
        old: ProgramText,
        compiled: Mapping[int, StepCode],
        new: ProgramText,
        plan: ResumePlan,
    ) -> None:
        self._registry = registry
        self._old = old
        self._compiled = compiled
        self._new = new
        self._prepared = PreparedResume(new.program, plan)
        self._replacement = CodeReplacement()

    def build(
        self, at: ProgramPoint, suspended: Optional[SuspendedFunction]
    ) -> Optional[PreparedResume]:
        prepared = self._prepared
        try:
            for before, after in prepared.plan.kept:
                step: Optional[StepCode] = self._compiled.get(before)
                if step is not None and (before, after) in prepared.plan.moved:
                    step = self._moved(step, before, after)
                    if step is None:
                        return None
                if step is not None:
                    prepared.steps[after] = step
            if suspended is not None and not self._continue_function(at, suspended):
                return None
        except (RecursionError, MemoryError):
            return None
        functions = self._replacement.living_functions()
        if functions is None:
            return None
        prepared.functions = functions
        prepared.classes = self._replacement.living_classes()
        return prepared

    def _moved(self, step: StepCode, before: int, after: int) -> Optional[StepCode]:
        """Compile a step that has run for its new position, probe for probe."""
        if not step.ranges:
            return step
        body = self._instrumented_alike(step, before, after)
        if body is None:
            return None
        code = self._new.compile(body)
        if not self._replacement.pair(step.code, code):
            return None
        for running in step.running:
            new = resumable_functions.function_in(code, [running.co_name])
            self._replacement.pair_beginning(running, new)
        return replace(step, code=code, running=())

    def _instrumented_alike(
        self, step: StepCode, before: int, after: int
    ) -> Optional[List[ast.stmt]]:
        """Instrument a step's new statement with the same probe ids.

        Returns `None` if it differs from the old one in more than positions.
        """
        old, new = self._old.steps[before].statement, self._new.steps[after].statement
        ids_of_old, ids_of_new = _repeated_ids(step.ranges), _repeated_ids(step.ranges)
        was = self._old.instrumented(old, ids_of_old, step.shallow)
        body = self._new.instrumented(new, ids_of_new, step.shallow)
        if not _are_alike(was, body):
            return None
        self._replace_probes(step.ranges, ids_of_new)
        return body

    def _replace_probes(
        self, ranges: Sequence[ProbeRange], registries: Mapping[int, ProbeRegistry]
    ) -> None:
        self._prepared.probes += [
            (part.probe, registries[part.piece].probes[part.probe :]) for part in ranges
        ]

    # ---- a suspended function --------------------------------------------------------------------

    def _continue_function(self, at: ProgramPoint, suspended: SuspendedFunction) -> bool:
        """Prepare the rest of the suspended function; return whether the new text allows it."""
        body_index, name = at.body_index, suspended.code.co_name
        before, after = self._old.definition_of(name), self._new.definition_of(name)
        if before is None or after is None:
            return False
        step = self._compiled[before]
        old, new = self._old.steps[before].statement, self._new.steps[after].statement
        assert isinstance(old, ast.FunctionDef)
        assert isinstance(new, ast.FunctionDef)
        kept = tuple(part for part in step.ranges if part.piece < body_index)
        # What follows is numbered anew: none of it has run.
        fresh = ProbeRange(body_index, len(self._registry.probes), len(self._registry.gates))
        ids_of_old, ids_of_new = _repeated_ids((*kept, fresh)), _repeated_ids((*kept, fresh))
        was = self._old.pieces(old, ids_of_old, step.shallow)
        pieces = self._new.pieces(new, ids_of_new, step.shallow)
        if not _are_alike(was.bodies[:body_index], pieces.bodies[:body_index]):
            return False
        rest = self._rest(new, pieces, body_index, suspended)
        call = self._call_of_rest(at, rest) if rest is not None else None
        if rest is None or call is None:
            return False
        self._replace_probes(kept, ids_of_new)
        added = ids_of_new[body_index]
        self._prepared.fresh = ProbeRegistry(added.probes[fresh.probe :], added.gates[fresh.gate :])
        kept = tuple(replace(part, end=len(ids_of_new[part.piece].probes)) for part in kept)
        fresh = replace(fresh, end=len(added.probes))
        earlier: Tuple[types.CodeType, ...] = (suspended.code,)
        if _positions(old, body_index) != _positions(new, body_index):
            self._replacement.pair_beginning(suspended.code, rest)
            earlier = ()
        elif suspended.code not in step.running:
            earlier = (suspended.code, *step.running)
        whole = self._new.compile([pieces.whole()])
        prepared, called = self._prepared, self._compiled[at.step]
        prepared.steps[after] = StepCode(whole, (*kept, fresh), step.shallow, (rest, *earlier))
        prepared.steps[prepared.plan.point.step] = replace(called, code=call)
        prepared.rest = FunctionRest(after, whole, rest, call)
        return True

    def _rest(
        self,
        new: ast.FunctionDef,
        pieces: resumable_functions.FunctionPieces,
        body_index: int,
        suspended: SuspendedFunction,
    ) -> Optional[types.CodeType]:
        """Compile the rest of a function; `None` if it lacks a variable that is bound."""
        code = resumable_functions.code_of(new)
        if code is None or not {*suspended.held} <= {*code.co_varnames, *code.co_cellvars}:
            return None
        shared = {*suspended.cells}.intersection(code.co_cellvars)
        around = resumable_functions.rest_of(pieces, body_index, suspended.held, shared)
        names = [resumable_functions.REST, new.name]
        return resumable_functions.function_in(self._new.compile([around]), names)

    def _call_of_rest(self, at: ProgramPoint, rest: types.CodeType) -> Optional[types.CodeType]:
        """Compile the step that calls the function so that it calls the rest instead."""
        called, after = self._compiled[at.step], self._prepared.plan.point.step
        new = self._new.steps[after].statement
        body: Optional[List[ast.stmt]] = [new]
        if called.ranges:
            body = self._instrumented_alike(called, at.step, after)
        if body is None:
            return None
        assert isinstance(new, ast.Expr)
        assert isinstance(new.value, ast.Call)
        return self._new.compile(resumable_functions.calls_rest(body, new.value, rest))


def _repeated_ids(ranges: Sequence[ProbeRange]) -> Dict[int, ProbeRegistry]:
    """Create registries, by piece, that give out the ids and gates of `ranges` once more."""
    nothing: List[Any] = [None]
    return {part.piece: ProbeRegistry(nothing * part.probe, nothing * part.gate) for part in ranges}


def _are_alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two instrumented bodies are equal apart from positions."""
    if len(one) != len(other):
        return False
    return all(
        _are_alike(a, b) if isinstance(a, list) else ast.dump(a) == ast.dump(b)
        for a, b in zip(one, other)
    )


def _positions(function: ast.FunctionDef, body_index: int) -> List[Tuple[Any, ...]]:
    """Return the positions of all nodes before statement `body_index`."""
    nodes = [
        node for part in [function.args, *function.body[:body_index]] for node in ast.walk(part)
    ]
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return [tuple(getattr(node, name, None) for name in names) for node in nodes]
