"""The signatures that a run's probes have seen: each is sent when it is new, and counted."""

from __future__ import annotations

import _thread
import dataclasses
from typing import Any, Callable, Dict, List, Optional, Tuple

import torch

from ...model.locations import HintLocation
from ...model.messages import HintLocations, LocationTally, NewSignature, Tally
from ...model.values import Tensor, TensorDetails, Value, holds_tensor
from ..instrument.probe_registry import ProbeRegistry
from . import describe, scalars
from .extremes import Extremes
from .gates import Gates
from .probe_state import UNSEEN, LastSeen, ProbeState, is_plain_tensor, value_of, without_value

SIGNATURES_KEPT = 1024
"""Signatures counted per probe. Of those beyond, only the smallest and largest sizes are kept."""

TRANSITIONS_KEPT = 8
"""Changes are followed between this many signatures of a probe: with more, every change would
count as new."""


TALLIES_PER_MESSAGE = 200


class Signatures:
    """Counts signatures per probe and sends new ones with `send`."""

    def __init__(
        self,
        run: int,
        registry: ProbeRegistry,
        state: ProbeState,
        gates: Gates,
        send: Callable[[Any], None],
    ) -> None:
        self._run = run
        self._registry = registry
        self._state = state
        self._gates = gates
        self._send = send
        self._last, self._counts, self._changed = state.last, state.counts, state.changed
        self._signatures, self._details = state.signatures, state.details
        self._lock = _thread.RLock()
        self._sending = _thread.RLock()
        self._extremes: Dict[int, Extremes] = {}
        self._transitions: Dict[Tuple[int, int, int], int] = {}
        self._in_child = False
        self._shared_probes = 0

    # ---- called by probes --------------------------------------------------------------------

    def record(self, probe_id: int, value: Any, interest: int, kind: type, gate: int) -> None:
        """Take in a value whose signature differs from the one that the probe saw last."""
        described = describe.describe(value)
        probe = self._registry.probes[probe_id]
        location = probe.location
        holds = holds_tensor(described)
        with self._lock:
            before = self._last[probe_id]
            last = self._last[probe_id] = LastSeen(described)
            if self._signatures[probe_id] is None:
                if not holds:
                    return
                self._signatures[probe_id] = {}
                self._gates.saw_tensor[gate] = True
                if location is not None:
                    self._introduce(location)
                    if before is not UNSEEN:
                        self._count(probe_id, gate, without_value(value_of(before)), None)
            if location is not None:
                self._details[probe_id] = describe.details(value)
            signature = without_value(described)
            last.index = self._count(probe_id, gate, signature, self._details[probe_id])
            if type(before) is LastSeen:
                self._follow(probe_id, before.index, last.index)
            if interest == describe.TENSOR and is_plain_tensor(kind):
                last.remember(value, kind)
                if location is not None and describe.is_scalar(value):
                    last.show_value(value)
                    narrows = probe.narrows and last.words is not None
                    self._gates.show_number(gate, narrows)

    def count_again(self, probe_id: int, value: Any, kind: type) -> bool:
        """Count one more of what was seen last; return false if `value` is something else.

        For values that a torch function mode, such as a default device, would see the probe read.
        """
        last = self._last[probe_id]
        if type(last) is not LastSeen or last.kind is not kind or last.index < 0:
            return False
        with torch._C.DisableTorchFunction():
            shape, dtype, device, requires_grad = (of(value) for of in describe.PLAIN_SIGNATURE)
            if (
                shape != last.shape
                or dtype is not last.dtype
                or device != last.device
                or requires_grad is not last.requires_grad
            ):
                return False
            if last.size:
                last.bits = scalars.bits_of(value, last.words, last.size)
        self._counts[probe_id][last.index] += 1
        self._changed[probe_id] = None
        return True

    def count_part(self, probe_id: int, value: Optional[Value]) -> None:
        """Count the signature of a part of a tensor, of which there is no object."""
        location = self._registry.probes[probe_id].location
        if value is None or location is None:
            return
        with self._lock:
            last, gate = self._last[probe_id], self._state.gate_of[probe_id]
            if self._signatures[probe_id] is None:
                self._signatures[probe_id] = {}
                self._gates.saw_tensor[gate] = True
                self._introduce(location)
            if type(last) is not LastSeen or last.value != value:
                last = self._last[probe_id] = LastSeen(value)
                self._details[probe_id] = None
            last.index = self._count(probe_id, gate, value, None)

    # ---- called by the recorder --------------------------------------------------------------

    def expect_new(self) -> None:
        """Reopen the gates, as after a new signature: every value may be new from now on."""
        with self._lock:
            self._gates.on_new_signature()

    def send_tallies(self) -> None:
        """Send the counts of all locations where something was counted since the last call."""
        # One thread at a time: what the clock's thread took before must not be sent after what
        # the program's thread takes at the end.
        with self._sending:
            tallies = self._take_tallies()
            for start in range(0, len(tallies), TALLIES_PER_MESSAGE):
                part = tuple(tallies[start : start + TALLIES_PER_MESSAGE])
                self._send(Tally(self._run, part))

    def resend(self, run: int, everywhere: bool) -> None:
        """Send all locations and signatures for another run, which begins with them.

        `everywhere`: also send locations where only a forked process may have seen something.
        """
        self._run = run
        probes = self._registry.probes
        seen = [
            probe_id
            for probe_id, signatures in enumerate(self._signatures)
            if signatures is not None and probes[probe_id].location is not None
        ]
        sent = range(len(probes)) if everywhere else seen
        locations = tuple(
            location
            for location in (probes[probe_id].location for probe_id in sent)
            if location is not None
        )
        if locations:
            self._send(HintLocations(run, locations))
        for probe_id in seen:
            details = self._details_of(probe_id)
            for count, value in enumerate(self._signatures[probe_id] or (), start=1):
                self._send(NewSignature(run, probe_id, value, count, details))
            self._changed[probe_id] = None

    def after_fork_in_child(self) -> None:
        """Adapt to a process that the program forked: it sends signatures, but no counts."""
        self._in_child = True
        self._lock = _thread.RLock()
        self._sending = _thread.RLock()
        self._shared_probes = len(self._last)
        self._changed.clear()

    # ---- counting ----------------------------------------------------------------------------

    def _take_tallies(self) -> List[LocationTally]:
        with self._lock:
            for probe_id, extremes in self._extremes.items():
                for value in extremes.taken():
                    self._add(probe_id, value, self._details[probe_id])
            tallies = []
            for probe_id in list(self._changed):
                # Before its counts are read: what comes in between is counted the next time.
                del self._changed[probe_id]
                tally = self._tally_of(probe_id)
                if tally is not None:
                    tallies.append(tally)
        return tallies

    def _tally_of(self, probe_id: int) -> Optional[LocationTally]:
        signatures = self._signatures[probe_id]
        if signatures is None or self._registry.probes[probe_id].location is None:
            return None
        last, counts = self._last[probe_id], tuple(self._counts[probe_id])
        is_counted = type(last) is LastSeen and last.index >= 0
        index = last.index if is_counted else len(signatures) - 1
        has_gaps = self._gates.has_gaps[self._state.gate_of[probe_id]]
        has_gaps = has_gaps or len(signatures) >= SIGNATURES_KEPT
        return LocationTally(probe_id, counts, index, has_gaps, self._details_of(probe_id))

    def _details_of(self, probe_id: int) -> Optional[TensorDetails]:
        """The details of what a probe saw last, the number that its hint shows included."""
        last, details = self._last[probe_id], self._details[probe_id]
        if details is None or type(last) is not LastSeen or not last.size:
            return details
        return dataclasses.replace(details, scalar=last.number())

    def _follow(self, probe_id: int, before: int, now: int) -> None:
        """Treat a change between known signatures as new, if it is rare.

        Together with other changes it may lead to a result that was never seen.
        """
        if before != now and 0 <= before < TRANSITIONS_KEPT and 0 <= now < TRANSITIONS_KEPT:
            transition = (probe_id, before, now)
            times = self._transitions[transition] = self._transitions.get(transition, 0) + 1
            # Again at the 2nd, 4th, 8th time: another caller may meet it for the first time, yet
            # what changes at every step must not keep all gates open.
            if times & (times - 1) == 0:
                self._gates.on_new_signature()

    def _introduce(self, location: HintLocation) -> None:
        if not self._is_ambiguous(location.id):
            self._send(HintLocations(self._run, (location,)))

    def _is_ambiguous(self, probe_id: int) -> bool:
        """Whether the server knows another location by this id: each fork numbers new ones."""
        return self._in_child and probe_id >= self._shared_probes

    def _count(
        self, probe_id: int, gate: int, value: Value, details: Optional[TensorDetails]
    ) -> int:
        """Count one signature, sending it if it is new.

        Return its index among the probe's signatures, -1 if the probe has shown too many.
        """
        signatures, counts = self._signatures[probe_id], self._counts[probe_id]
        assert signatures is not None
        self._changed[probe_id] = None
        index = signatures.get(value, -1)
        if index >= 0:
            counts[index] += 1
        elif len(signatures) < SIGNATURES_KEPT:
            index = self._add(probe_id, value, details)
            self._gates.keep_open(gate)
            self._gates.on_new_signature()
        elif isinstance(value, Tensor) and value.shape is not None:
            self._extremes.setdefault(probe_id, Extremes(signatures)).see(value)
        return index

    def _add(self, probe_id: int, value: Value, details: Optional[TensorDetails]) -> int:
        signatures, counts = self._signatures[probe_id], self._counts[probe_id]
        assert signatures is not None
        index = signatures[value] = len(signatures)
        counts.append(1)
        location = self._registry.probes[probe_id].location
        if location is not None and not self._is_ambiguous(probe_id):
            total = sum(counts)
            self._send(NewSignature(self._run, probe_id, value, total, details, self._in_child))
        return index
