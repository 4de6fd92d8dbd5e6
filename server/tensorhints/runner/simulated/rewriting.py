"""What of a program's tree has to change so that guesses are not lost on their way.

`int(x)` gives Python's own int, which cannot say that it is a guess, and `items[:n]` reads `n` from
memory. So what is called, and what is indexed with more than constants, is asked for through a
function that may hand out something else. Nothing else of the tree changes.
"""

from __future__ import annotations

import ast
import copy
from typing import Iterator, List, Optional, Set, Tuple, Union

from ..syntax.nodes import at

CALLEE = ".tensorhints.callee"  # (function) -> function

HELD = ".tensorhints.held"  # (container) -> container
COMPARED = ".tensorhints.compared"  # (operand) -> operand

_Losing = Union[ast.Call, ast.Subscript, ast.BinOp, ast.Compare]

_OWN = ".tensorhints."  # a probe's name: it hands its argument on
_NEVER_LOSE = frozenset(
    (
        "print", "isinstance", "type", "super", "locals", "globals", "vars", "dir", "eval", "exec",
        "getattr", "hasattr", "id", "callable", "repr", "str",
    )
)  # fmt: skip


def follow_guesses(statements: List[ast.stmt]) -> List[ast.stmt]:
    """The statements to run in their place; these stay as they are."""
    if not any(True for _ in _losing(statements)):
        return statements
    statements = copy.deepcopy(statements)
    # Collected first: a watched expression stands in more than one place of the tree.
    for node in {id(node): node for node in _losing(statements)}.values():
        if isinstance(node, ast.Call):
            node.func = _through(CALLEE, node.func)
        elif isinstance(node, ast.Compare):
            node.left = _through(COMPARED, node.left)
            node.comparators = [_through(COMPARED, value) for value in node.comparators]
        elif isinstance(node, ast.BinOp):
            node.left = _through(HELD, node.left)
        else:
            node.value = _through(HELD, node.value)
    return statements


def _through(name: str, value: ast.expr) -> ast.Call:
    return at(ast.Call(at(ast.Name(name, ast.Load()), value), [value], []), value)


def _losing(statements: List[ast.stmt]) -> Iterator[_Losing]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Call, ast.Subscript, ast.BinOp, ast.Compare)) and _loses(node):
                yield node


def _loses(node: _Losing) -> bool:
    if isinstance(node, ast.Call):
        return _may_lose(node)
    if isinstance(node, ast.Subscript):
        return not _is_constant(node.slice)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod)
    return not _asks_for_identity(node)


def _may_lose(call: ast.Call) -> bool:
    if not call.args and not call.keywords:
        return False
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return name not in _NEVER_LOSE and not name.startswith(_OWN)


def _asks_for_identity(node: ast.Compare) -> bool:
    return all(isinstance(operator, (ast.Is, ast.IsNot)) for operator in node.ops)


def _is_constant(index: ast.AST) -> bool:
    return not any(
        isinstance(node, (ast.Name, ast.Call, ast.Attribute)) for node in ast.walk(index)
    )


def tried_lines(tree: ast.Module) -> Set[int]:
    """The lines of which the program catches what they raise."""
    lines: Set[int] = set()
    for node in ast.walk(tree):
        if (isinstance(node, ast.Try) and node.handlers) or _suppresses(node):
            body: List[ast.stmt] = node.body  # type: ignore[attr-defined]
            lines.update(range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1))
    return lines


def _suppresses(node: ast.AST) -> bool:
    names = ("suppress", "raises", "assertRaises", "assertRaisesRegex")
    return isinstance(node, (ast.With, ast.AsyncWith)) and any(
        getattr(inner, "id", getattr(inner, "attr", None)) in names
        for item in node.items
        for inner in ast.walk(item.context_expr)
    )


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
