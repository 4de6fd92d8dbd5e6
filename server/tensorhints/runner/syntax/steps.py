"""Divides a program into steps, its top-level statements.

The body of `if __name__ == "__main__":` counts as top level, so that checkpoints can be made
between its statements too.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

MAIN = "__main__"


@dataclass(frozen=True)
class Step:
    """One statement; `guard` is the `if __name__ == "__main__":` around it."""

    statement: ast.stmt
    guard: Optional[ast.If] = None

    @property
    def opens_guard(self) -> bool:
        """Whether this is the first step of its guard, where the guard is tested for all."""
        return self.guard is not None and self.guard.body[0] is self.statement


def steps(tree: ast.Module) -> List[Step]:
    """Return the steps of a program, in order."""
    found: List[Step] = []
    for statement in tree.body:
        if is_guard(statement):
            assert isinstance(statement, ast.If)
            found += [Step(inner, statement) for inner in statement.body]
        else:
            found.append(Step(statement))
    return found


def is_guard(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`, without an `else`."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    test = statement.test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if not isinstance(test.ops[0], ast.Eq):
        return False
    return sorted(map(_side, (test.left, test.comparators[0]))) == [("constant", MAIN), _NAME]


def guard_holds(namespace: Dict[str, Any]) -> bool:
    """Evaluate the test of a guard in the namespace of the program."""
    return bool(namespace.get("__name__") == MAIN)


_NAME = ("name", "__name__")


def _side(node: ast.expr) -> Tuple[str, str]:
    if isinstance(node, ast.Name):
        return "name", node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "constant", node.value
    return "", ""
