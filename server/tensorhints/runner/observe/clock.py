"""A thread that ticks and that the program does not see among its own threads."""

from __future__ import annotations

import _thread
import os
import time
from typing import Any, Callable, Optional

TICK = 0.05
"""Seconds from one tick to the next."""

_EXIT_POLLS = 10_000
"""Polls, a tenth of a millisecond apart, until a stopped thread has left the system's list."""

# Bound here, before the program can replace them.
_exists, _sleep = os.path.exists, time.sleep


class Clock:
    """Calls `tick` every `TICK` seconds from a thread that `threading` does not list.

    It can be stopped before a fork and started again.
    """

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._wake = _thread.allocate_lock()
        self._gone = _thread.allocate_lock()
        self._running = False
        self._thread_id: Optional[int] = None

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
        """Stop the thread and wait for its last tick. See `wait_for_exit`."""
        if not self._running:
            return
        self._running = False
        self._wake.release()
        self._gone.acquire()

    def wait_for_exit(self) -> None:
        """Wait until the system does not list the stopped thread any more, a second at most.

        On a busy machine that takes a while: the thread has to get the GIL once more to end.
        """
        if self._thread_id is None:
            return
        listed = f"/proc/self/task/{self._thread_id}"
        for _ in range(_EXIT_POLLS):
            if not _exists(listed):
                break
            _sleep(0.0001)
        self._thread_id = None

    def _loop(self, wake: Any, gone: Any) -> None:
        self._thread_id = _thread.get_native_id()
        try:
            while not wake.acquire(timeout=TICK):
                try:
                    self._tick()
                except Exception:
                    pass  # A tick is an opportunity: the next one tries again.
        finally:
            gone.release()
