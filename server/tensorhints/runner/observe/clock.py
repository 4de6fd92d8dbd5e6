"""A thread that ticks, outside the program's view of its own threads."""

from __future__ import annotations

import _thread
from typing import Any, Callable

TICK = 0.05
"""Seconds between two looks of the clock."""


class Clock:
    """Calls `tick` every `TICK` seconds from a thread of its own, outside `threading`'s books, and
    can be stopped before a fork.
    """

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._wake = _thread.allocate_lock()
        self._gone = _thread.allocate_lock()
        self._running = False

    def start(self) -> None:
        if self._running:
            return
        self._running = True
        self._wake = _thread.allocate_lock()
        self._wake.acquire()
        self._gone = _thread.allocate_lock()
        self._gone.acquire()
        _thread.start_new_thread(self._loop, (self._wake, self._gone))

    def stop(self) -> None:
        if not self._running:
            return
        self._running = False
        self._wake.release()
        self._gone.acquire()

    def _loop(self, wake: Any, gone: Any) -> None:
        try:
            while not wake.acquire(timeout=TICK):
                try:
                    self._tick()
                except Exception:
                    pass
        finally:
            gone.release()
