"""What makes a paused copy of a run differ from the run itself, and how it is noticed.

Each reason is a code; what the user reads of it stands elsewhere. The process has been made as
quiet as it gets: the recorder's clock stands, OpenMP's threads are gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Optional, Sequence, Tuple, get_args

from ...model.messages import CheckpointHazard
from ..system import descendants
from ..system.descriptors import OpenFile, Position
from ..system.shared_memory import SharedMap

REASONS: Tuple[CheckpointHazard, ...] = get_args(CheckpointHazard)

_LINGERING = 10
"""Looks, a millisecond apart, for which a thread that was joined may still be listed."""


class Watch:
    """Finds hazards in this process. Made before the program begins."""

    def __init__(self) -> None:
        import torch

        self._torch = torch
        self._threads_of_torch = torch.get_num_threads()

    def found(
        self,
        files: Sequence[OpenFile],
        positions: Sequence[Position],
        shared: Sequence[SharedMap],
    ) -> Optional[CheckpointHazard]:
        """The first reason against a copy that could go on."""
        if not getattr(sys, "_is_gil_enabled", lambda: True)():
            return "free-threaded"
        if threading.active_count() > 1:
            return "threads"
        if descendants.has_children_but(()):
            return "child-processes"
        if self._torch.cuda.is_initialized():
            return "gpu"
        if _waits_for_a_timer():
            return "timers"
        if not all(part.is_torchs for part in shared):
            return "shared-memory"
        if any(file.is_channel for file in files):
            return "connections"
        if not all(position.is_restorable for position in positions):
            return "files"
        if self._has_native_threads():
            return "native-threads"
        return None

    def _has_native_threads(self) -> bool:
        """Whether there are threads that Python does not know. `torch.set_num_threads(n)` starts a
        pool of `n - 1`, which survives a fork.
        """
        allowed = {1}
        if self._torch.get_num_threads() != self._threads_of_torch:
            allowed.add(self._torch.get_num_threads())
        for _ in range(_LINGERING):
            if len(os.listdir("/proc/self/task")) in allowed:
                return False
            time.sleep(0.001)
        return True


def _waits_for_a_timer() -> bool:
    """A fork does not inherit it."""
    timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    return any(signal.getitimer(timer) != (0.0, 0.0) for timer in timers)
