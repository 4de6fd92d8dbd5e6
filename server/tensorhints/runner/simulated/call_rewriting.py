"""Rewrites a program's tree so that guessed numbers are not lost.

`int(x)` returns Python's own int, which does not say that it is a guess, and `items[:n]` reads `n`
from memory. So every callee, and every container that is indexed with more than constants, passes
through a hook that may return a replacement. Nothing else in the tree changes.
"""

from __future__ import annotations

import ast
import copy
from typing import Iterator, List, Optional, Set, Tuple, Union

from ..syntax.nodes import at

CALLEE = ".tensorhints.callee"  # (function) -> function
CONTAINER = ".tensorhints.container"  # (container) -> container
OPERAND = ".tensorhints.operand"  # (operand of a comparison) -> operand

_Losing = Union[ast.Call, ast.Subscript, ast.BinOp, ast.Compare]

_OWN = ".tensorhints."  # names of probes, which return their argument
_NEVER_LOSE = frozenset(
    (
        "print", "isinstance", "type", "super", "locals", "globals", "vars", "dir", "eval", "exec",
        "getattr", "hasattr", "id", "callable", "repr", "str",
    )
)  # fmt: skip


def track_guesses(statements: List[ast.stmt]) -> List[ast.stmt]:
    """Return the statements to execute instead of these, which stay as they are."""
    if not any(True for _ in _losing(statements)):
        return statements
    statements = copy.deepcopy(statements)
    # Collected first: a probed expression occurs more than once in the tree.
    for node in {id(node): node for node in _losing(statements)}.values():
        if isinstance(node, ast.Call):
            node.func = _hooked(CALLEE, node.func)
        elif isinstance(node, ast.Compare):
            node.left = _hooked(OPERAND, node.left)
            node.comparators = [_hooked(OPERAND, value) for value in node.comparators]
        elif isinstance(node, ast.BinOp):
            node.left = _hooked(CONTAINER, node.left)
        else:
            node.value = _hooked(CONTAINER, node.value)
    return statements


def _hooked(hook: str, value: ast.expr) -> ast.Call:
    return at(ast.Call(at(ast.Name(hook, ast.Load()), value), [value], []), value)


def _losing(statements: List[ast.stmt]) -> Iterator[_Losing]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Call, ast.Subscript, ast.BinOp, ast.Compare)) and _loses(node):
                yield node


def _loses(node: _Losing) -> bool:
    """Whether an expression may read a guess without returning one."""
    if isinstance(node, ast.Call):
        return _may_lose(node)
    if isinstance(node, ast.Subscript):
        return not _is_constant(node.slice)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod)
    return not _compares_identity(node)


def _may_lose(call: ast.Call) -> bool:
    if not call.args and not call.keywords:
        return False
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return name not in _NEVER_LOSE and not name.startswith(_OWN)


def _compares_identity(node: ast.Compare) -> bool:
    return all(isinstance(operator, (ast.Is, ast.IsNot)) for operator in node.ops)


def _is_constant(index: ast.AST) -> bool:
    return not any(
        isinstance(node, (ast.Name, ast.Call, ast.Attribute)) for node in ast.walk(index)
    )


def handled_lines(tree: ast.Module) -> Set[int]:
    """Return the lines, from 1, whose exceptions the program catches."""
    lines: Set[int] = set()
    for node in ast.walk(tree):
        if (isinstance(node, ast.Try) and node.handlers) or _suppresses(node):
            body: List[ast.stmt] = node.body  # type: ignore[attr-defined]
            lines.update(range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1))
    return lines


def _suppresses(node: ast.AST) -> bool:
    """Whether a statement is `with suppress(…)`, `with pytest.raises(…)` or the like."""
    names = ("suppress", "raises", "assertRaises", "assertRaisesRegex")
    return isinstance(node, (ast.With, ast.AsyncWith)) and any(
        getattr(inner, "id", getattr(inner, "attr", None)) in names
        for item in node.items
        for inner in ast.walk(item.context_expr)
    )


def forced_answers(tree: ast.Module) -> Iterator[Tuple[Set[int], bool]]:
    """Yield the lines of conditions of which one answer would end the program, and the other one.

    Such conditions belong to `assert` statements and to `if` statements that raise at once.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            answer = _answer_for_truth(node.test)
        elif isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise):
            raising = _answer_for_truth(node.test)
            answer = None if raising is None else not raising
        else:
            continue
        if answer is not None:
            end = node.test.end_lineno or node.test.lineno
            yield set(range(node.test.lineno, end + 1)), answer


def _answer_for_truth(test: ast.expr) -> Optional[bool]:
    """Return the answer to the questions in a condition that makes the condition true.

    `None` if different questions need different answers.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _answer_for_truth(test.operand)
        return None if inner is None else not inner
    negated = (isinstance(getattr(node, "op", None), ast.Not) for node in ast.walk(test))
    return None if any(negated) else True
