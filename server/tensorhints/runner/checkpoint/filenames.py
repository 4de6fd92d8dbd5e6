"""Which files a piece of a program may speak of: the names in its strings, as patterns."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from typing import FrozenSet, Iterable, Set

ANY = "*"

_LISTS_FOLDERS = frozenset(
    ("glob", "iglob", "iterdir", "listdir", "rglob", "scandir", "walk")
)  # fmt: skip
_LEFT_OPEN = re.compile(r"%[-+ #0-9.]*[a-z]|\{[^{}]*\}")
_LONGEST = 255


def patterns(nodes: Iterable[ast.AST]) -> FrozenSet[str]:
    """`ANY` where it may be all files of a folder."""
    found: Set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.JoinedStr):
                parts = [str(p.value) if isinstance(p, ast.Constant) else ANY for p in node.values]
                found.add(_pattern("".join(parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(_pattern(_LEFT_OPEN.sub(ANY, node.value)))
            elif getattr(node, "attr", getattr(node, "id", "")) in _LISTS_FOLDERS:
                found.add(ANY)
    return frozenset(found - {""})


def fits(name: str, wanted: FrozenSet[str]) -> bool:
    return name in wanted or any(
        ANY in pattern and fnmatchcase(name, pattern) for pattern in wanted
    )


def _pattern(path: str) -> str:
    """The last part of a path; empty where it says nothing."""
    name = path.rstrip("/").rsplit("/", 1)[-1]
    says_nothing = not name.strip("*. ")
    return "" if says_nothing or len(name) > _LONGEST or "\n" in name else name
