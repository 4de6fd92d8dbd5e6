"""Gives the runner's modules builtins and standard library modules of their own.

A program may replace `builtins.open`, `os.stat` or `time.time`: sandboxes and tests do. Its own
code and the libraries then use the replacement, as they should; the runner's code must not. Every
module of the runner is therefore executed with a copy of `builtins` that was made when the host
started, and its `import os` binds a copy of `os`. The program's modules are the original ones.
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
import types
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from typing import Any, Dict, FrozenSet, Mapping, Optional, Sequence

COPIED = frozenset((
    "copy", "ctypes", "dataclasses", "fcntl", "gc", "genericpath", "linecache", "ntpath", "os",
    "posixpath", "resource", "select", "signal", "socket", "stat", "tempfile", "time", "tokenize",
))  # fmt: skip
"""Modules that have state or classes which must be the program's too.

The copy holds the same objects, but its functions look up names in the copy.
"""

IN_C = {"signal": "_signal", "socket": "_socket"}
"""Modules that wrap those of another one in classes and enumerations written in Python.

The copy has what the other module defines.
"""

EXECUTED = frozenset((
    "ast", "contextlib", "json", "json.decoder", "json.encoder", "json.scanner", "traceback",
))  # fmt: skip
"""Modules without state, some of whose classes are written in Python: executed once more."""

BUILTINS: Dict[str, Any] = dict(vars(builtins))
"""The builtins of the runner's modules."""

_BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap.py")
"""Its frame has the builtins that Python gives to `__main__`."""

_import = builtins.__import__
_modules: Dict[str, types.ModuleType] = {}


at_start: FrozenSet[str] = frozenset()
"""The modules that Python itself imports, before it looks into a program's folder."""


def install(folder: str, imported_at_start: FrozenSet[str]) -> None:
    """Have the modules below a folder loaded with builtins and modules of their own.

    The import system's finders stay as they are: only what they have cached for these folders is
    set.
    """
    global at_start
    at_start = imported_at_start
    BUILTINS["__import__"] = _import_own
    for name in sorted(COPIED | EXECUTED):  # A package comes before its modules.
        try:
            _own(name)
        except ImportError:
            continue  # This system has no such module.
    for path, folders, _ in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        sys.path_importer_cache[path] = FileFinder(path, (_Loader, [".py"]))


def is_own(frame: types.FrameType) -> bool:
    """Whether a frame executes the runner's code, or a library function on its behalf."""
    return frame.f_builtins is BUILTINS or frame.f_code.co_filename == _BOOTSTRAP


class _Loader(SourceFileLoader):
    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _empty(spec.name)


def _empty(name: str) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module)["__builtins__"] = BUILTINS
    return module


def _import_own(
    name: str,
    namespace: Optional[Mapping[str, Any]] = None,
    local: Optional[Mapping[str, Any]] = None,
    fromlist: Optional[Sequence[str]] = (),
    level: int = 0,
) -> Any:
    full = name
    if level and namespace is not None and namespace.get("__package__") in EXECUTED:
        full = importlib.util.resolve_name("." * level + name, namespace["__package__"])
    if full in COPIED or full in EXECUTED:
        return _own(full)
    if not level and name in sys.modules and (fromlist or "." not in name):
        # The import system would look into it with the builtins of the program.
        return sys.modules[name]
    return _import(name, namespace, local, fromlist or (), level)


def _own(name: str) -> types.ModuleType:
    """The runner's own module of this name."""
    if name not in _modules:
        original = importlib.import_module(name)
        if name in EXECUTED:
            _execute(original)
        else:
            _copy(original)
    return _modules[name]


def _execute(original: types.ModuleType) -> None:
    spec = original.__spec__
    assert spec is not None
    assert spec.loader is not None
    module = _modules[original.__name__] = _empty(original.__name__)
    for name in ("__file__", "__loader__", "__package__", "__path__", "__spec__"):
        if hasattr(original, name):
            setattr(module, name, getattr(original, name))
    spec.loader.exec_module(module)


def _copy(original: types.ModuleType) -> None:
    module = _modules[original.__name__] = _empty(original.__name__)
    for name, value in vars(original).items():
        if name != "__builtins__":
            setattr(module, name, _rebound(value))
    if original.__name__ in IN_C:
        functions = vars(importlib.import_module(IN_C[original.__name__]))
        vars(module).update((name, functions[name]) for name in functions if name[:2] != "__")


def _rebound(value: Any) -> Any:
    """A module or function of the library as the runner's code uses it; other objects as is."""
    if isinstance(value, types.ModuleType) and value.__name__ in COPIED | EXECUTED:
        return _own(value.__name__)
    if isinstance(value, types.FunctionType):
        names = value.__globals__
        home = str(names.get("__name__"))
        if home in COPIED and names is vars(sys.modules[home]):
            return _function(value, vars(_own(home)))
    return value


def _function(function: types.FunctionType, names: Dict[str, Any]) -> types.FunctionType:
    rebound = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    rebound.__kwdefaults__ = function.__kwdefaults__
    rebound.__dict__.update(function.__dict__)
    return rebound
