"""Forks that the program cannot notice: none of Python's hooks around `os.fork` runs, `random` is
not seeded anew, and no child of the program's is left behind.

Only for processes with a single thread, on Linux.
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

_PAUSE_HARD = 2

_fork = ctypes.PyDLL(None).fork if sys.platform.startswith("linux") else None


def fork() -> int:
    """As `os.fork`. The interpreter's own state needs no repair where no other thread held any of
    its locks.
    """
    assert _fork is not None
    pid: int = _fork()
    if pid < 0:
        raise OSError("no process could be forked")
    if pid == 0:
        threading.main_thread()._set_native_id()  # type: ignore[attr-defined]
    return pid


def fork_for_adoption() -> bool:
    """Forks a process that the nearest subreaper adopts. Returns true in that process, once it is
    adopted. Raises `OSError`.
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
        status = 0  # Nobody here wants to hear of children.
    finally:
        os.close(writer)
    # Signals wait: a handler of the program's shall not be told of this child.
    signal.sigtimedwait((signal.SIGCHLD,), 0)
    if status != 0:
        raise OSError("no process could be forked")
    return False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals wait meanwhile. Forks need it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_openmp_go() -> None:
    """A fork loses the threads of torch's OpenMP, and whoever waits for them then hangs; so they
    are let go before each, and come back with the next parallel operation on either side.
    """
    pause = openmp_pause_function()
    if pause is not None:
        pause(_PAUSE_HARD)


@cache
def openmp_pause_function() -> Optional[Callable[[int], int]]:
    """`omp_pause_resource_all` of the library that torch has loaded."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            paths = {line.split(None, 5)[5].strip() for line in maps if "omp" in line}
        for path in sorted(paths):
            if "libgomp" in path or "libiomp" in path or "libomp" in path:
                return ctypes.CDLL(path).omp_pause_resource_all
    except (OSError, AttributeError, IndexError):
        pass
    return None
