"""The process id that a program holds, which is another one after a resume.

Under names to which the program's own code assigns it, it is replaced. Once that code has used it
in other ways, in a file name or as the process that psutil examines, there are no checkpoints. What
libraries do with it does not count: many compare it, to notice a fork.
"""

from __future__ import annotations

import ast
from typing import Any, Iterable, Set

from .held_values import called_name, with_aliases

READERS = frozenset(
    ("get_native_id", "getpgid", "getpgrp", "getpid", "getsid")
)  # fmt: skip
"""The functions that return it: a run leads its session and its process group."""

_SHOWS = "print"
_EXAMINES = ("psutil", "Process")


def are_used(nodes: Iterable[ast.AST]) -> bool:
    """Whether code does anything else with its process id than to assign or to print it."""
    found = [node for root in nodes for node in ast.walk(root)]
    readers = with_aliases(found, READERS)
    harmless: Set[ast.AST] = set()
    for node in found:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value and all(isinstance(t, (ast.Name, ast.Attribute)) for t in targets):
                harmless.add(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == _SHOWS:
            harmless.update(part for argument in node.args for part in ast.walk(argument))
    examiners = _examiners(found)
    return any(
        (called_name(node) in readers and node not in harmless) or _is_examiner(node, examiners)
        for node in found
    )


def replaced(value: Any, old: int, new: int) -> Any:
    """Return the new process id for the old one, and any other value as it is."""
    return new if type(value) is int and value == old else value


def _examiners(nodes: Iterable[ast.AST]) -> Set[str]:
    """Return the names under which code imports psutil's class of processes."""
    module, name = _EXAMINES
    return {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
        if alias.name == name
    }


def _is_examiner(node: ast.AST, names: Set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    module, name = _EXAMINES
    called = node.func
    if isinstance(called, ast.Attribute):
        return called.attr == name and getattr(called.value, "id", None) == module
    return isinstance(called, ast.Name) and called.id in names
