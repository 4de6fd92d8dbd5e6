"""What the cells of a notebook find that a module does not, as in Jupyter: `display` and
`get_ipython` among the builtins, and `await`, `async for` and `async with` outside of functions.
"""

from __future__ import annotations

import ast
import builtins
import sys
import types
from functools import partial
from typing import Any, Dict, List, Optional, Union

_WAIT = "wait for a statement"
"""In `builtins`: a name that no source can spell."""

_CALL = compile(
    ast.fix_missing_locations(
        ast.Module([ast.Expr(ast.Call(ast.Name(_WAIT, ast.Load()), [], []))], [])
    ),
    __file__,
    "exec",
)

_COROUTINE = 0x80
"""`inspect.CO_COROUTINE`, of a code's flags."""


def is_notebook(path: str) -> bool:
    return path.endswith(".ipynb")


def flags(path: str) -> int:
    """Those that a program of that name is compiled with."""
    return ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if is_notebook(path) else 0


def waits(code: types.CodeType) -> bool:
    """Whether a module's code waits outside of functions: executed, it gives a coroutine."""
    return bool(code.co_flags & _COROUTINE)


def furnish() -> None:
    """Add to `builtins` what IPython adds."""
    shell = _Shell()
    vars(builtins).update(display=display, get_ipython=lambda: shell)


def display(
    *objects: object, display_id: Union[bool, str, None] = None, **options: object
) -> Optional[_Displayed]:
    """Prints: what a notebook draws, a program has no place for."""
    for each in objects:
        sys.stdout.write(f"{each!r}\n")
    return _Displayed(display_id) if display_id else None


class _Displayed:
    """What `display` gives back where it is asked for something to update."""

    def __init__(self, display_id: Union[bool, str]) -> None:
        self.display_id = display_id if isinstance(display_id, str) else f"{id(self):x}"

    def display(self, *objects: object, **options: object) -> None:
        display(*objects)

    update = display


class _Shell:
    """Magic does nothing here."""

    def __init__(self) -> None:
        self.config: Dict[str, Any] = {}
        self.user_ns = vars(sys.modules["__main__"])

    def run_line_magic(self, *arguments: object, **options: object) -> None:
        return None

    run_cell_magic = magic = system = run_line_magic

    def getoutput(self, *arguments: object, **options: object) -> List[str]:
        return []


class Loop:
    """The event loop of a program whose top level waits. As in Jupyter it is the running one for
    all of its statements, and goes on while one of them waits.
    """

    def __init__(self) -> None:
        self._loop: Optional[Any] = None

    def open(self) -> None:
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            asyncio._set_running_loop(self._loop)

    def waiting(self, code: types.CodeType) -> types.CodeType:
        """What executes to its end the code of a statement that waits."""
        vars(builtins)[_WAIT] = partial(self._wait, code)
        return _CALL

    def _wait(self, code: types.CodeType) -> None:
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
    """What is above is the loop's."""
    found = traceback
    while found is not None and found.tb_frame.f_code is not code:
        found = found.tb_next
    return found or traceback
