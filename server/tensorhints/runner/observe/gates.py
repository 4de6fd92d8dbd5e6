"""When places are watched: closely at first, hardly once they show nothing new, and closely again
when anything that could bring news has happened.

A gate guards the probes of a few statements. An open one closes after a while without news; a clock
opens it again for a moment, and so does news anywhere. Where the statements bind a number whose
value is shown, the gate does not close: it narrows to reading that value.
"""

from __future__ import annotations

import _thread
import sys
from typing import Any, Callable, Dict, List

import torch

from ..instrument import probe_registry
from ..instrument.probe_registry import ProbeRegistry

PATIENCE = 16
"""Passes through a gate without news after which it closes."""

PATIENCE_AMONG_THREADS = 4096

SECOND_LOOK = 2
"""Passes for which a gate that the clock opened stays open."""


class Gates:
    """The gates of one run, as names in `namespace` that the program's code looks up."""

    def __init__(self, registry: ProbeRegistry, namespace: Dict[str, Any]) -> None:
        self._registry = registry
        self.may_narrow = True
        self.was_compiled = False
        self._namespace = namespace
        self._lock = _thread.RLock()
        # One entry a gate.
        self.fresh: List[bool] = []
        """Whether it was never passed."""
        self.has_gaps: List[bool] = []
        """Whether passes went by unwatched."""
        self.saw_tensor: List[bool] = []
        self.holds_number: List[bool] = []
        self.is_pinned: List[bool] = []
        """Whether it holds a number that its narrow form does not read."""
        self._left: List[int] = []
        self._news_known: List[int] = []
        self._names: List[str] = []
        self._narrow_names: List[str] = []
        self._closed: List[int] = []
        self._open_before: List[str] = []
        self._news_count = [0]
        self._passes = [PATIENCE]

    def grow(self) -> None:
        """Takes in the gates that were registered since, open."""
        for gate in range(len(self._left), len(self._registry.gates)):
            name, narrow = f"{probe_registry.GATE}{gate}", f"{probe_registry.NARROW}{gate}"
            self._names.append(name)
            self._narrow_names.append(narrow)
            self._left.append(PATIENCE)
            self._news_known.append(0)
            self.fresh.append(True)
            self.saw_tensor.append(False)
            self.holds_number.append(False)
            self.is_pinned.append(False)
            self.has_gaps.append(False)
            self._namespace[name] = True
            if self._registry.gates[gate].narrows:
                self._namespace[narrow] = False

    def keep_open(self, gate: int) -> None:
        self._left[gate] = PATIENCE

    def on_new_signature(self) -> None:
        """What comes may be news too: closed gates open, and none closes before it was passed
        patiently from now on.
        """
        self._news_count[0] += 1
        # Another thread may pass a gate many times before the one with the news comes to it.
        self._passes[0] = PATIENCE if len(_threads()) < 2 else PATIENCE_AMONG_THREADS
        self._reopen(self._passes[0])

    def second_look(self) -> None:
        self._reopen(SECOND_LOOK)

    def look_again(self, gate: int) -> None:
        self._open(gate, self._names[gate], PATIENCE)

    def open_all(self) -> None:
        """As if nothing had been passed: in a process that goes on by itself."""
        for gate, name in enumerate(self._names):
            self._open(gate, name, PATIENCE)
        self._closed.clear()

    def close_for_a_while(self) -> None:
        self.was_compiled = True
        with self._lock:
            self._open_before = [name for name in self._names if self._namespace[name]]
            for name in self._open_before:
                self._namespace[name] = False

    def open_as_before(self) -> None:
        with self._lock:
            for name in self._open_before:
                self._namespace[name] = True
            self._open_before = []

    def _reopen(self, passes: int) -> None:
        closed = self._closed[:]
        del self._closed[: len(closed)]
        for gate in closed:
            self._open(gate, self._names[gate], passes)

    def _open(self, gate: int, name: str, passes: int) -> None:
        self._left[gate] = passes
        self._namespace[name] = True
        if self._registry.gates[gate].narrows:
            self._namespace[self._narrow_names[gate]] = False

    def hold_number(self, gate: int, narrows: bool) -> None:
        """A value is shown that must be the last one; `narrows`: the narrow form reads it."""
        self.holds_number[gate] = True
        if not narrows:
            self.is_pinned[gate] = True

    def make_enter(self) -> Callable[[int], bool]:
        compiling = torch.compiler.is_compiling
        gates, names, namespace = self._registry.gates, self._names, self._namespace
        narrow_names, holds_number = self._narrow_names, self.holds_number
        is_pinned = self.is_pinned
        left, fresh, saw_tensor = self._left, self.fresh, self.saw_tensor
        has_gaps, closed, on_new_signature = self.has_gaps, self._closed, self.on_new_signature
        news_known, news_count, passes = self._news_known, self._news_count, self._passes

        def enter(gate: int) -> bool:
            """Counts a pass through an open gate; the last of its patience closes it. Code that
            runs for the first time may bring what was never seen to all the rest.
            """
            if compiling():
                return False
            if fresh[gate]:
                fresh[gate] = False
                if closed:
                    on_new_signature()
            remaining = left[gate] - 1
            if remaining <= 0:
                known = gates[gate]
                if news_known[gate] != news_count[0]:
                    news_known[gate] = news_count[0]
                    remaining = passes[0]
                elif known.drives and saw_tensor[known.owner]:
                    remaining = PATIENCE
                elif holds_number[gate]:
                    if known.narrows and self.may_narrow and not is_pinned[gate]:
                        namespace[narrow_names[gate]] = True
                        has_gaps[gate] = True
                        closed.append(gate)
                    else:
                        remaining = PATIENCE
                else:
                    namespace[names[gate]] = False
                    has_gaps[gate] = True
                    closed.append(gate)
            left[gate] = remaining
            return True

        return enter


def _threads() -> Any:
    """The program's threads; `threading` is asked for them in a way that takes no lock."""
    return getattr(sys.modules.get("threading"), "_active", ())
