"""The part of an event loop that waits: all that timed code of the server takes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Pending(Protocol):
    """A call that `Timer.call_later` will make."""

    def cancel(self) -> None:
        """Do not make the call."""
        ...


class Timer(Protocol):
    """Measures time and calls back later. An event loop satisfies it; tests replace it."""

    def time(self) -> float:
        """Return the time in seconds, from an arbitrary start."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Pending:
        """Call `callback()` after `delay` seconds."""
        ...
