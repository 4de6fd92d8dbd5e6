"""The module `__main__` of a run, made and taken down as Python does it."""

from __future__ import annotations

import builtins
import gc
import os
import sys
import types
import weakref
from importlib.machinery import SourceFileLoader
from typing import Any, Dict, Sequence, Tuple

from ...model.messages import LiveTensor
from ..observe import describe
from ..syntax import notebook


class MainModule:
    """The program's `__main__`, from before its first statement to interpreter exit.

    Nothing else may hold `namespace`: its objects have to die when `clear` is called.
    """

    def __init__(self, path: str, arguments: Sequence[str]) -> None:
        main = types.ModuleType("__main__")
        namespace = main.__dict__
        namespace["__loader__"] = SourceFileLoader("__main__", path)
        if sys.version_info < (3, 14):
            namespace["__annotations__"] = {}
        namespace["__builtins__"] = builtins
        namespace["__file__"] = path
        namespace["__cached__"] = None
        sys.modules["__main__"] = main
        sys.argv = [path, *arguments]
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
        if notebook.is_notebook(path):
            notebook.install_builtins()
        self.namespace: Dict[str, Any] = namespace

    def live_tensors(self) -> Tuple[LiveTensor, ...]:
        """The tensors that names of the top level hold."""
        found = []
        for name, value in list(self.namespace.items()):
            if type(name) is str and describe.interest(type(value)) == describe.TENSOR:
                try:
                    nbytes, storage = describe.storage(value)
                    found.append(LiveTensor(name, describe.describe(value), nbytes, storage))
                except Exception:
                    continue
        return tuple(found)

    def clear(self) -> None:
        """Delete the program's objects as interpreter exit does; finalizers may print."""
        self.namespace = {}
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            if hasattr(sys, name):
                setattr(sys, name, None)
        main = sys.modules.pop("__main__", None)
        remains = weakref.ref(main) if main is not None else lambda: None
        del main
        gc.collect()
        survivor = remains()
        namespace = survivor.__dict__ if survivor is not None else {}
        for hidden in (True, False):
            for name in list(namespace):
                if name != "__builtins__" and (name[:1] == "_" and name[1:2] != "_") is hidden:
                    namespace[name] = None
        gc.collect()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass  # The program closed or replaced the stream.
