"""Which statement of a program binds which of its names, and what the value came from.

By the looks of the tree alone: nothing is run. Only names of the top level count.
"""

from __future__ import annotations

import ast
from typing import Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple, Union

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Bindings:
    """The top-level statements of a program by their index. Lines count from 1, as in the tree."""

    def __init__(self, tree: ast.Module) -> None:
        self.statements: List[ast.stmt] = tree.body
        self._bound = [dict(_bound_by(statement)) for statement in tree.body]
        self._used = [_used_by(statement) for statement in tree.body]

    def index_at(self, line: int) -> Optional[int]:
        """The statement that stands on a line."""
        for index, statement in enumerate(self.statements):
            if _first_line(statement) <= line <= (statement.end_lineno or statement.lineno):
                return index
        return None

    def binds(self, index: int, name: str) -> bool:
        return name in self._bound[index]

    def first(self, names: Iterable[str], start: int = 0) -> Optional[int]:
        """The first statement from `start` that binds one of the names."""
        wanted = set(names)
        found = (i for i in range(start, len(self._bound)) if wanted & self._bound[i].keys())
        return next(found, None)

    def last(self, names: Iterable[str]) -> Optional[int]:
        wanted = set(names)
        found = [i for i, bound in enumerate(self._bound) if wanted & bound.keys()]
        return found[-1] if found else None

    def first_answer(self, names: Iterable[str]) -> Optional[int]:
        """The first statement that binds one of the names to anything but a bare `...`."""
        wanted = set(names)
        every = [i for i, bound in enumerate(self._bound) if wanted & bound.keys()]
        real = [i for i in every if not _is_placeholder(self.statements[i])]
        return next(iter(real or every), None)

    def line(self, name: str, end: Optional[int] = None) -> Optional[int]:
        """The line of the last binding of a name by a statement before `end`."""
        stop = len(self.statements) if end is None else end
        for index in range(stop - 1, -1, -1):
            if name in self._bound[index]:
                return self._bound[index][name]
        return None

    def source(self, name: str, answer: int) -> Optional[int]:
        """The statement that gave `name` the value that statement `answer` starts from: the last
        one before it whose own value does not stem from an earlier value of `name`. So a learner
        who writes `F = F.unsqueeze(0)` goes on with a value that was given, not with a new one.
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
        """The names of `a = b = VALUE`; `None` for a statement of any other form."""
        statement = self.statements[index]
        targets: List[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        names = tuple(target.id for target in targets if isinstance(target, ast.Name))
        return names if names and len(names) == len(targets) else None

    def is_unwritten(self, name: str) -> bool:
        """Whether a name is that of a function that has no body yet, or of a class with one."""
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
    return all(_says_nothing(statement) for statement in definition.body)


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    if isinstance(statement, ast.Return):
        return _is_dots(statement.value)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _bound_by(statement: ast.stmt) -> Iterator[Tuple[str, int]]:
    """The names that a statement binds at the top level, each with its line; the last counts."""
    if isinstance(statement, _DEFINITIONS):
        yield statement.name, statement.lineno
        return
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0], statement.lineno
        return
    waiting: List[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, _DEFINITIONS):
            yield node.name, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, _COMPREHENSIONS):
            # Its own variables are not the program's; a walrus in it binds one that is.
            waiting += [part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
            continue
        waiting += ast.iter_child_nodes(node)


def _used_by(statement: ast.stmt) -> FrozenSet[str]:
    used = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        used.add(statement.target.id)
    return frozenset(used)


def owners(bindings: Bindings, failing: int, asked: Dict[str, Tuple[str, ...]]) -> FrozenSet[str]:
    """The names that a learner was at work on in a statement: those that it binds, else those that
    the next statement binds which binds any that a step asks for.
    """
    every = {name for names in asked.values() for name in names}
    at = bindings.first(every, failing)
    if at is None:
        return frozenset()
    return frozenset(name for name in every if bindings.binds(at, name))
