"""Does something soon when asked to, then not too often. Knows nothing of what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Throttle:
    """Acts once every `interval` seconds at most, but for the `burst` times that it saves up while
    nothing is asked; so no second sees more than `burst` and a second's share. The last call is
    never lost.

    A call waits `lead` seconds for those that come with it. Where times are saved up, one of them
    is kept for `at_once`.
    """

    def __init__(
        self,
        interval: float,
        action: Callable[[], None],
        *,
        burst: int = 1,
        lead: float = 0.0,
    ) -> None:
        self._interval = interval
        self._action = action
        self._burst = burst
        self._lead = lead
        self._saved = float(burst)
        self._counted_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        if self._timer is None:
            self._act_in(max(self._lead, self._wait_for(1 if self._burst == 1 else 2)))

    def at_once(self) -> None:
        self.cancel()
        self._act_in(self._wait_for(1))

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait_for(self, times: int) -> float:
        """Seconds until so many are saved up."""
        now = asyncio.get_running_loop().time()
        if self._counted_at is not None:
            gained = (now - self._counted_at) / self._interval
            self._saved = min(self._saved + gained, self._burst)
        self._counted_at = now
        return (times - self._saved) * self._interval

    def _act_in(self, seconds: float) -> None:
        if seconds <= 0:
            self._act()
        else:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._act)

    def _act(self) -> None:
        self._timer = None
        self._wait_for(1)
        self._saved -= 1
        self._action()
