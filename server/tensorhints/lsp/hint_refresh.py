"""Requests to refresh inlay hints, at a pace that every client can draw."""

from __future__ import annotations

import asyncio

from .client import Client
from .throttle import Throttle

# With the refresh at the end of a run, which never waits, at most ten in a second.
_INTERVAL_SECONDS = 1 / 9
# New observations arrive in bursts.
_LEAD_SECONDS = 0.01
# Longer than an editor takes to request its lenses and draw them.
_REDRAW_SECONDS = 0.1


class HintRefresh:
    """Refreshes hints soon after they change, and again after other redraws if needed."""

    def __init__(self, client: Client) -> None:
        self._misses_hints = client.capabilities.misses_hints
        self.throttle = Throttle(_INTERVAL_SECONDS, client.refresh_hints, lead=_LEAD_SECONDS)
        """Refreshes soon if called; its `act_now` refreshes without waiting."""
        self._after_redraw: asyncio.TimerHandle | None = None

    def expect_redraw(self) -> None:
        """Refresh once more after the client redraws, if it loses hints by redrawing."""
        if not self._misses_hints:
            return
        if self._after_redraw is not None:
            self._after_redraw.cancel()
        loop = asyncio.get_running_loop()
        self._after_redraw = loop.call_later(_REDRAW_SECONDS, self.throttle)

    def cancel(self) -> None:
        """Forget what is waiting."""
        self.throttle.cancel()
        if self._after_redraw is not None:
            self._after_redraw.cancel()
