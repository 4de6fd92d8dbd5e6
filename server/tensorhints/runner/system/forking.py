"""Forks that the program cannot notice.

Python's hooks around `os.fork` do not run, `random` is not seeded again, and the program gets no
child. Only for single-threaded processes on Linux.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from contextlib import contextmanager
from functools import cache
from typing import Callable, Iterator, Optional

_OMP_PAUSE_HARD = 2

_fork = ctypes.PyDLL(None).fork if sys.platform.startswith("linux") else None


def fork() -> int:
    """Fork as `os.fork` does, without its hooks.

    The interpreter's state needs no repair in the child, since no other thread can hold its locks.
    """
    assert _fork is not None
    pid: int = _fork()
    if pid < 0:
        raise OSError("no process could be forked")
    if pid == 0:
        threading.main_thread()._set_native_id()  # type: ignore[attr-defined]
    return pid


def double_fork() -> bool:
    """Fork a process that the nearest subreaper adopts.

    Returns true in that process, once it is adopted, and false in this one. Raises `OSError`.
    """
    reader, writer = os.pipe()
    try:
        between = fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if between == 0:
        try:
            is_parent = fork() != 0
        except BaseException:
            os._exit(1)
        if is_parent:
            os._exit(0)
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        return True
    os.close(reader)
    try:
        _, status = os.waitpid(between, 0)
    except ChildProcessError:
        status = 0  # The program ignores SIGCHLD, so the system has reaped it.
    finally:
        os.close(writer)
    # All signals are blocked. Take this child's from the queue: the program may have a handler.
    signal.sigtimedwait((signal.SIGCHLD,), 0)
    if status != 0:
        raise OSError("no process could be forked")
    return False


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Block all signals meanwhile. `double_fork` requires it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop_openmp_threads() -> None:
    """End the threads of torch's OpenMP; the next parallel operation starts them again.

    A fork does not inherit them, and an operation in the child that waits for them would hang.
    """
    pause = openmp_pause_function()
    if pause is not None:
        pause(_OMP_PAUSE_HARD)


@cache
def openmp_pause_function() -> Optional[Callable[[int], int]]:
    """Return `omp_pause_resource_all` of the OpenMP library that torch has loaded, if any."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            paths = {line.split(None, 5)[5].strip() for line in maps if "omp" in line}
        for path in sorted(paths):
            if "libgomp" in path or "libiomp" in path or "libomp" in path:
                return ctypes.CDLL(path).omp_pause_resource_all
    except (OSError, AttributeError, IndexError):
        pass  # Not Linux, or an OpenMP without this function: nothing is paused.
    return None
