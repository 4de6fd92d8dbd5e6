"""The sampling gates: they decide at which passes of the program its probes are called.

A gate guards the probes of a few statements. It starts open and closes after `PATIENCE` passes
without a new signature. A clock reopens it for a moment, and so does a new signature anywhere. If
the statements bind a number whose value is shown, the gate narrows instead of closing: only that
value is read. A gate that never closes becomes steady: its passes are not counted any more.
"""

from __future__ import annotations

import _thread
import sys
from typing import Any, Callable, Dict, List

from ..instrument import probe_registry
from ..instrument.probe_registry import ProbeRegistry
from . import dynamo

PATIENCE = 16
"""Passes without a new signature after which a gate closes."""

PATIENCE_AMONG_THREADS = 4096

BRIEFLY = 2
"""Passes for which a gate that the clock reopened stays open."""


class Gates:
    """The gates of one run, as names in `namespace` that the program's code looks up."""

    def __init__(self, registry: ProbeRegistry, namespace: Dict[str, Any]) -> None:
        self._registry = registry
        self.may_narrow = True
        self.was_compiled = False
        self._namespace = namespace
        self._lock = _thread.RLock()
        # One entry per gate.
        self.never_entered: List[bool] = []
        self.has_gaps: List[bool] = []
        """Whether some passes were not observed."""
        self.saw_tensor: List[bool] = []
        self.holds_number: List[bool] = []
        """Whether a hint behind the gate shows a value, which has to be the last one."""
        self.is_pinned: List[bool] = []
        """Whether it holds a number that its narrow form does not read."""
        self._passes_left: List[int] = []
        self._signatures_known: List[int] = []
        """The number of new signatures when the gate last ran out of patience."""
        self._names: List[str] = []
        self._narrow_names: List[str] = []
        self._closed: List[int] = []
        self._open_before: List[str] = []
        # Lists of one item, so that `enter` can bind them.
        self._new_signatures = [0]
        self._patience = [PATIENCE]

    def grow(self) -> None:
        """Add the gates that were registered since the last call, open."""
        for gate in range(len(self._passes_left), len(self._registry.gates)):
            name, narrow = f"{probe_registry.GATE}{gate}", f"{probe_registry.NARROW}{gate}"
            self._names.append(name)
            self._narrow_names.append(narrow)
            self._passes_left.append(PATIENCE)
            self._signatures_known.append(0)
            self.never_entered.append(True)
            self.saw_tensor.append(False)
            self.holds_number.append(False)
            self.is_pinned.append(False)
            self.has_gaps.append(False)
            self._namespace[name] = True
            if self._registry.gates[gate].narrows:
                self._namespace[narrow] = False
            if self._registry.gates[gate].drives:
                self._namespace[f"{probe_registry.STEADY}{gate}"] = False

    def keep_open(self, gate: int) -> None:
        """Start a gate's patience anew."""
        self._passes_left[gate] = PATIENCE

    def on_new_signature(self) -> None:
        """Reopen all closed gates with full patience: what follows may be new, too."""
        self._new_signatures[0] += 1
        # Another thread may pass a gate many times before the one with the new signature does.
        self._patience[0] = PATIENCE if len(_threads()) < 2 else PATIENCE_AMONG_THREADS
        self._reopen_all(self._patience[0])

    def reopen_briefly(self) -> None:
        """Reopen all closed gates for `BRIEFLY` passes."""
        self._reopen_all(BRIEFLY)

    def reopen(self, gate: int) -> None:
        """Reopen one gate with full patience."""
        self._open(gate, self._names[gate], PATIENCE)

    def open_all(self) -> None:
        """Open every gate as at the start, in a process that the program forked."""
        for gate, name in enumerate(self._names):
            self._open(gate, name, PATIENCE)
        self._closed.clear()

    def close_all(self) -> None:
        """Close every gate while torch.compile traces; `restore_closed` undoes it."""
        self.was_compiled = True
        with self._lock:
            self._open_before = [name for name in self._names if self._namespace[name]]
            for name in self._open_before:
                self._namespace[name] = False

    def restore_closed(self) -> None:
        """Reopen the gates that `close_all` closed."""
        with self._lock:
            for name in self._open_before:
                self._namespace[name] = True
            self._open_before = []

    def show_number(self, gate: int, narrows: bool) -> None:
        """Note that a hint behind the gate shows a value; `narrows`: the narrow form reads it."""
        self.holds_number[gate] = True
        if not narrows:
            self.is_pinned[gate] = True

    def _reopen_all(self, passes: int) -> None:
        closed = self._closed[:]
        del self._closed[: len(closed)]
        for gate in closed:
            self._open(gate, self._names[gate], passes)

    def _open(self, gate: int, name: str, passes: int) -> None:
        self._passes_left[gate] = passes
        self._namespace[name] = True
        if self._registry.gates[gate].narrows:
            self._namespace[self._narrow_names[gate]] = False

    def make_enter(self) -> Callable[[int], bool]:
        """Create the function that instrumented code calls at every pass through an open gate."""
        flags, flag = dynamo.compiler_flags(), dynamo.FLAG
        gates, names, namespace = self._registry.gates, self._names, self._namespace
        narrow_names, holds_number = self._narrow_names, self.holds_number
        is_pinned = self.is_pinned
        passes_left, never_entered, saw_tensor = (
            self._passes_left, self.never_entered, self.saw_tensor,
        )  # fmt: skip
        has_gaps, closed, on_new_signature = self.has_gaps, self._closed, self.on_new_signature
        signatures_known, new_signatures = self._signatures_known, self._new_signatures
        patience = self._patience

        def enter(gate: int) -> bool:
            """Count a pass through an open gate; the last one of its patience closes it.

            Code that runs for the first time may change what all other code sees.
            """
            if flags[flag]:
                return False
            if never_entered[gate]:
                never_entered[gate] = False
                if closed:
                    on_new_signature()
            remaining = passes_left[gate] - 1
            if remaining <= 0:
                registered = gates[gate]
                if signatures_known[gate] != new_signatures[0]:
                    signatures_known[gate] = new_signatures[0]
                    remaining = patience[0]
                elif registered.drives and saw_tensor[registered.owner]:
                    namespace[f"{probe_registry.STEADY}{gate}"] = True
                elif holds_number[gate]:
                    if registered.narrows and self.may_narrow and not is_pinned[gate]:
                        namespace[narrow_names[gate]] = True
                        has_gaps[gate] = True
                        closed.append(gate)
                    else:
                        remaining = PATIENCE
                else:
                    namespace[names[gate]] = False
                    has_gaps[gate] = True
                    closed.append(gate)
            passes_left[gate] = remaining
            return True

        return enter


def _threads() -> Any:
    """The program's threads, read from `threading`'s own table without taking its lock."""
    return getattr(sys.modules.get("threading"), "_active", ())
