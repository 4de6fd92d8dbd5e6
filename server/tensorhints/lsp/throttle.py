"""Limits how often an action happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tensorhints.session.timer import Pending, Timer

_PAUSE_FACTOR = 10
"""An action takes at most a tenth of the time."""


class Throttle:
    """Acts at most once in `interval` seconds, and always after the last call.

    If acting takes more than a tenth of `interval`, it acts less often. A call waits `lead` seconds
    for others to come with it. `timer` is the running event loop by default.
    """

    def __init__(
        self,
        interval: float,
        action: Callable[[], None],
        *,
        lead: float = 0.0,
        timer: Timer | None = None,
    ) -> None:
        self._interval = interval
        self._action = action
        self._lead = lead
        self._given_timer = timer
        self._next = 0.0
        self._pending: Pending | None = None

    def __call__(self) -> None:
        """Act now if the last time was long ago, else later."""
        if self._pending is None:
            timer = self._timer()
            wait = max(self._lead, self._next - timer.time())
            if wait <= 0:
                self._act()
            else:
                self._pending = timer.call_later(wait, self._act)

    def act_now(self) -> None:
        """Act without waiting, for events that are rare enough."""
        self.cancel()
        self._act()

    def cancel(self) -> None:
        """Forget a call that is waiting."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _act(self) -> None:
        self._pending = None
        timer = self._timer()
        began = timer.time()
        self._next = began + self._interval
        self._action()
        self._next = max(self._next, began + _PAUSE_FACTOR * (timer.time() - began))

    def _timer(self) -> Timer:
        return self._given_timer or asyncio.get_running_loop()
