"""Detects code that ran outside this process's probes.

That is code in another process (forked or spawned), TorchScript, and what torch.compile or
torch.export made of it. `unreached` makes no claim about functions if any may have run.
"""

from __future__ import annotations

import sys
from typing import Any, List, Tuple

import torch

from .recorder import Recorder

_MODULES = (
    "torch.export._trace",
    "torch._export.non_strict_utils",
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.popen_spawn_win32",
    "multiprocessing.popen_forkserver",
    "concurrent.futures.interpreter",
)


class UnobservedCode:
    """Compares what torch and Python have loaded with the time of construction."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._scripts = _scripts()
        self._modules = _imported()

    def may_have_run(self) -> bool:
        """Whether functions of the program may have been executed unobserved."""
        recorder = self._recorder
        return (
            recorder.has_forked
            or recorder.gates.was_compiled
            or _scripts() != self._scripts
            or _imported() != self._modules
        )


def _imported() -> List[str]:
    """The modules of `_MODULES` that are imported: each is imported on its first use."""
    return [name for name in _MODULES if name in sys.modules]


def _scripts() -> Tuple[Any, ...]:
    """The number of functions, classes and modules that torch has compiled to TorchScript."""
    tables = (
        getattr(torch.jit._state, "_jit_caching_layer", ()),
        getattr(torch.jit._state, "_script_classes", ()),
        getattr(torch.jit._recursive.concrete_type_store, "type_store", ()),
    )
    # A `WeakKeyDictionary` is Python code, which would use the program's builtins.
    return tuple(len(getattr(table, "data", table)) for table in tables)
