"""Does something at once when asked to, then at most every so often. Knows nothing of what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Throttle:
    """The first call of a burst acts at once; the last one is never lost."""

    def __init__(self, interval: float, action: Callable[[], None]) -> None:
        self._interval = interval
        self._action = action
        self._timer: asyncio.TimerHandle | None = None
        self._is_due = False

    def __call__(self) -> None:
        if self._timer is not None:
            self._is_due = True
            return
        self._act()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _act(self) -> None:
        self._is_due = False
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._interval, self._elapsed)
        self._action()

    def _elapsed(self) -> None:
        self._timer = None
        if self._is_due:
            self._act()
