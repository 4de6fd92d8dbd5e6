"""Whether functions of the program may have been executed where no gate of this process sees it: in
another process, as TorchScript, or by what torch.compile or torch.export made of them.
"""

from __future__ import annotations

import sys
from typing import Any, List, Tuple

import torch

from .recorder import Recorder

# Imported when they are first used.
_OTHERS = (
    "torch.export._trace",
    "torch._export.non_strict_utils",
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.popen_spawn_win32",
    "multiprocessing.popen_forkserver",
    "concurrent.futures.interpreter",
)


class Elsewhere:
    """Of one run, from when this is made."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._scripts = _scripts()
        self._others = _others()

    def is_possible(self) -> bool:
        recorder = self._recorder
        return (
            recorder.has_forked
            or recorder.gates.was_compiled
            or _scripts() != self._scripts
            or _others() != self._others
        )


def _others() -> List[str]:
    return [name for name in _OTHERS if name in sys.modules]


def _scripts() -> Tuple[Any, ...]:
    """How much torch has made TorchScript of."""
    tables = (
        getattr(torch.jit._state, "_jit_caching_layer", ()),
        getattr(torch.jit._state, "_script_classes", ()),
        getattr(torch.jit._recursive.concrete_type_store, "type_store", ()),
    )
    return tuple(len(table) for table in tables)
