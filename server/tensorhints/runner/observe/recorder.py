"""What a run's probes have seen: every signature at every place, told when it is new.

`gates` says when places are watched, `probes` is what stands in the program.
"""

from __future__ import annotations

import _thread
import builtins
import dataclasses
import os
import sys
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import torch

from ...model.locations import HintLocation
from ...model.messages import HintLocations, LocationTally, NewSignature, Tally
from ...model.values import Tensor, TensorDetails, Value, holds_tensor
from ..instrument import probe_registry
from ..instrument.probe_registry import ProbeRegistry
from . import describe, dynamo, probes, scalars
from .clock import Clock
from .extremes import Extremes
from .gates import Gates
from .known import UNSEEN, Known, bare, is_plain_tensor, value_of

SIGNATURES_KEPT = 1024
"""Signatures counted at one place. Of those beyond only the smallest and largest sizes are kept."""

TRANSITIONS_KEPT = 8
"""Signatures of a place between which changes are followed: where there are more, every change
would be news."""


class Recorder:
    """The recorder of one run. `send` takes model messages."""

    def __init__(self, run: int, registry: ProbeRegistry, send: Callable[[Any], None]) -> None:
        self._run = run
        self._registry = registry
        self._send = send
        self._namespace = builtins.__dict__
        self._lock = _thread.RLock()
        self._clock = Clock(self._tick)
        self._ticks = 0
        self.at_ticks: Callable[[], None] = lambda: None
        """Called whenever the clock ticks."""
        self._in_child = False
        self.has_forked = False
        self._shared_probes = 0
        self._transitions: Dict[Tuple[int, int, int], int] = {}
        self._extremes: Dict[int, Extremes] = {}
        self.gates = Gates(registry, self._namespace)
        self.changed: Dict[int, None] = {}
        """The sites where something was counted since the last tally."""
        # One entry a site. `last` holds a plain number as it is, of anything else a `Known`.
        self.last: List[Any] = []
        self.counts: List[List[int]] = []
        self.gate_of: List[int] = []
        self._values: List[Optional[Dict[Value, int]]] = []
        self._details: List[Optional[TensorDetails]] = []
        self._install()

    # ---- before, during and after the program ------------------------------------------------

    def grow(self) -> None:
        """Takes in the sites and gates that were registered since, their gates open."""
        self.gates.grow()
        for probe_id in range(len(self.last), len(self._registry.probes)):
            self.gate_of.append(self._registry.probes[probe_id].gate)
            self._values.append(None)
            self.counts.append([])
            self._details.append(None)
            self.last.append(UNSEEN)

    def start(self) -> None:
        self._clock.start()
        os.register_at_fork(
            before=self._clock.stop, after_in_parent=self._fork_done, after_in_child=self._forked
        )

    def stop(self) -> None:
        self._clock.stop()

    def go_on(self) -> None:
        """After `stop`: the clock ticks again."""
        self._clock.start()

    def tell_all_again(self, run: int) -> None:
        """From now on this is the recorder of another run, which begins with all that is known."""
        self._run = run
        registry = self._registry.probes
        known = [
            probe_id
            for probe_id, values in enumerate(self._values)
            if values is not None and registry[probe_id].location is not None
        ]
        # What only a forked process saw is not known here, and may be told again nevertheless.
        told = range(len(registry)) if self.has_forked else known
        locations = tuple(
            location
            for location in (registry[probe_id].location for probe_id in told)
            if location is not None
        )
        if locations:
            self._send(HintLocations(run, locations))
        for probe_id in known:
            details = self._details_of(probe_id)
            for count, value in enumerate(self._values[probe_id] or (), start=1):
                self._send(NewSignature(run, probe_id, value, count, details))
            self.changed[probe_id] = None
        self.tally()

    def value_of(self, probe_id: int) -> Tuple[Optional[Value], bool]:
        """What a site saw last, and whether its gate was open all the time."""
        return value_of(self.last[probe_id]), not self.gates.has_gaps[self.gate_of[probe_id]]

    def expect_new_signatures(self) -> None:
        """From now on every value may be news, though nothing has been seen of it yet."""
        with self._lock:
            self.gates.on_new_signature()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Takes our names out of `builtins` for a while: Python looks there for what a misspelt
        name may have meant, and gives up where it finds too many.
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
        """Sends the counts of all places where something was counted since the last time."""
        if self._in_child:
            return
        with self._lock:
            for probe_id, extremes in self._extremes.items():
                for value in extremes.taken():
                    self._add(probe_id, value, self._details[probe_id])
            tallies = []
            for probe_id in list(self.changed):
                # Before its counts are read: what comes in between is counted the next time.
                del self.changed[probe_id]
                tally = self._tally_of(probe_id)
                if tally is not None:
                    tallies.append(tally)
        for start in range(0, len(tallies), 200):
            self._send(Tally(self._run, tuple(tallies[start : start + 200])))

    def _tally_of(self, probe_id: int) -> Optional[LocationTally]:
        values = self._values[probe_id]
        if values is None or self._registry.probes[probe_id].location is None:
            return None
        known = self.last[probe_id]
        index = known.index if type(known) is Known and known.index >= 0 else len(values) - 1
        gaps = self.gates.has_gaps[self.gate_of[probe_id]] or len(values) >= SIGNATURES_KEPT
        return LocationTally(
            probe_id, tuple(self.counts[probe_id]), index, gaps, self._details_of(probe_id)
        )

    def _fork_done(self) -> None:
        self.has_forked = True
        self._clock.start()

    def _forked(self) -> None:
        """In a process that the program forked, say a DataLoader's worker: watched like the program
        as far as its places were known before the fork, but without a clock and without counts.
        """
        self._in_child = True
        self._lock = _thread.RLock()
        self._shared_probes = len(self.last)
        self.changed.clear()
        self.gates.open_all()

    def _tick(self) -> None:
        self._ticks += 1
        self.gates.second_look()
        self.at_ticks()
        if self._ticks % 2 == 0 and self.changed:
            self.tally()

    def _install(self) -> None:
        placed = probes.make(self)
        self._namespace.update(placed)
        inner = (
            self.news, self.again, self._count, self.copy, self.tally, self._tick,
            self.gates.on_new_signature, self.gates.second_look, self.gates.look_again,
        )  # fmt: skip
        self._hidden = (*placed.values(), *inner)
        if dynamo.NAME in sys.modules:
            self.compiler_came()

    def compiler_came(self) -> None:
        """torch._dynamo has been imported."""
        self.gates.may_narrow = dynamo.stand_aside(
            self.gates.close_for_a_while, self.gates.open_as_before, self._hidden
        )

    # ---- what the probes tell ----------------------------------------------------------------

    def news(self, probe_id: int, value: Any, wanted: int, kind: type, gate: int) -> None:
        """Another signature than the one seen last here."""
        described = describe.describe(value)
        location = self._registry.probes[probe_id].location
        interesting = holds_tensor(described)
        with self._lock:
            before = self.last[probe_id]
            known = self.last[probe_id] = Known(described)
            if self._values[probe_id] is None:
                if not interesting:
                    return
                self._values[probe_id] = {}
                self.gates.saw_tensor[gate] = True
                if location is not None:
                    self._introduce(location)
                    if before is not UNSEEN:
                        self._count(probe_id, gate, bare(value_of(before)), None)
            if self._registry.probes[probe_id].detailed:
                self._details[probe_id] = describe.details(value)
            if not interesting:
                described = bare(described)
            known.index = self._count(probe_id, gate, described, self._details[probe_id])
            if type(before) is Known:
                self._follow(probe_id, before.index, known.index)
            if wanted == describe.TENSOR and is_plain_tensor(kind):
                known.remember(value, kind)
                if location is not None and describe.is_scalar(value):
                    known.show_value(value)
                    narrows = self._registry.probes[probe_id].narrows and known.words is not None
                    self.gates.hold_number(gate, narrows)

    def again(self, probe_id: int, value: Any, kind: type) -> bool:
        """Counts one more of what was seen last; false where this is something else. For values
        that a torch function mode, such as a default device, would see the probe look at.
        """
        known = self.last[probe_id]
        if type(known) is not Known or known.kind is not kind or known.index < 0:
            return False
        with torch._C.DisableTorchFunction():
            shape, dtype, device, requires_grad = (of(value) for of in describe.PLAIN_SIGNATURE)
            if (
                shape != known.shape
                or dtype is not known.dtype
                or device != known.device
                or requires_grad is not known.requires_grad
            ):
                return False
            if known.size:
                known.bits = scalars.bits_of(value, known.words, known.size)
        self.counts[probe_id][known.index] += 1
        self.changed[probe_id] = None
        return True

    def copy(self, seen: int, probe_id: int, value: Value) -> None:
        """Counts at `probe_id` what `seen`, a site of the same statement, has just described."""
        with self._lock:
            location = self._registry.probes[probe_id].location
            if self._values[probe_id] is None:
                if not holds_tensor(value) or location is None:
                    return
                self._values[probe_id] = {}
                self._introduce(location)
            known = self.last[probe_id] = Known(value)
            self._details[probe_id] = self._details_of(seen)
            known.index = self._count(probe_id, self.gate_of[probe_id], value, self._details[seen])

    def _details_of(self, probe_id: int) -> Optional[TensorDetails]:
        """The details of what a site saw last: a label that shows a value shows the last one."""
        known, details = self.last[probe_id], self._details[probe_id]
        if details is None or type(known) is not Known or not known.size:
            return details
        return dataclasses.replace(details, scalar=known.number())

    def _follow(self, probe_id: int, before: int, now: int) -> None:
        """A change between two known signatures is news as well: together with others it may lead
        to a result that was never seen.
        """
        if before != now and 0 <= before < TRANSITIONS_KEPT and 0 <= now < TRANSITIONS_KEPT:
            transition = (probe_id, before, now)
            times = self._transitions[transition] = self._transitions.get(transition, 0) + 1
            # Again at the 2nd, 4th, 8th time: another caller may meet it for the first time, yet
            # what changes at every step must not keep all gates open.
            if times & (times - 1) == 0:
                self.gates.on_new_signature()

    def _introduce(self, location: HintLocation) -> None:
        if not self._is_unknown(location.id):
            self._send(HintLocations(self._run, (location,)))

    def _is_unknown(self, probe_id: int) -> bool:
        """Whether a site's number means another place to the server: forked processes go on
        numbering each for itself.
        """
        return self._in_child and probe_id >= self._shared_probes

    def _count(
        self, probe_id: int, gate: int, value: Value, details: Optional[TensorDetails]
    ) -> int:
        """Counts one sighting; tells the server where it is the first of its kind. Returns the
        value's index at its place, -1 where the place has shown too many.
        """
        values, counts = self._values[probe_id], self.counts[probe_id]
        assert values is not None
        self.changed[probe_id] = None
        index = values.get(value, -1)
        if index >= 0:
            counts[index] += 1
        elif len(values) < SIGNATURES_KEPT:
            index = self._add(probe_id, value, details)
            self.gates.keep_open(gate)
            self.gates.on_new_signature()
        elif isinstance(value, Tensor) and value.shape is not None:
            self._extremes.setdefault(probe_id, Extremes(values)).see(value)
        return index

    def _add(self, probe_id: int, value: Value, details: Optional[TensorDetails]) -> int:
        values, counts = self._values[probe_id], self.counts[probe_id]
        assert values is not None
        index = values[value] = len(values)
        counts.append(1)
        if self._registry.probes[probe_id].location is not None and not self._is_unknown(probe_id):
            self._send(
                NewSignature(self._run, probe_id, value, sum(counts), details, self._in_child)
            )
        return index
