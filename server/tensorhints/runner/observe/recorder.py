"""Records what a run's probes see, from the start of the program to its end.

`probes` is what the program calls, `gates` decides when it does, `signatures` counts what it saw.
"""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional, Tuple

from ...model.values import Value
from ..instrument import probe_registry
from ..instrument.probe_registry import ProbeRegistry
from . import dynamo, probes
from .clock import Clock
from .gates import Gates
from .probe_state import ProbeState, value_of
from .signatures import Signatures


class Recorder:
    """The recorder of one run. `send` is called with model messages."""

    def __init__(self, run: int, registry: ProbeRegistry, send: Callable[[Any], None]) -> None:
        self._run = run
        self._registry = registry
        self._send = send
        self._namespace = builtins.__dict__
        self._clock = Clock(self._tick)
        self._ticks = 0
        self._in_child = False
        self.at_ticks: Callable[[], None] = lambda: None
        """Called at every tick of the clock."""
        self.has_forked = False
        self.gates = Gates(registry, self._namespace)
        self._state = ProbeState()
        self._signatures = Signatures(run, registry, self._state, self.gates, send)
        self._install()

    # ---- before, during and after the program ------------------------------------------------

    def grow(self) -> None:
        """Add the probes and gates that were registered since the last call, the gates open."""
        self.gates.grow()
        self._state.grow(self._registry)

    def start(self) -> None:
        """Start the clock, and follow the program into processes that it forks."""
        self._clock.start()
        os.register_at_fork(
            before=self._clock.stop,
            after_in_parent=self._after_fork_in_parent,
            after_in_child=self._after_fork_in_child,
        )

    def stop(self) -> None:
        """Stop the clock: nothing is sent but new signatures."""
        self._clock.stop()

    def wait_for_exit(self) -> None:
        """Wait until the clock's thread is gone: a fork with it would be one with two threads."""
        self._clock.wait_for_exit()

    def restart(self) -> None:
        """Start the clock again after `stop`."""
        self._clock.start()

    def become_run(self, run: int) -> None:
        """Record another run from now on, which begins with all that has been seen."""
        self._run = run
        self._signatures.resend(run, everywhere=self.has_forked)
        self.tally()

    def value_of(self, probe_id: int) -> Tuple[Optional[Value], bool]:
        """Return what a probe saw last, and whether its gate was open all the time."""
        has_gaps = self.gates.has_gaps[self._state.gate_of[probe_id]]
        return value_of(self._state.last[probe_id]), not has_gaps

    def expect_new_signatures(self) -> None:
        """Reopen the gates: every value may have a new signature from now on."""
        self._signatures.expect_new()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Take our names out of `builtins` for a while.

        Python looks there for what a misspelt name may have meant, and gives up if it finds too
        many.
        """
        held = {
            name: self._namespace.pop(name)
            for name in list(self._namespace)
            if name.startswith(probe_registry.PREFIX)
        }
        try:
            yield
        finally:
            self._namespace.update(held)

    def tally(self) -> None:
        """Send the counts of all locations where something was counted since the last call."""
        if not self._in_child:
            self._signatures.send_tallies()

    def on_compiler_imported(self) -> None:
        """Keep torch._dynamo away from the probes, right after its import."""
        self.gates.may_narrow = dynamo.stand_aside(
            self.gates.close_all, self.gates.restore_closed, self._hidden
        )

    # ---- hooks -------------------------------------------------------------------------------

    def _install(self) -> None:
        signatures, gates = self._signatures, self.gates
        placed = probes.make(
            self._state,
            gates,
            signatures.record,
            signatures.count_again,
            signatures.count_part,
        )
        self._namespace.update(placed)
        inner = (
            signatures.record, signatures.count_again, signatures.count_part, signatures._count,
            signatures.send_tallies, signatures._take_tallies, self.tally, self._tick,
            gates.on_new_signature, gates.reopen_briefly, gates.reopen,
        )  # fmt: skip
        self._hidden = (*placed.values(), *inner)
        if dynamo.NAME in sys.modules:
            self.on_compiler_imported()

    def _after_fork_in_parent(self) -> None:
        self.has_forked = True
        self._clock.start()

    def _after_fork_in_child(self) -> None:
        """Record a process that the program forked, such as a DataLoader's worker.

        It sends new signatures at locations known before the fork, but has no clock and sends no
        counts.
        """
        self._in_child = True
        self._signatures.after_fork_in_child()
        self.gates.open_all()

    def _tick(self) -> None:
        self._ticks += 1
        self.gates.reopen_briefly()
        self.at_ticks()
        if self._ticks % 2 == 0 and self._state.changed:
            self.tally()
