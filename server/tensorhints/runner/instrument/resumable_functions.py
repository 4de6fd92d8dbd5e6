"""Functions that a step calls, as programs within the program: between the statements of their
bodies a run can be paused too, and go on with other statements from there.

Pure: which functions these are, and what the rest of one looks like as a tree.
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
from .instrument import Instrumenter
from .probe_registry import PREFIX, ProbeRegistry

PAUSE = PREFIX + "pause"  # (statement of the body, function that holds the cells or none)
TAKE = PREFIX + "take"  # (name) -> what a local variable held where the copy stands
REST = PREFIX + "rest"  # the function that is called in place of the one that was left
NEVER = PREFIX + "never"  # False

_GENERATES = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def called_by(statement: ast.stmt) -> Optional[str]:
    """The function that a step calls, where that is all it does: `main(…)`. In `main(main(…))` the
    same code runs twice, so that no frame of it tells which call it belongs to.
    """
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    called = statement.value.func
    if not isinstance(called, ast.Name) or called.id in spelt(arguments_of(statement)):
        return None
    return called.id


def arguments_of(statement: ast.stmt) -> List[ast.AST]:
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return [*statement.value.args, *statement.value.keywords]


def may_be_split(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
        return False
    if len(statement.body) < 2 or getattr(statement, "type_params", None):
        return False
    code = code_of(statement)
    return code is not None and not code.co_flags & _GENERATES


def may_go_on(old: ast.stmt, new: ast.stmt, inside: int) -> bool:
    """Whether what `old` did before statement `inside` of its body is what `new` does."""
    if not may_be_split(old) or not may_be_split(new):
        return False
    assert isinstance(old, ast.FunctionDef)
    assert isinstance(new, ast.FunctionDef)
    if len(new.body) < inside or _head(old) != _head(new):
        return False
    begun = old.body[:inside]
    if not all(ast.dump(one) == ast.dump(other) for one, other in zip(begun, new.body)):
        return False
    # A later line may make a name local that was global, for the earlier ones too.
    return _locals_among(begun, old) == _locals_among(begun, new)


def code_of(function: ast.FunctionDef) -> Optional[types.CodeType]:
    """What Python makes of a function, if it does."""
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


# ---- with pauses between the statements ----------------------------------------------------------


@dataclass(frozen=True)
class Pieces:
    """A function's body with probes, statement by statement; its pauses stand behind `gate`."""

    node: ast.FunctionDef
    gate: ast.expr
    bodies: Sequence[List[ast.stmt]]
    cells: Tuple[str, ...]

    def until(self, inside: int) -> List[ast.stmt]:
        """All before statement `inside`, the pause there too."""
        return [*self._run(0, inside), self._pause(inside)]

    def since(self, inside: int) -> List[ast.stmt]:
        return self._run(inside, len(self.bodies))

    def whole(self) -> ast.stmt:
        found: ast.stmt = replaced(self.node, body=self.since(0))
        return found

    def _run(self, first: int, end: int) -> List[ast.stmt]:
        found: List[ast.stmt] = []
        for index in range(first, end):
            if index > first:
                found.append(self._pause(index))
            found += self.bodies[index]
        return found

    def _pause(self, inside: int) -> ast.stmt:
        """The cells are those of the variables that inner functions share: a function that speaks
        of them holds them too.
        """
        anchor = self.node.body[min(inside, len(self.node.body) - 1)]
        arguments: List[ast.expr] = [at(ast.Constant(inside), anchor)]
        if self.cells:
            names: List[ast.expr] = [at(ast.Name(n, ast.Load()), anchor) for n in self.cells]
            nothing = ast.arguments([], [], None, [], [], None, [])
            held = at(ast.Tuple(names, ast.Load()), anchor)
            arguments.append(at(ast.Lambda(nothing, held), anchor))
        call = at(ast.Call(at(ast.Name(PAUSE, ast.Load()), anchor), arguments, []), anchor)
        statement: ast.stmt = at(ast.If(self.gate, [at(ast.Expr(call), anchor)], []), anchor)
        return statement


class SplitInstrumenter(Instrumenter):
    """Instruments a function statement by statement. The numbers of what is watched come from
    another registry from each statement on that `registries` names, 0 among them.
    """

    def pieces(
        self, node: ast.FunctionDef, registries: Mapping[int, ProbeRegistry], shallow: bool
    ) -> Pieces:
        self._shallow = shallow
        self._registry = registries[0]
        code = code_of(node)
        gate = self._is_open(self._registry.new_gate(), node)
        self._scope.append(node.name)
        start = docstring_length(node.body)
        bodies = []
        with self._repeated():
            for index, statement in enumerate(node.body):
                self._registry = registries.get(index, self._registry)
                first = self._parameters(node.args, statement) if index == start else ()
                bodies.append([statement] if index < start else self._body([statement], first))
        self._scope.pop()
        return Pieces(node, gate, bodies, code.co_cellvars if code is not None else ())


# ---- the rest of a function ----------------------------------------------------------------------


def rest_of(
    pieces: Pieces, inside: int, held: Collection[str], shared: Collection[str]
) -> ast.stmt:
    """A function around the function that goes on in place of one that was left before statement
    `inside`. What has run stands in it too, never to run again: so every name means what it meant.
    Of the local variables in `held` the values are taken over, of those in `shared` the cells.
    """
    node = pieces.node
    anchor = node.body[min(inside, len(node.body) - 1)]
    arguments = _without(node.args, shared)
    body: List[ast.stmt] = []
    if shared:
        body.append(at(ast.Nonlocal(sorted(shared)), node.body[0]))
    never = at(ast.Name(NEVER, ast.Load()), node.body[0])
    body.append(at(ast.If(never, pieces.until(inside), []), node.body[0]))
    body += [_taken(name, anchor) for name in held if name not in shared]
    gone = [p.arg for p in parameters(arguments) if p.arg not in held]
    if gone:
        targets: List[ast.expr] = [at(ast.Name(name, ast.Del()), anchor) for name in gone]
        body.append(at(ast.Delete(targets), anchor))
    body += pieces.since(inside) if inside < len(pieces.bodies) else []
    function = replaced(node, args=arguments, body=body)
    around = ast.arguments([], [ast.arg(name) for name in sorted(shared)], None, [], [], None, [])
    for argument in around.args:
        at(argument, node)
    # Declared global, the function is called by its own name alone, and so are those inside it.
    own_name = at(ast.Global([node.name]), node)
    return replaced(node, name=REST, args=around, body=[own_name, function], returns=None)


def _taken(name: str, anchor: ast.stmt) -> ast.stmt:
    take = at(ast.Name(TAKE, ast.Load()), anchor)
    value = at(ast.Call(take, [at(ast.Constant(name), anchor)], []), anchor)
    statement: ast.stmt = at(ast.Assign([at(ast.Name(name, ast.Store()), anchor)], value), anchor)
    return statement


def _without(arguments: ast.arguments, names: Collection[str]) -> ast.arguments:
    """The parameters but those of some names, none with a default."""

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
    """A rewritten step whose `call` is one of `REST`, whose code is given: its parameters are
    nothing but room for the values that are taken over.
    """
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    given: List[ast.expr] = [at(ast.Constant(None), call) for _ in range(code.co_argcount)]
    keywords = [at(ast.keyword(name, at(ast.Constant(None), call)), call) for name in named]
    instead = at(ast.Call(at(ast.Name(REST, ast.Load()), call.func), given, keywords), call)
    location = _place(call)

    class Replacer(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            is_it = isinstance(node.func, ast.Name) and node.func.id == call.func.id  # type: ignore[attr-defined]
            return instead if is_it and _place(node) == location else self.generic_visit(node)

    # Copied: parts of the program's own tree stand in it.
    return [Replacer().visit(copy.deepcopy(statement)) for statement in body]


def _place(node: Any) -> Tuple[Any, ...]:
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def function_in(module: types.CodeType, names: Sequence[str]) -> types.CodeType:
    """The code of a function inside functions, by their names."""
    found = module
    for name in names:
        found = next(
            constant
            for constant in found.co_consts
            if isinstance(constant, types.CodeType) and constant.co_name == name
        )
    return found


def cells_of(holder: Optional[types.FunctionType]) -> Dict[str, Any]:
    """The cells that a pause was given, by name."""
    if holder is None or holder.__closure__ is None:
        return {}
    return dict(zip(holder.__code__.co_freevars, holder.__closure__))
