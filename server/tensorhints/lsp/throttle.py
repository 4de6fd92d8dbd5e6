"""Does something soon when asked to, then not too often. Knows nothing of what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_SHARE = 10
"""A tenth of the time is what one thing may take."""


class Throttle:
    """Acts once every `interval` seconds at most, less often where acting takes more than a tenth
    of that, and after the last call in any case. A call waits `lead` seconds for those that come
    with it.
    """

    def __init__(self, interval: float, action: Callable[[], None], *, lead: float = 0.0) -> None:
        self._interval = interval
        self._action = action
        self._lead = lead
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait = max(self._lead, self._next - loop.time())
            if wait <= 0:
                self._act()
            else:
                self._timer = loop.call_later(wait, self._act)

    def at_once(self) -> None:
        """For what comes no more often than it has to be answered: it never waits."""
        self.cancel()
        self._act()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _act(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._next = began + self._interval
        self._action()
        self._next = max(self._next, began + _SHARE * (loop.time() - began))
