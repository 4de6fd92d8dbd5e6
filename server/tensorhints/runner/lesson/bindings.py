"""Finds the top-level statement that binds a name, and where its input came from.

Everything is read from the syntax tree; nothing is run. Only names of the top level count.
"""

from __future__ import annotations

import ast
from typing import Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple, Union

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Bindings:
    """The bindings of a program by the index of the top-level statement. Lines count from 1."""

    def __init__(self, tree: ast.Module) -> None:
        self.statements: List[ast.stmt] = tree.body
        self._bound = [dict(_bound_by(statement)) for statement in tree.body]
        self._used = [_used_by(statement) for statement in tree.body]

    def index_at(self, line: int) -> Optional[int]:
        """Return the statement that covers a line."""
        for index, statement in enumerate(self.statements):
            if _first_line(statement) <= line <= (statement.end_lineno or statement.lineno):
                return index
        return None

    def binds(self, index: int, name: str) -> bool:
        """Whether a statement binds a name."""
        return name in self._bound[index]

    def first(self, names: Iterable[str], start: int = 0) -> Optional[int]:
        """Return the first statement from `start` on that binds one of the names."""
        wanted = set(names)
        found = (i for i in range(start, len(self._bound)) if wanted & self._bound[i].keys())
        return next(found, None)

    def last(self, names: Iterable[str]) -> Optional[int]:
        """Return the last statement that binds one of the names."""
        wanted = set(names)
        found = [i for i, bound in enumerate(self._bound) if wanted & bound.keys()]
        return found[-1] if found else None

    def first_answer(self, names: Iterable[str]) -> Optional[int]:
        """Return the first statement that binds one of the names to anything but a bare `...`."""
        wanted = set(names)
        every = [i for i, bound in enumerate(self._bound) if wanted & bound.keys()]
        real = [i for i in every if not _is_placeholder(self.statements[i])]
        return next(iter(real or every), None)

    def line(self, name: str, end: Optional[int] = None) -> Optional[int]:
        """Return the line of the last binding of a name by a statement before `end`."""
        stop = len(self.statements) if end is None else end
        for index in range(stop - 1, -1, -1):
            if name in self._bound[index]:
                return self._bound[index][name]
        return None

    def source(self, name: str, answer: int) -> Optional[int]:
        """Return the statement that gave `name` the input of statement `answer`.

        It is the last one before `answer` whose value was not computed from an earlier value of
        `name`: after `F = F.unsqueeze(0)` by the learner, the input is still the original `F`.
        """
        found: Optional[int] = None
        derived: Set[str] = set()
        for index in range(answer):
            bound = self._bound[index].keys()
            if self._used[index] & derived:
                derived |= bound
            elif name in bound:
                found, derived = index, (derived - bound) | {name}
            else:
                derived -= bound
        return found

    def plain_targets(self, index: int) -> Optional[Tuple[str, ...]]:
        """Return the names of `a = b = VALUE`, or `None` for a statement of another form."""
        statement = self.statements[index]
        targets: List[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        names = tuple(target.id for target in targets if isinstance(target, ast.Name))
        return names if names and len(names) == len(targets) else None

    def is_unwritten(self, name: str) -> bool:
        """Whether a name is a function without a body yet, or a class with such a method."""
        index = self.last((name,))
        statement = None if index is None else self.statements[index]
        if not isinstance(statement, _DEFINITIONS) or statement.name != name:
            return False
        return _lacks_a_body(statement)


def _first_line(statement: ast.stmt) -> int:
    lines = [decorator.lineno for decorator in getattr(statement, "decorator_list", ())]
    return min([statement.lineno, *lines])


def _is_placeholder(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
    assigns = isinstance(statement, (ast.Assign, ast.AnnAssign))
    return assigns and bool(parts) and all(_is_dots(part) for part in parts)


def _is_dots(node: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _lacks_a_body(definition: Definition) -> bool:
    if isinstance(definition, ast.ClassDef):
        methods = [part for part in definition.body if isinstance(part, _DEFINITIONS)]
        if methods:
            return any(_lacks_a_body(method) for method in methods)
    return all(_is_empty(statement) for statement in definition.body)


def _is_empty(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    if isinstance(statement, ast.Return):
        return _is_dots(statement.value)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _bound_by(statement: ast.stmt) -> Iterator[Tuple[str, int]]:
    """Yield the names that a statement binds at the top level, each with its line.

    If a name comes more than once, the last line counts.
    """
    if isinstance(statement, _DEFINITIONS):
        yield statement.name, statement.lineno
        return
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0], statement.lineno
        return
    pending: List[ast.AST] = [statement]
    while pending:
        node = pending.pop(0)
        if isinstance(node, _DEFINITIONS):
            yield node.name, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, _COMPREHENSIONS):
            # Its variables are local to it; only a walrus in it binds a name of the program.
            pending += [part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
            continue
        pending += ast.iter_child_nodes(node)


def _used_by(statement: ast.stmt) -> FrozenSet[str]:
    used = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        used.add(statement.target.id)
    return frozenset(used)


def owners(
    bindings: Bindings, failing: int, answer_names: Dict[str, Tuple[str, ...]]
) -> FrozenSet[str]:
    """Return the answers that a failing statement works towards.

    They are the names that it binds, or else those bound by the next statement that binds any of
    the `answer_names` of the lesson's checks.
    """
    every = {name for names in answer_names.values() for name in names}
    at = bindings.first(every, failing)
    if at is None:
        return frozenset()
    return frozenset(name for name in every if bindings.binds(at, name))
