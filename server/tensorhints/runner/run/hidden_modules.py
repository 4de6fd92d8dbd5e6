"""Finds files beside a program that hide modules of the standard library under `python FILE`.

A run has imported torch, and what torch imports, before it looks into the program's folder.
"""

from __future__ import annotations

import ast
import os
import sys
from typing import FrozenSet, Iterator, Set, Tuple

from .. import imports, own_modules
from ..syntax.program import Program


def hiding_files(program: Program) -> Tuple[str, ...]:
    """Return the names of the files that torch, or the program, would import in their place."""
    folder = os.path.dirname(os.path.realpath(program.path))
    wanted = set(_imported(program.tree))
    try:
        return tuple(sorted(_hiding(folder, wanted)))
    except OSError:
        return ()


def _hiding(folder: str, wanted: Set[str]) -> Iterator[str]:
    library: FrozenSet[str] = getattr(sys, "stdlib_module_names", frozenset())  # since Python 3.10
    for file in os.listdir(folder):
        name = file[:-3] if file.endswith(".py") else file
        if name not in library or name in own_modules.at_start or name not in imports.modules:
            continue
        if name in sys.builtin_module_names or not ("torch" in wanted or name in wanted):
            continue
        if file != name or os.path.isfile(os.path.join(folder, file, "__init__.py")):
            yield file


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level names of the modules that a program's text imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
