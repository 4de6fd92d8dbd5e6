"""Supports what only a notebook's cells can use, as in Jupyter.

That is `display` and `get_ipython` among the builtins, and `await`, `async for` and `async with`
outside of functions.
"""

from __future__ import annotations

import ast
import builtins
import sys
import types
from functools import partial
from typing import Any, Dict, List, Optional, Union

_AWAIT = "wait for a statement"
"""A name in `builtins` that no source can spell."""

_CALL = compile(
    ast.fix_missing_locations(
        ast.Module([ast.Expr(ast.Call(ast.Name(_AWAIT, ast.Load()), [], []))], [])
    ),
    __file__,
    "exec",
)

_COROUTINE = 0x80
"""`inspect.CO_COROUTINE`, one of the flags of a code object."""


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook, by its name."""
    return path.endswith(".ipynb")


def flags(path: str) -> int:
    """Return the flags for compiling a program of that name."""
    return ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if is_notebook(path) else 0


def awaits(code: types.CodeType) -> bool:
    """Whether a module's code awaits outside of functions: evaluating it gives a coroutine."""
    return bool(code.co_flags & _COROUTINE)


def install_builtins() -> None:
    """Add to `builtins` what IPython adds."""
    shell = _Shell()
    vars(builtins).update(display=display, get_ipython=lambda: shell)


def display(
    *objects: object, display_id: Union[bool, str, None] = None, **options: object
) -> Optional[_Displayed]:
    """Print the objects: a program cannot draw them as a notebook does."""
    for each in objects:
        sys.stdout.write(f"{each!r}\n")
    return _Displayed(display_id) if display_id else None


class _Displayed:
    """The handle that `display` returns if it is called with a `display_id`."""

    def __init__(self, display_id: Union[bool, str]) -> None:
        self.display_id = display_id if isinstance(display_id, str) else f"{id(self):x}"

    def display(self, *objects: object, **options: object) -> None:
        display(*objects)

    update = display


class _Shell:
    """A stand-in for the IPython shell: magic commands do nothing."""

    def __init__(self) -> None:
        self.config: Dict[str, Any] = {}
        self.user_ns = vars(sys.modules["__main__"])

    def run_line_magic(self, *arguments: object, **options: object) -> None:
        return None

    run_cell_magic = magic = system = run_line_magic

    def getoutput(self, *arguments: object, **options: object) -> List[str]:
        return []


class EventLoop:
    """The event loop of a program whose top level awaits.

    As in Jupyter it is the running loop for all statements, and it runs while one of them awaits.
    """

    def __init__(self) -> None:
        self._loop: Optional[Any] = None

    def open(self) -> None:
        """Create the loop, if there is none, and make it the running one."""
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            asyncio._set_running_loop(self._loop)

    def awaiting(self, code: types.CodeType) -> types.CodeType:
        """Return code that runs a statement that awaits, to its end."""
        vars(builtins)[_AWAIT] = partial(self._run, code)
        return _CALL

    def _run(self, code: types.CodeType) -> None:
        import asyncio

        self.open()
        assert self._loop is not None
        coroutine = eval(code, sys._getframe(1).f_globals)
        asyncio._set_running_loop(None)
        try:
            self._loop.run_until_complete(coroutine)
        except BaseException as error:
            raise error.with_traceback(_from(code, error.__traceback__))  # noqa: B904 (itself)
        finally:
            asyncio._set_running_loop(self._loop)


def _from(
    code: types.CodeType, traceback: Optional[types.TracebackType]
) -> Optional[types.TracebackType]:
    """Cut the frames of the event loop out of a traceback."""
    found = traceback
    while found is not None and found.tb_frame.f_code is not code:
        found = found.tb_next
    return found or traceback
