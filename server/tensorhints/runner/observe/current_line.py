"""Where the program is, while it runs: the line of the program's own code that is being executed.

Looked at from the recorder's clock, between two of its steps: the program is not asked and does not
notice. No frame is kept.
"""

from __future__ import annotations

import _thread
import sys
from typing import Any, Callable, Container, Optional, Tuple

from ...model.messages import CurrentLine

FIRST = 6
"""Ticks of the clock before the first look: what ends earlier is no news."""

EVERY = 5
"""Ticks from one look to the next."""


class Whereabouts:
    """Of the thread that makes it. `watched` are the files whose lines are told."""

    def __init__(self, watched: Container[str], send: Callable[[Any], None]) -> None:
        self._watched = watched
        self._send = send
        self._thread = _thread.get_ident()
        self._ticks = 0
        self._told: Optional[Tuple[str, int]] = None

    def begin(self, run: int) -> None:
        self._run = run
        self._ticks = 0
        self._told = None

    def tick(self) -> None:
        self._ticks += 1
        if self._ticks < FIRST or (self._ticks - FIRST) % EVERY:
            return
        found = self._look()
        if found is not None and found != self._told:
            self._told = found
            self._send(CurrentLine(self._run, *found))

    def _look(self) -> Optional[Tuple[str, int]]:
        frame = sys._current_frames().get(self._thread)
        while frame is not None:
            path, line = frame.f_code.co_filename, frame.f_lineno
            if path in self._watched and line:
                return path, line - 1
            frame = frame.f_back
        return None
