"""Halts a run where it is, and lets it continue."""

from __future__ import annotations

from .termination import RunHost


class Suspension:
    """Whether one run is halted, with all of its processes."""

    def __init__(self, run: int, host: RunHost) -> None:
        self._run = run
        self._host = host
        self._is_halted = False

    def begin(self) -> None:
        """Halt the run where it is. Idempotent."""
        if not self._is_halted:
            self._is_halted = True
            self._host.stop_run(self._run, "suspend")

    def end(self) -> None:
        """Let the run continue. Idempotent."""
        if self._is_halted:
            self._is_halted = False
            self._host.stop_run(self._run, "continue")
