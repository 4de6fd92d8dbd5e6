"""Notices when a run has shown and printed nothing for a while."""

from __future__ import annotations

from collections.abc import Callable

from tensorhints.session.timer import Pending, Timer


class SilenceLimit:
    """Calls `on_silent` once, if there is no news for `seconds`. It begins when it is made."""

    def __init__(self, timer: Timer, seconds: float, on_silent: Callable[[], None]) -> None:
        self._timer = timer
        self._seconds = seconds
        self._on_silent = on_silent
        self._last_restart = timer.time()
        self._pending: Pending | None = timer.call_later(seconds, self._check)

    def restart(self) -> None:
        """Begin anew: the run has shown or printed something."""
        self._last_restart = self._timer.time()

    def cancel(self) -> None:
        """Set no limit any more."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _check(self) -> None:
        left = self._last_restart + self._seconds - self._timer.time()
        if left > 0:
            self._pending = self._timer.call_later(left, self._check)
        else:
            self._pending = None
            self._on_silent()
