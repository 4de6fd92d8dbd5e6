"""Records which files, folders and modules a run has looked for.

Python reports whatever opens or lists something, before it does, to audit hooks, which cannot be
removed: so one is installed in the process of a run alone. No event reports `os.stat`. So the
functions of `os.path` and `pathlib` that call it, and what `torch.save` opens its file with, get
code that records first; they stay the same objects, without another frame.

Not seen is what C++ code and other processes open, and what the program passes to `os.stat` itself.
"""

from __future__ import annotations

import ast
import inspect
import os
import pathlib
import sys
import types
from typing import Any, Callable, Dict, Iterator, Tuple

from torch import serialization

_IMPORT_SYSTEM = "<frozen importlib"
"""How the file names of Python's import system begin: what it reads are modules."""

_VIRTUAL = ("/dev/", "/proc/", "/sys/")
_RECORD = 7340033
"""Stands in code for the function that records."""

_HAS_QUALNAME = hasattr(types.CodeType, "co_qualname")

# The program's modules: those that the runner imports are its own.
_genericpath, _posixpath = sys.modules["genericpath"], sys.modules["posixpath"]

# Bound here, before the program can replace them.
_add_audit_hook = sys.addaudithook
_frame, _directory, _decode, _join = sys._getframe, os.getcwd, os.fsdecode, os.path.join
_isinstance, _str, _bytes, _path_like = isinstance, str, bytes, os.PathLike


class FileAccesses:
    """The paths that were opened or examined, the folders that were listed, and the imports.

    Recorded are only accesses between `resume` and `pause`. Paths are absolute.
    """

    def __init__(self) -> None:
        self.paths: Dict[str, None] = {}
        self.folders: Dict[str, None] = {}
        self.modules: Dict[str, None] = {}
        self._is_active = False
        self._is_installed = False

    def resume(self) -> None:
        """Record accesses from now on."""
        if not self._is_installed:
            self._is_installed = True
            _add_audit_hook(self._hook())
            _record_before_stat(self._on_path)
        self._is_active = True

    def pause(self) -> None:
        """Record nothing for now: what is opened next, the runner opens."""
        self._is_active = False

    def _hook(self) -> Callable[[str, Tuple[Any, ...]], None]:
        handlers: Dict[str, Callable[[Any], None]] = {
            "open": self._on_path,
            "os.listdir": self._on_folder,
            "os.scandir": self._on_folder,
            "import": self._on_import,
        }
        find = handlers.get

        def hook(event: str, arguments: Tuple[Any, ...]) -> None:
            handle = find(event)
            if handle is not None:
                handle(arguments[0])

        return hook

    # An exception in one of these would be raised in the program.

    def _on_path(self, path: Any) -> None:
        if self._is_active and not _frame(2).f_code.co_filename.startswith(_IMPORT_SYSTEM):
            self._add(self.paths, path)

    def _on_folder(self, path: Any) -> None:
        if self._is_active and not _frame(2).f_code.co_filename.startswith(_IMPORT_SYSTEM):
            self._add(self.folders, "." if path is None else path)

    def _on_import(self, name: Any) -> None:
        if self._is_active and _isinstance(name, _str):
            self.modules[name] = None

    def _add(self, found: Dict[str, None], path: Any) -> None:
        try:
            if not _isinstance(path, (_str, _bytes, _path_like)):
                return
            text = _decode(path)
            if not text.startswith("/"):
                text = _join(_directory(), text)
            if not text.startswith(_VIRTUAL):
                found[text] = None
        except Exception:
            pass  # No path that can be opened.


_EXAMINES = (
    *((_genericpath, name) for name in (
        "exists", "isdir", "isfile", "lexists", "islink", "samefile",
        "getsize", "getmtime", "getatime", "getctime",
    )),
    *((_posixpath, name) for name in ("islink", "ismount", "lexists")),
    *((pathlib.Path, name) for name in ("stat", "lstat", "exists")),
)  # fmt: skip
"""Functions that call `os.stat`; which of them stand where depends on the release of Python."""


def _recording_functions() -> Iterator[Tuple[types.FunctionType, types.CodeType]]:
    """Yield functions with code that begins with a call of `_RECORD` and is otherwise the same."""
    for owner, name in _EXAMINES:
        function = vars(owner).get(name)
        if isinstance(function, types.FunctionType):
            yield from _recording(function, 0)
    writer = getattr(serialization, "_open_zipfile_writer_file", None)
    if writer is not None:
        yield from _recording(writer.__init__, 1)  # `torch.save` opens its file in C++.


def _recording(function: Any, argument: int) -> Iterator[Tuple[types.FunctionType, types.CodeType]]:
    """Yield a function with its new code, unless that cannot be made from its source."""
    code = function.__code__
    first = code.co_firstlineno
    try:
        lines = inspect.getblock(
            inspect.getsourcelines(sys.modules[function.__module__])[0][first - 1 :]
        )
        # A method is indented; so that its columns stay, it becomes the body of a statement.
        is_method = lines[0][0].isspace()
        tree = ast.parse("if 1:\n" * is_method + "".join(lines))
    except (OSError, TypeError, SyntaxError, IndexError):
        return
    ast.increment_lineno(tree, first - 1 - is_method)
    found = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    call = ast.parse(f"[{_RECORD}][0]({code.co_varnames[argument]})").body[0]
    for node in ast.walk(call):
        ast.copy_location(node, found)
    found.body.insert(1 if ast.get_docstring(found) is not None else 0, call)
    module = compile(ast.Module([found], []), code.co_filename, "exec", dont_inherit=True)
    new = next(made for made in module.co_consts if isinstance(made, types.CodeType))
    if found.name == code.co_name and not new.co_freevars and not code.co_freevars:
        qualified = {"co_qualname": code.co_qualname} if _HAS_QUALNAME else {}
        yield function, new.replace(**qualified)


_recording_code = tuple(_recording_functions())


def _record_before_stat(record: Callable[[Any], None]) -> None:
    for function, code in _recording_code:
        constants = tuple(record if value == _RECORD else value for value in code.co_consts)
        function.__code__ = code.replace(co_consts=constants)
