"""Queries on syntax trees, and copies of their nodes, for any use: nothing here is about probes."""

from __future__ import annotations

import ast
from typing import Any, List, Sequence, Set

_PLAIN = (ast.Name, ast.Constant)


def docstring_length(body: Sequence[ast.stmt]) -> int:
    """Return 1 if a body begins with a docstring, else 0."""
    first = body[0] if body else None
    return int(
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )


def prologue_length(body: Sequence[ast.stmt]) -> int:
    """Count the docstring and `__future__` imports, which must stay first in their module."""
    count = docstring_length(body)
    while count < len(body):
        statement = body[count]
        if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        count += 1
    return count


# Calls whose results differ in size or dtype with their arguments.
_FACTORIES = frozenset(
    (
        "ones", "zeros", "randn", "rand", "empty", "full", "arange", "randint", "linspace",
        "tensor", "as_tensor", "from_numpy", "eye", "load", "randperm",
    )
)  # fmt: skip
# Calls whose results differ in size with the values they are given, or from one to the next.
_VARYING = frozenset(
    (
        "nonzero", "masked_select", "unique", "where", "narrow", "item", "get_batch", "split",
        "chunk", "sample", "pop", "popleft", "popitem", "recv", "send",
    )
)  # fmt: skip


def statement_drives(statement: ast.stmt) -> bool:
    """Whether a statement can yield another size each time without a new signature elsewhere."""
    value = getattr(statement, "value", None)
    if value is None:
        return False
    if isinstance(statement, ast.Return) and calls(value):
        return True
    if isinstance(statement, ast.Expr) and calls(value) and not _is_in_place_call(value):
        return True
    return drives_expression(value)


def calls(value: ast.expr) -> bool:
    """Whether evaluating an expression may run other code of the program."""
    if isinstance(value, _PLAIN):
        return False
    return any(
        isinstance(node, (ast.Call, ast.Await, ast.Yield, ast.YieldFrom))
        for node in ast.walk(value)
    )


def calls_range(value: ast.expr) -> bool:
    """Whether an expression is a call of `range`."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "range"
    )


def _is_in_place_call(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr.endswith("_")
        and not any(calls(argument) for argument in value.args)
    )


def drives_expression(value: ast.expr) -> bool:
    """Whether an expression can yield another size each time, without a new signature elsewhere."""
    if isinstance(value, _PLAIN):
        return False
    for node in ast.walk(value):
        if isinstance(node, ast.Slice):
            bounds = (node.lower, node.upper, node.step)
            if any(
                b is not None and not isinstance(b, (ast.Constant, ast.UnaryOp)) for b in bounds
            ):
                return True
        elif isinstance(node, (ast.IfExp, ast.BoolOp)):
            return True
        elif isinstance(node, ast.Subscript):
            if isinstance(node.slice, (ast.Name, ast.Compare)):
                return True
        elif isinstance(node, ast.Call):
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if name == "next" or name in _VARYING:
                return True
            if name in _FACTORIES:
                given = [
                    *node.args,
                    *(k.value for k in node.keywords if k.arg in (None, "size", "dtype", "device")),
                ]
                if any(not isinstance(argument, ast.Constant) for argument in given):
                    return True
    return False


def copies_data(call: ast.Call) -> bool:
    """Whether a call only makes a tensor of the numbers in its one positional argument."""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ("tensor", "as_tensor")
        and len(call.args) == 1
    )


def is_constant_expression(statement: ast.stmt) -> bool:
    """Whether a statement is only a constant, such as a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def first_line(statement: ast.stmt) -> int:
    """Return the first line (from 1) of a statement, its decorators included."""
    return min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])


def parameters(arguments: ast.arguments) -> List[ast.arg]:
    """Return all parameters, in the order of the source."""
    found = [*arguments.posonlyargs, *arguments.args]
    found += [arguments.vararg] if arguments.vararg else []
    found += arguments.kwonlyargs
    found += [arguments.kwarg] if arguments.kwarg else []
    return found


def stored_names(target: ast.expr) -> List[ast.Name]:
    """Return the names that a target binds, in the order in which they are bound."""
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, ast.Starred):
        return stored_names(target.value)
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for element in target.elts for name in stored_names(element)]
    return []


def last_bound(targets: List[Any]) -> List[Any]:
    """Leave out the targets that do not hold what was bound to them after all of them are bound.

    `targets` are names, attributes and subscripts in the order in which they are bound. A later one
    may be the same, or the name on which an attribute or subscript is looked up.
    """
    if len(targets) < 2:
        return targets
    kept: List[Any] = []
    bound: Set[str] = set()
    for target in reversed(targets):
        is_name = isinstance(target, ast.Name)
        text = target.id if is_name else ast.dump(target)
        names = (target,) if is_name else ast.walk(target)
        if text not in bound and not any(getattr(name, "id", None) in bound for name in names):
            kept.insert(0, target)
        bound.add(text)
    return kept


def is_chain(node: ast.expr) -> bool:
    """Whether an expression is a name, or an attribute chain on one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def capture_name(capture: Any, text: str) -> ast.Name:
    """Return a node for the name that a pattern captures; `text` ends the pattern's source."""
    name = ast.Name(capture.name, ast.Load())
    name.lineno = name.end_lineno = capture.end_lineno
    name.end_col_offset = capture.end_col_offset
    name.col_offset = capture.end_col_offset - len(text.encode())
    return name


def at(node: Any, anchor: Any) -> Any:
    """Give a node the position of another one, and return it."""
    node.lineno, node.col_offset = anchor.lineno, anchor.col_offset
    node.end_lineno, node.end_col_offset = anchor.end_lineno, anchor.end_col_offset
    return node


def replaced(node: Any, **changes: Any) -> Any:
    """Copy a node with some fields changed, at the same position."""
    fields = {name: getattr(node, name) for name in node._fields if hasattr(node, name)}
    fields.update(changes)
    clone = type(node)(**fields)
    for name in node._attributes:
        if hasattr(node, name):
            setattr(clone, name, getattr(node, name))
    return clone
