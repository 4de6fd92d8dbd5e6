"""The table of modules that every run finds imported, and what a run has imported since.

The warm host fills the table once; each run is a fork of it. The place of this module in
`sys.modules` marks the border: whatever follows it there was imported by the run itself.
"""

from __future__ import annotations

import gc
import itertools
import sys
import weakref
from types import ModuleType
from typing import Dict, List

from .system import forking

modules: Dict[str, ModuleType] = {}
"""The modules that were imported when `settle` ran last.

Walking over `sys.modules` in a run would touch every one of those modules, and thereby copy the
pages that their names lie on.
"""


def settle() -> None:
    """Take the modules imported by now for granted in every later fork.

    They are neither taken down at exit nor visited by the garbage collector.
    """
    for finalizer in list(getattr(weakref.finalize, "_registry", ())):
        # torch would take down each of its operator libraries at the end of every run.
        finalizer.atexit = False
    sys.modules[__name__] = sys.modules.pop(__name__)
    modules.update(sys.modules)
    forking.openmp_pause_function()  # Its result is cached for all runs.
    gc.collect()
    gc.freeze()


def imported_since() -> List[ModuleType]:
    """Return the modules that this run has imported by itself."""
    since = itertools.takewhile(lambda name: name != __name__, reversed(sys.modules))
    return [sys.modules[name] for name in since if name not in modules]
