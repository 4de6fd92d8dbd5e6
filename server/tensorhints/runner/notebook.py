"""What the cells of a notebook find that a module does not, as in Jupyter: `display` and
`get_ipython` among the builtins, and `await`, `async for` and `async with` outside of functions.
"""

from __future__ import annotations

import ast
import builtins
import sys
from typing import Any, AsyncContextManager, AsyncIterable, Dict, Iterator, List, Optional

# In `builtins`, under names that no source can spell.
_AWAIT = "await outside of a function"
_ITERATE = "async for outside of a function"
_ENTER = "async with outside of a function"

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_notebook(path: str) -> bool:
    return path.endswith(".ipynb")


def with_await(tree: ast.Module) -> ast.Module:
    """The same program, whose top level waits where it says so, instead of being a coroutine."""
    return _Awaiting().visit(tree)  # type: ignore[no-any-return]


def furnish() -> None:
    """Add to `builtins` what IPython adds."""
    loop = _Loop()
    found = {_AWAIT: loop.wait, _ITERATE: loop.iterate, _ENTER: loop.enter}
    vars(builtins).update(found, display=display, get_ipython=lambda: _SHELL)


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

        return self._loop.run_until_complete(until_done())

    def iterate(self, values: AsyncIterable[Any]) -> Iterator[Any]:
        iterator = type(values).__aiter__(values)
        while True:
            try:
                yield self.wait(type(iterator).__anext__(iterator))
            except StopAsyncIteration:
                return

    def enter(self, context: AsyncContextManager[Any]) -> _Context:
        return _Context(self, context)


class _Context:
    def __init__(self, loop: _Loop, context: AsyncContextManager[Any]) -> None:
        self._loop = loop
        self._context = context

    def __enter__(self) -> Any:
        return self._loop.wait(type(self._context).__aenter__(self._context))

    def __exit__(self, *raised: Any) -> Any:
        return self._loop.wait(type(self._context).__aexit__(self._context, *raised))


class _Awaiting(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> Any:
        return node if isinstance(node, _SCOPES) else super().visit(node)

    def visit_Await(self, node: ast.Await) -> ast.Call:
        self.generic_visit(node)
        return _call(_AWAIT, node.value, node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.For:
        self.generic_visit(node)
        fields = {**vars(node), "iter": _call(_ITERATE, node.iter, node.iter)}
        return ast.For(**fields)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.With:
        self.generic_visit(node)
        for item in node.items:
            item.context_expr = _call(_ENTER, item.context_expr, item.context_expr)
        return ast.With(**vars(node))

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        if node.is_async:
            node.is_async = 0
            node.iter = _call(_ITERATE, node.iter, node.iter)
        return node


def _call(name: str, argument: ast.expr, place: ast.expr) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(function, [argument], []), place)
