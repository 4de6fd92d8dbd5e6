"""Stops a run's process step by step: interrupt, locate its line, kill, abandon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from tensorhints.model import messages

from .timers import Timers

INTERRUPT_GRACE = 0.5
"""Seconds that a program has to end after an interrupt before it is killed."""

_LOCATE_PATIENCE = 1.0
"""Seconds to wait for a process to write its current line, which takes milliseconds if it runs."""

_LOCATE_SETTLES = 0.05
"""Seconds without another piece of that text after which it is complete."""

_KILL_PATIENCE = 5.0


class RunHost(Protocol):
    """The host of a run, as far as stopping needs it."""

    def stop_run(self, run: int, how: messages.StopKind) -> None:
        """Stop or locate a run as `messages.Stop` says."""
        ...


class Termination:
    """Ends one run. Every step is taken at most once, each if the one before did not suffice.

    `on_abandoned` is called if the process still exists some seconds after it was killed.
    """

    def __init__(
        self, run: int, host: RunHost, timers: Timers, on_abandoned: Callable[[], None]
    ) -> None:
        self._run = run
        self._host = host
        self._timers = timers
        self._on_abandoned = on_abandoned
        self._settling: asyncio.TimerHandle | None = None
        self.is_locating = False
        """Whether the process was asked for its current line; it is killed soon."""

    def interrupt(self) -> None:
        """Interrupt the program as Ctrl-C does, and kill it unless that ends it."""
        self._host.stop_run(self._run, "interrupt")
        self._timers.after(INTERRUPT_GRACE, self.locate_and_kill)

    def locate_and_kill(self) -> None:
        """Ask the process for its current line, and kill it once it has answered."""
        if not self.is_locating:
            self.is_locating = True
            self._host.stop_run(self._run, "locate")
            self._timers.after(_LOCATE_PATIENCE, self.kill)

    def on_fault_text(self) -> None:
        """Wait for the rest of the answer, of which a piece has arrived."""
        if self.is_locating:
            if self._settling is not None:
                self._settling.cancel()
            self._settling = self._timers.after(_LOCATE_SETTLES, self.kill)

    def kill(self) -> None:
        """Kill the process and its descendants."""
        self._host.stop_run(self._run, "kill")
        self._timers.after(_KILL_PATIENCE, self._on_abandoned)
