"""Ends the runs of a program that hold locks on files, before the program runs again."""

from __future__ import annotations

import os
import signal
import time
from typing import Callable, Iterable

from ...model import messages
from ..system import descendants, file_locks
from .hosted_run import HostedRun

_INTERRUPT_SECONDS = 0.5
_KILL_SECONDS = 1.0
_POLL_SECONDS = 0.001


def end_lock_holders(runs: Iterable[HostedRun], path: str, send: Callable[[object], None]) -> None:
    """End the runs of a program that hold locks; return once the locks are released.

    Other runs continue until the next one has started. These may not: the next run would find
    locked what no other program has locked.
    """
    for run in runs:
        if run.request.path == path and file_locks.are_held_by(run.pid):
            send(messages.Superseded(run.request.run))
            os.kill(run.pid, signal.SIGINT)
            os.kill(run.pid, signal.SIGCONT)  # It may be suspended.
            if not _releases(run.pid, _INTERRUPT_SECONDS):
                descendants.kill_tree(run.pid)
                _releases(run.pid, _KILL_SECONDS)


def _releases(pid: int, seconds: float) -> bool:
    """Wait until a process holds no locks any more, so long at most; return whether it does not."""
    deadline = time.monotonic() + seconds
    while file_locks.are_held_by(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
