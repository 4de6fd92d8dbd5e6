"""Instruments the workspace's own modules when they are imported, unsaved text included.

Only the step from source to code is replaced, on the standard loader itself: finders, loaders and
`sys.meta_path` stay as they are, and nothing is written beside the user's files.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import sys
import sysconfig
import time
from importlib.machinery import SourceFileLoader
from typing import Any, Callable, Iterable, Optional

from .. import imports
from ..syntax.program import Program, parse

Instrument = Callable[[Program], ast.Module]


_ARRIVAL = "arrived\0"
"""A name in `builtins` while the awaited module is imported; no source can spell it."""


class WatchedModules:
    """The source files below the roots of the workspace, apart from installed packages.

    `unsaved` returns the unsaved text of a file, or `None` if the text on disk counts.
    `arrived` is called right after an import of the module `awaited`, with the seconds it took.
    """

    def __init__(
        self,
        roots: Iterable[str],
        unsaved: Callable[[str], Optional[str]],
        instrument: Instrument,
        awaited: str,
        arrived: Callable[[float], None],
    ) -> None:
        self._awaited, self._arrived = awaited, arrived
        self._roots = tuple(os.path.join(os.path.realpath(root), "") for root in roots if root)
        self._unsaved = unsaved
        self._instrument = instrument
        installed = {os.path.realpath(path) for path in sysconfig.get_paths().values()}
        # A virtual environment inside the workspace counts as installed.
        for prefix in (sys.prefix, sys.exec_prefix):
            if any(os.path.realpath(prefix).startswith(root) for root in self._roots):
                installed.add(os.path.realpath(prefix))
        self._installed = tuple(os.path.join(path, "") for path in installed)

    def install(self) -> None:
        """Replace `SourceFileLoader.get_code`."""
        original, get_code = SourceFileLoader.get_code, self._get_code

        def watched_get_code(loader: Any, fullname: str) -> Any:
            return get_code(loader, fullname, original)

        watched_get_code.__name__ = "get_code"
        watched_get_code.__qualname__ = original.__qualname__
        for function in (watched_get_code, WatchedModules._get_code):
            # Python drops the import system's frames from the traceback of a failing import, which
            # it knows by their file name.
            function.__code__ = function.__code__.replace(co_filename=original.__code__.co_filename)
        setattr(SourceFileLoader, "get_code", watched_get_code)  # noqa: B010 - mypy refuses the plain form

    def watches(self, path: str) -> bool:
        """Whether a source file belongs to the workspace."""
        real = os.path.realpath(path)
        if not real.startswith(self._roots or ("\0",)):
            return False
        parts = real.split(os.sep)
        if "site-packages" in parts or "dist-packages" in parts:
            return False
        return not real.startswith(self._installed)

    def _get_code(self, loader: Any, fullname: str, original: Callable[[Any, str], Any]) -> Any:
        if fullname == self._awaited:
            return self._code_with_call(loader, fullname) or original(loader, fullname)
        path = loader.get_filename(fullname)
        if not self.watches(path):
            return original(loader, fullname)
        unsaved = self._unsaved(path)
        try:
            text = unsaved if unsaved is not None else loader.get_source(fullname)
            program = parse(path, text) if text is not None else None
        except Exception:
            program = None
        if not isinstance(program, Program):
            # The user's Python reports itself what is wrong with the text.
            if unsaved is None:
                return original(loader, fullname)
            remember_source(path, unsaved.splitlines(True))
            return loader.source_to_code(unsaved, path)
        remember_source(path, program.linecache_lines())
        try:
            return compile(self._instrument(program), path, "exec", dont_inherit=True)
        except (RecursionError, MemoryError):
            # Nested too deeply to be instrumented: the module runs as it is.
            return compile(program.tree, path, "exec", dont_inherit=True)

    def _code_with_call(self, loader: Any, fullname: str) -> Any:
        """Compile the awaited module with a call of `arrived` at its end."""
        began = time.perf_counter()

        def arrived() -> None:
            delattr(builtins, _ARRIVAL)
            self._arrived(time.perf_counter() - began)

        try:
            text = loader.get_source(fullname)
            tree = ast.parse(text)
        except Exception:
            return None
        call = ast.Call(ast.Name(_ARRIVAL, ast.Load()), [], [])
        tree.body.append(ast.fix_missing_locations(ast.Expr(call)))
        setattr(builtins, _ARRIVAL, arrived)
        return compile(tree, loader.get_filename(fullname), "exec", dont_inherit=True)


def remember_source(path: str, lines: Any) -> None:
    """Make tracebacks and `inspect.getsource` show the text that runs, saved or not."""
    linecache.cache[path] = (sum(map(len, lines)), None, list(lines), path)


def is_imported(path: str) -> bool:
    """Whether the run has imported a file as a module."""
    for module in imports.imported_since():
        names = getattr(module, "__dict__", None)
        if type(names) is dict and names.get("__file__") == path:
            return True
    return False
