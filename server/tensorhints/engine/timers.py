"""Delayed calls that can be cancelled together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timers:
    """The delayed calls of one object; none is made after `cancel`."""

    def __init__(self) -> None:
        self._pending: list[asyncio.TimerHandle] = []

    def after(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call back in so many seconds."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._pending = [timer for timer in self._pending if timer.when() > now]
        timer = loop.call_later(seconds, call)
        self._pending.append(timer)
        return timer

    def cancel(self) -> None:
        """Cancel all calls that are still to come."""
        for timer in self._pending:
            timer.cancel()
        self._pending.clear()
