"""Functions that a run can be checkpointed inside of, between two statements of their body.

These are functions that a step does nothing but call, such as `main`. This module is pure: it
decides which functions qualify, and builds the tree that executes the rest of a suspended one.
"""

from __future__ import annotations

import ast
import copy
import inspect
import types
from dataclasses import dataclass
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence, Tuple

from ..syntax.mentions import spelt
from ..syntax.nodes import at, docstring_length, parameters, replaced
from ..syntax.program import Lines
from .context import Context
from .instrument import Instrumenter
from .probe_registry import GATE, PREFIX, ProbeRegistry

CHECKPOINT = PREFIX + "pause"  # (index in the body, function that holds the cells, or none)
RESTORE = PREFIX + "take"  # (name) -> the value of a local variable at the checkpoint
REST = PREFIX + "rest"  # the function that is called in place of the suspended one
NEVER = PREFIX + "never"  # False

_GENERATES = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def called_by(statement: ast.stmt) -> Optional[str]:
    """Return the name of the function that a step calls, if that is all it does: `main(…)`.

    `main(main(…))` does not count: the same code runs twice, and a frame does not tell in which
    call.
    """
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    called = statement.value.func
    if not isinstance(called, ast.Name) or called.id in spelt(arguments_of(statement)):
        return None
    return called.id


def arguments_of(statement: ast.stmt) -> List[ast.AST]:
    """The arguments of a step for which `called_by` returns a name."""
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return [*statement.value.args, *statement.value.keywords]


def may_be_split(statement: ast.stmt) -> bool:
    """Whether a statement is a plain function that checkpoints can be made inside of."""
    if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
        return False
    if len(statement.body) < 2 or getattr(statement, "type_params", None):
        return False
    code = code_of(statement)
    return code is not None and not code.co_flags & _GENERATES


def may_resume(old: ast.stmt, new: ast.stmt, body_index: int) -> bool:
    """Whether both functions do the same before statement `body_index` of their bodies."""
    if not may_be_split(old) or not may_be_split(new):
        return False
    assert isinstance(old, ast.FunctionDef)
    assert isinstance(new, ast.FunctionDef)
    if len(new.body) < body_index or _head(old) != _head(new):
        return False
    begun = old.body[:body_index]
    if not all(ast.dump(one) == ast.dump(other) for one, other in zip(begun, new.body)):
        return False
    # A later line may make a name local that was global, for the earlier ones too.
    return _locals_among(begun, old) == _locals_among(begun, new)


def code_of(function: ast.FunctionDef) -> Optional[types.CodeType]:
    """Compile a function; `None` if Python refuses to."""
    try:
        module = compile(ast.Module([function], []), "<function>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError):
        return None
    return function_in(module, [function.name])


def _head(function: ast.FunctionDef) -> List[str]:
    returns = [] if function.returns is None else [ast.dump(function.returns)]
    return [ast.dump(function.args), *returns]


def _locals_among(statements: List[ast.stmt], function: ast.FunctionDef) -> List[str]:
    code = code_of(function)
    assert code is not None
    return sorted(spelt(statements).intersection({*code.co_varnames, *code.co_cellvars}))


# ---- with checkpoints between the statements -----------------------------------------------------


@dataclass(frozen=True)
class FunctionPieces:
    """A function's body with probes, statement by statement.

    The calls that may make a checkpoint between the statements are guarded by `gate`. `cells` are
    the variables that inner functions share.
    """

    node: ast.FunctionDef
    gate: ast.expr
    bodies: Sequence[List[ast.stmt]]
    cells: Tuple[str, ...]

    def until(self, body_index: int) -> List[ast.stmt]:
        """The statements before statement `body_index`, with the checkpoint right before it."""
        return [*self._run(0, body_index), self._checkpoint(body_index)]

    def since(self, body_index: int) -> List[ast.stmt]:
        """The statements from statement `body_index` on."""
        return self._run(body_index, len(self.bodies))

    def whole(self) -> ast.stmt:
        """The function with its probes and checkpoints."""
        found: ast.stmt = replaced(self.node, body=self.since(0))
        return found

    def _run(self, first: int, end: int) -> List[ast.stmt]:
        found: List[ast.stmt] = []
        for index in range(first, end):
            if index > first:
                found.append(self._checkpoint(index))
            found += self.bodies[index]
        return found

    def _checkpoint(self, body_index: int) -> ast.stmt:
        """Call `CHECKPOINT`, with a lambda that holds the cells by naming their variables."""
        anchor = self.node.body[min(body_index, len(self.node.body) - 1)]
        arguments: List[ast.expr] = [at(ast.Constant(body_index), anchor)]
        if self.cells:
            names: List[ast.expr] = [at(ast.Name(n, ast.Load()), anchor) for n in self.cells]
            nothing = ast.arguments([], [], None, [], [], None, [])
            held = at(ast.Tuple(names, ast.Load()), anchor)
            arguments.append(at(ast.Lambda(nothing, held), anchor))
        call = at(ast.Call(at(ast.Name(CHECKPOINT, ast.Load()), anchor), arguments, []), anchor)
        statement: ast.stmt = at(ast.If(self.gate, [at(ast.Expr(call), anchor)], []), anchor)
        return statement


def instrument_pieces(
    path: str,
    lines: Lines,
    node: ast.FunctionDef,
    registries: Mapping[int, ProbeRegistry],
    shallow: bool,
) -> FunctionPieces:
    """Instrument a function statement by statement.

    `registries` maps indices of the body, 0 among them, to the registry that numbers the probes of
    the statements from there on.
    """
    code = code_of(node)
    gate = at(ast.Name(f"{GATE}{registries[0].new_gate()}", ast.Load()), node)
    context = Context(scope=(node.name,), repeats=True, shallow=shallow)
    start = docstring_length(node.body)
    instrumenter = Instrumenter(path, lines, registries[0])
    bodies: List[List[ast.stmt]] = []
    for index, statement in enumerate(node.body):
        if index in registries:
            instrumenter = Instrumenter(path, lines, registries[index])
        if index < start:
            bodies.append([statement])
        elif index == start:
            bodies.append(instrumenter.function_body(context, node.args, [statement]))
        else:
            bodies.append(instrumenter.body(context, [statement]))
    return FunctionPieces(node, gate, bodies, code.co_cellvars if code is not None else ())


# ---- the rest of a function ----------------------------------------------------------------------


def rest_of(
    pieces: FunctionPieces, body_index: int, held: Collection[str], shared: Collection[str]
) -> ast.stmt:
    """Build a closure that executes the remaining statements of a suspended function.

    The function was suspended before statement `body_index`. The tree contains what it
    executed too, behind a test that never holds, so that every name keeps its scope. `held` are the
    local variables whose values are restored, `shared` those whose cells are reused.
    """
    node = pieces.node
    anchor = node.body[min(body_index, len(node.body) - 1)]
    arguments = _without(node.args, shared)
    body: List[ast.stmt] = []
    if shared:
        body.append(at(ast.Nonlocal(sorted(shared)), node.body[0]))
    never = at(ast.Name(NEVER, ast.Load()), node.body[0])
    body.append(at(ast.If(never, pieces.until(body_index), []), node.body[0]))
    body += [_restored(name, anchor) for name in held if name not in shared]
    gone = [p.arg for p in parameters(arguments) if p.arg not in held]
    if gone:
        targets: List[ast.expr] = [at(ast.Name(name, ast.Del()), anchor) for name in gone]
        body.append(at(ast.Delete(targets), anchor))
    body += pieces.since(body_index) if body_index < len(pieces.bodies) else []
    function = replaced(node, args=arguments, body=body)
    around = ast.arguments([], [ast.arg(name) for name in sorted(shared)], None, [], [], None, [])
    for argument in around.args:
        at(argument, node)
    # Declared global, the function has a plain qualified name, and so have those inside it.
    own_name = at(ast.Global([node.name]), node)
    return replaced(node, name=REST, args=around, body=[own_name, function], returns=None)


def _restored(name: str, anchor: ast.stmt) -> ast.stmt:
    restore = at(ast.Name(RESTORE, ast.Load()), anchor)
    value = at(ast.Call(restore, [at(ast.Constant(name), anchor)], []), anchor)
    statement: ast.stmt = at(ast.Assign([at(ast.Name(name, ast.Store()), anchor)], value), anchor)
    return statement


def _without(arguments: ast.arguments, names: Collection[str]) -> ast.arguments:
    """Return the parameters without those in `names`, and without defaults."""

    def kept(group: Sequence[ast.arg]) -> List[ast.arg]:
        return [argument for argument in group if argument.arg not in names]

    def one(argument: Optional[ast.arg]) -> Optional[ast.arg]:
        return None if argument is None or argument.arg in names else argument

    named = kept(arguments.kwonlyargs)
    return ast.arguments(
        posonlyargs=kept(arguments.posonlyargs),
        args=kept(arguments.args),
        vararg=one(arguments.vararg),
        kwonlyargs=named,
        kw_defaults=[None for _ in named],
        kwarg=one(arguments.kwarg),
        defaults=[],
    )


def calls_rest(body: List[ast.stmt], call: ast.Call, code: types.CodeType) -> List[ast.stmt]:
    """Return a rewritten step whose `call` is replaced by one of `REST`.

    `code` is that of the function `REST`. Its parameters only reserve variables for the values that
    are restored: all arguments are `None`.
    """
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    given: List[ast.expr] = [at(ast.Constant(None), call) for _ in range(code.co_argcount)]
    keywords = [at(ast.keyword(name, at(ast.Constant(None), call)), call) for name in named]
    instead = at(ast.Call(at(ast.Name(REST, ast.Load()), call.func), given, keywords), call)
    span = _span(call)

    class Replacer(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            is_it = isinstance(node.func, ast.Name) and node.func.id == call.func.id  # type: ignore[attr-defined]
            return instead if is_it and _span(node) == span else self.generic_visit(node)

    # Copied, because the body shares sub-trees with the program's own tree.
    return [Replacer().visit(copy.deepcopy(statement)) for statement in body]


def _span(node: Any) -> Tuple[Any, ...]:
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def function_in(module: types.CodeType, names: Sequence[str]) -> types.CodeType:
    """Find the code of a nested function by the names on the way to it."""
    found = module
    for name in names:
        found = next(
            constant
            for constant in found.co_consts
            if isinstance(constant, types.CodeType) and constant.co_name == name
        )
    return found


def cells_of(holder: Optional[types.FunctionType]) -> Dict[str, Any]:
    """The cells that a call of `CHECKPOINT` received, by variable name."""
    if holder is None or holder.__closure__ is None:
        return {}
    return dict(zip(holder.__code__.co_freevars, holder.__closure__))
