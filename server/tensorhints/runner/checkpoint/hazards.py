"""Reasons against a checkpoint: state of the process or outside of it that a fork does not copy.

Each reason is a code; the texts for the user are kept with the other user messages. By the time of
the check the recorder's clock, OpenMP's threads and those of known libraries are stopped.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Optional, Sequence

from ...model.messages import CheckpointHazard
from ..system import descendants, file_locks
from ..system.descriptors import OpenFile, RestorableFile
from ..system.shared_memory import SharedMapping
from .background import Background
from .known_threads import running_threads

_THREAD_EXIT_POLLS = 10
"""Polls, one millisecond apart, until a joined thread has left the system's list."""


class HazardCheck:
    """Finds hazards in this process. Create it before the program starts."""

    def __init__(self) -> None:
        import torch

        self._torch = torch
        self._initial_torch_threads = torch.get_num_threads()

    def find(
        self,
        files: Sequence[OpenFile],
        positions: Sequence[RestorableFile],
        mappings: Sequence[SharedMapping],
        background: Background,
    ) -> Optional[CheckpointHazard]:
        """Return the first reason against a checkpoint that a run could resume from, if any."""
        if not getattr(sys, "_is_gil_enabled", lambda: True)():
            return "free-threaded"
        if len(running_threads()) > 1:
            return "threads"
        if descendants.has_other_children(background.pids):
            return "child-processes"
        if self._torch.cuda.is_initialized():
            return "gpu"
        if _has_pending_timer():
            return "timers"
        if background.have_resources or not all(mapping.is_restorable for mapping in mappings):
            return "shared-memory"
        helpers = background.descriptors
        if any(file.is_channel and file.descriptor not in helpers for file in files):
            return "connections"
        if not all(position.is_restorable for position in positions):
            return "files"
        if any(file_locks.locks_on(f.descriptor) for f in files if not f.is_openable):
            return "files"
        if self._has_native_threads():
            return "native-threads"
        return None

    def _has_native_threads(self) -> bool:
        """Whether there are threads that Python's `threading` does not list.

        `torch.set_num_threads(n)` starts a pool of `n - 1` threads, which survives a fork.
        """
        allowed = {1}
        if self._torch.get_num_threads() != self._initial_torch_threads:
            allowed.add(self._torch.get_num_threads())
        for _ in range(_THREAD_EXIT_POLLS):
            if len(os.listdir("/proc/self/task")) in allowed:
                return False
            time.sleep(0.001)
        return True


def _has_pending_timer() -> bool:
    """Whether an interval timer is running. A fork does not inherit it."""
    timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    return any(signal.getitimer(timer) != (0.0, 0.0) for timer in timers)
