"""File names that a piece of a program may refer to: its string literals as glob patterns."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from typing import FrozenSet, Iterable, Set

ANY = "*"
"""Matches every file: the code lists folders."""

_FOLDER_LISTINGS = frozenset(
    ("glob", "iglob", "iterdir", "listdir", "rglob", "scandir", "walk")
)  # fmt: skip
_PLACEHOLDER = re.compile(r"%[-+ #0-9.]*[a-z]|\{[^{}]*\}")
_MAX_NAME = 255


def mentioned_patterns(nodes: Iterable[ast.AST]) -> FrozenSet[str]:
    """Return patterns of the file names that occur in string literals, without their folders.

    Formatted parts become wildcards. `ANY` is among them if the code lists folders.
    """
    found: Set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.JoinedStr):
                parts = [str(p.value) if isinstance(p, ast.Constant) else ANY for p in node.values]
                found.add(_pattern("".join(parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(_pattern(_PLACEHOLDER.sub(ANY, node.value)))
            elif getattr(node, "attr", getattr(node, "id", "")) in _FOLDER_LISTINGS:
                found.add(ANY)
    return frozenset(found - {""})


def matches(name: str, patterns: FrozenSet[str]) -> bool:
    """Whether a file name equals or matches one of the patterns."""
    return name in patterns or any(
        ANY in pattern and fnmatchcase(name, pattern) for pattern in patterns
    )


def _pattern(path: str) -> str:
    """Return the last part of a path; empty if it is no useful pattern."""
    name = path.rstrip("/").rsplit("/", 1)[-1]
    has_no_letters = not name.strip("*. ")
    return "" if has_no_letters or len(name) > _MAX_NAME or "\n" in name else name
