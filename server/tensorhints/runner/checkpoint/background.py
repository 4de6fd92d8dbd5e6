"""What libraries do in the background of a program, held while a checkpoint is forked."""

from __future__ import annotations

import sys
from typing import Any, FrozenSet, List

from ..system.descriptors import AppendedFile
from .helper_processes import HelperProcesses
from .known_threads import StoppedThreads


class Background:
    """Known threads, helper processes and named locks of libraries. One for all runs of a process.

    `hold` before a fork; then `leave` in the process that waits; `resume` at last in each process
    that continues.
    """

    def __init__(self) -> None:
        self._helpers = HelperProcesses()
        self._threads = StoppedThreads()
        self._left: List[Any] = []
        self._locks: List[Any] = []

    def start(self) -> None:
        """Note that the program's first statement is about to run."""
        self._helpers.start()

    def hold(self) -> None:
        """Stop what a fork would not copy."""
        self._threads = StoppedThreads.stop()
        self._locks = _without_name()

    def leave(self) -> None:
        """Let go, in a process that was forked from the run, of what stays with the run."""
        self._left = self._helpers.leave()

    def resume(self) -> None:
        """Let all of it continue in this process."""
        self._threads.restart()
        self._threads = StoppedThreads()
        for lock in self._locks:
            lock.__init__(ctx=_multiprocessing().get_context())
        for client in self._left:
            client.ensure_running()
        self._locks, self._left = [], []

    @property
    def have_resources(self) -> bool:
        """Whether the program has named memory or locks, which are removed when it ends."""
        return self._helpers.have_resources

    @property
    def pids(self) -> FrozenSet[int]:
        """The processes that are no hazard."""
        return self._helpers.pids

    @property
    def descriptors(self) -> FrozenSet[int]:
        """The descriptors that are no hazard."""
        return self._helpers.descriptors

    @property
    def files(self) -> List[AppendedFile]:
        """The files that held threads append to."""
        return self._threads.files


def _multiprocessing() -> Any:
    return sys.modules["multiprocessing"]


def _without_name() -> List[Any]:
    """Take its name from tqdm's lock if it has one, and return that lock.

    Processes that are not forked open it by its name, which two processes cannot share. Where new
    processes are forked, it has none.
    """
    std: Any = sys.modules.get("tqdm.std")
    lock = getattr(getattr(std, "TqdmDefaultWriteLock", None), "mp_lock", None)
    semaphore = getattr(lock, "_semlock", None)
    if semaphore is None or semaphore.name is None or semaphore._is_zero():
        return []
    finalizers: Any = sys.modules["multiprocessing.util"]._finalizer_registry  # type: ignore[attr-defined]
    for finalizer in list(finalizers.values()):
        if finalizer._args == (semaphore.name,):
            finalizer()
            return [lock]
    return []
