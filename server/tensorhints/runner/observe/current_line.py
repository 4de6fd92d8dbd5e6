"""The line of the program's own code that is being executed.

It is read from the recorder's clock thread, without tracing the program, and no frame is kept.
"""

from __future__ import annotations

import _thread
import sys
from typing import Any, Callable, Container, Optional, Tuple

from ...model.messages import CurrentLine

FIRST = 6
"""Ticks before the line is first read: shorter programs need no progress report."""

EVERY = 5
"""Ticks from one reading to the next."""


class CurrentLineTracker:
    """Sends the current line of the thread that creates it, if it is in one of the files."""

    def __init__(self, files: Container[str], send: Callable[[Any], None]) -> None:
        self._files = files
        self._send = send
        self._thread = _thread.get_ident()
        self._ticks = 0
        self._sent: Optional[Tuple[str, int]] = None

    def begin(self, run: int) -> None:
        """Start anew for a run."""
        self._run = run
        self._ticks = 0
        self._sent = None

    def tick(self) -> None:
        """Read the line if it is time to, and send it if it has changed."""
        self._ticks += 1
        if self._ticks < FIRST or (self._ticks - FIRST) % EVERY:
            return
        found = self._read()
        if found is not None and found != self._sent:
            self._sent = found
            self._send(CurrentLine(self._run, *found))

    def _read(self) -> Optional[Tuple[str, int]]:
        frame = sys._current_frames().get(self._thread)
        while frame is not None:
            path, line = frame.f_code.co_filename, frame.f_lineno
            if path in self._files and line:
                return path, line - 1
            frame = frame.f_back
        return None
