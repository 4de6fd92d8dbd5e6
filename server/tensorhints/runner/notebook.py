"""What the cells of a notebook find that a module does not, as in Jupyter: `display` and
`get_ipython` among the builtins, and `await` outside of functions.
"""

from __future__ import annotations

import ast
import builtins
import sys
from typing import Any, Coroutine, Dict, List, Optional

_AWAIT = "await outside of a function"
"""In `builtins`: a name that no source can spell."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_notebook(path: str) -> bool:
    return path.endswith(".ipynb")


def with_await(tree: ast.Module) -> ast.Module:
    """The same program, whose top level waits where it says so, instead of being a coroutine."""
    return _Awaiting().visit(tree)  # type: ignore[no-any-return]


def furnish() -> None:
    """Add to `builtins` what IPython adds."""
    vars(builtins).update({"display": display, "get_ipython": lambda: _SHELL, _AWAIT: _Loop().wait})


def display(*objects: object, **options: object) -> None:
    """Prints: what a notebook draws, a program has no place for."""
    for each in objects:
        sys.stdout.write(f"{each!r}\n")


class _Shell:
    """Magic does nothing here."""

    def __init__(self) -> None:
        self.config: Dict[str, Any] = {}

    def run_line_magic(self, *arguments: object, **options: object) -> None:
        return None

    run_cell_magic = magic = system = run_line_magic

    def getoutput(self, *arguments: object, **options: object) -> List[str]:
        return []


_SHELL = _Shell()


class _Loop:
    """One event loop for all that a program awaits: what it began goes on at its next `await`."""

    def __init__(self) -> None:
        self._loop: Optional[Any] = None

    def wait(self, awaited: Any) -> Any:
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)

        async def until_done() -> Any:
            return await awaited

        waiting: Coroutine[Any, Any, Any] = until_done()
        return self._loop.run_until_complete(waiting)


class _Awaiting(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> Any:
        return node if isinstance(node, _SCOPES) else super().visit(node)

    def visit_Await(self, node: ast.Await) -> ast.Call:
        self.generic_visit(node)
        name = ast.copy_location(ast.Name(_AWAIT, ast.Load()), node)
        return ast.copy_location(ast.Call(name, [node.value], []), node)
