"""A thread that ticks and that the program does not see among its own threads."""

from __future__ import annotations

import _thread
from typing import Any, Callable

TICK = 0.05
"""Seconds from one tick to the next."""


class Clock:
    """Calls `tick` every `TICK` seconds from a thread that `threading` does not list.

    It can be stopped before a fork and started again.
    """

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._wake = _thread.allocate_lock()
        self._gone = _thread.allocate_lock()
        self._running = False

    def start(self) -> None:
        """Start the thread, unless it runs."""
        if self._running:
            return
        self._running = True
        self._wake = _thread.allocate_lock()
        self._wake.acquire()
        self._gone = _thread.allocate_lock()
        self._gone.acquire()
        _thread.start_new_thread(self._loop, (self._wake, self._gone))

    def stop(self) -> None:
        """Stop the thread and wait for its end."""
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
                    pass  # A tick is an opportunity: the next one tries again.
        finally:
            gone.release()
