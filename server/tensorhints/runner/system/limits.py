"""Limits on the process of a run: its lifetime, its memory, its signals and descriptors.

Each limit is set where the system has a way to do so and skipped elsewhere.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from typing import Callable, Optional

from ...model.signals import LOCATE_SIGNAL

FIRST_DESCRIPTOR = 100
"""The lowest number of our own descriptors: a program's first file gets 3, as in a fresh Python."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def move_to_high_fd(descriptor: int) -> int:
    """Re-open a descriptor at `FIRST_DESCRIPTOR` or above and close the old number."""
    import fcntl

    moved: int = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
    os.close(descriptor)
    return moved


# ---- processes ---------------------------------------------------------------------------------


def _prctl() -> Optional[Callable[..., int]]:
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes

        function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return None
    return function


_PRCTL = _prctl()


def die_with_parent(parent: int) -> None:
    """Have the system kill this process when its parent, process `parent`, dies."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> bool:
    """Make this process the subreaper of its descendants, so that it can kill orphans.

    Returns whether the system supports it.
    """
    return _PRCTL is not None and _PRCTL(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def reset_signals() -> None:
    """Restore the signal handlers and the mask of a fresh `python FILE`."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


# ---- memory ------------------------------------------------------------------------------------


def limit_memory(extra: int) -> None:
    """Let allocations fail that exceed the memory held now by more than `extra` bytes."""
    held = _data_bytes()
    if held is None:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = held + extra
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_bytes() -> Optional[int]:
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmData:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # Not Linux: the caller handles the missing number.
    return None


# ---- faults --------------------------------------------------------------------------------------


def enable_fault_reports(descriptor: int) -> None:
    """Write the current line of every thread to `descriptor` on a crash or `LOCATE_SIGNAL`."""
    faulthandler.enable(descriptor)
    if LOCATE_SIGNAL is not None and hasattr(faulthandler, "register"):
        faulthandler.register(LOCATE_SIGNAL, descriptor)
