"""Readings of the wall clock that a program holds, moved by the pause before it resumes.

The wall clock itself stays true. A run from the top would have read it later, by as long as the
checkpoint waited: so `start = time.time()` is moved, and `time.time() - start` leaves that out.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

READERS = frozenset(("clock_gettime", "clock_gettime_ns", "now", "time", "time_ns", "utcnow"))
"""The functions that read it, and others of these names."""

_NS = 1_000_000_000
_AHEAD_NS = 86_400 * _NS
"""How far ahead a deadline may lie."""


@dataclass(frozen=True)
class Readings:
    """The readings of a run that began at `since_ns` and was suspended at `until_ns`.

    Both are nanoseconds of the wall clock.
    """

    since_ns: int
    until_ns: int

    def moved(self, value: Any, pause_ns: int) -> Any:
        """Return a reading as it would be `pause_ns` later, and any other value as it is."""
        kind = type(value)
        if kind is float and self._contains(value * _NS):
            return value + pause_ns / _NS
        if kind is int and self._contains(value):
            return value + pause_ns
        if kind is datetime.datetime and self._contains(value.timestamp() * _NS):
            return value + datetime.timedelta(microseconds=pause_ns // 1000)
        return value

    def _contains(self, reading_ns: float) -> bool:
        return self.since_ns <= reading_ns <= self.until_ns + _AHEAD_NS
