"""What of a program's tree has to change so that guesses are not lost on their way.

`int(x)` gives Python's own int, which cannot say that it is a guess. So the callee of such calls is
asked for through a function that may hand out another one. Nothing else of the tree changes.
"""

from __future__ import annotations

import ast
import copy
import math
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

from ..nodes import at

CALLEE = ".tensorhints.callee"  # (function) -> function

_NAMES = {
    "int", "float", "complex", "round", "abs", "pow", "divmod", "range", "sum", "max", "min",
    "sorted", "len", *(name for name in vars(math) if not name.startswith("_")),
}  # fmt: skip


def callee_of(followers: Dict[int, Callable[..., Any]]) -> Callable[[Any], Any]:
    def callee(function: Any) -> Any:
        return followers.get(id(function), function)

    return callee


def follow_guesses(statements: List[ast.stmt]) -> List[ast.stmt]:
    """The statements to run in their place; these stay as they are."""
    if not any(True for _ in _losing_calls(statements)):
        return statements
    statements = copy.deepcopy(statements)
    # Collected first: a watched expression stands in more than one place of the tree.
    for call in {id(call): call for call in _losing_calls(statements)}.values():
        name = at(ast.Name(CALLEE, ast.Load()), call.func)
        call.func = at(ast.Call(name, [call.func], []), call.func)
    return statements


def _losing_calls(statements: List[ast.stmt]) -> Iterator[ast.Call]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _may_lose(node.func):
                yield node


def _may_lose(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _NAMES
    return isinstance(function, ast.Attribute) and function.attr in _NAMES


def expectations(tree: ast.Module) -> Iterator[Tuple[Set[int], bool]]:
    """The lines where one of two answers would end the program, and the other one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            answer = _expected(node.test)
        elif isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise):
            refused = _expected(node.test)
            answer = None if refused is None else not refused
        else:
            continue
        if answer is not None:
            end = node.test.end_lineno or node.test.lineno
            yield set(range(node.test.lineno, end + 1)), answer


def _expected(test: ast.expr) -> Optional[bool]:
    """The answer to the questions in a test that makes it true, where they all need the same."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _expected(test.operand)
        return None if inner is None else not inner
    negated = (isinstance(getattr(node, "op", None), ast.Not) for node in ast.walk(test))
    return None if any(negated) else True
