"""What a probe does when it is hit: look at the value, tell the server if it is news, hand it on.

A probe never raises, keeps no tensor and no class of the program alive, draws no random number and
waits for no device. Every place is watched closely at first; after a while without news its gate is
closed, and opened again for a moment by a clock, or at once when news turns up anywhere that drives
the program's sizes.
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

from ..model.messages import PlaceTally, Seen, Sites, Tally
from ..model.places import Place
from ..model.values import Details, Other, Value, holds_tensor
from . import describe, dynamo, sites
from .clock import Clock
from .sites import Registry
from .static import MISSING, static_attribute, static_item

PATIENCE = 16
"""Hits without news after which a gate closes, on top of two passes over all of its probes."""

SECOND_LOOK = 2
"""Hits for which a gate that the clock opened stays open."""

SIGNATURES_KEPT = 64
"""Signatures kept at one place; a place that shows more is only counted further."""

COMPOUND = describe.COMPOUND
TENSOR = describe.TENSOR


class Recorder:
    """The recorder of one run. `send` takes model messages."""

    def __init__(self, run: int, registry: Registry, send: Callable[[Any], None]) -> None:
        self._run = run
        self._registry = registry
        self._send = send
        self._namespace = builtins.__dict__
        self._lock = _thread.RLock()
        self._clock = Clock(self._tick)
        self._ticks = 0
        self._in_child = False
        self._shared_sites = 0
        self._changed: Dict[int, None] = {}
        # One entry a site. `_last` holds a plain number as it is, of anything else a `_Known`.
        self._last: List[Any] = []
        self._values: List[Optional[Dict[Value, int]]] = []
        self._counts: List[List[int]] = []
        self._details: List[Optional[Details]] = []
        self._gate_of: List[int] = []
        # One entry a gate.
        self._left: List[int] = []
        self._patience: List[int] = []
        self._seen_tensor: List[bool] = []
        self._gaps: List[bool] = []
        self._closed: List[int] = []
        self._gate_names: List[str] = []
        self._open: List[str] = []
        self._install()

    # ---- before, during and after the program ------------------------------------------------

    def grow(self) -> None:
        """Takes in the sites and gates that were registered since, their gates open."""
        for gate in range(len(self._left), len(self._registry.gates)):
            name = f"{sites.GATE}{gate}"
            self._gate_names.append(name)
            self._patience.append(PATIENCE)
            self._left.append(PATIENCE)
            self._seen_tensor.append(False)
            self._gaps.append(False)
            self._namespace[name] = True
        for site in range(len(self._last), len(self._registry.sites)):
            gate = self._registry.sites[site].gate
            self._gate_of.append(gate)
            self._patience[gate] += 2
            self._left[gate] = self._patience[gate]
            self._values.append(None)
            self._counts.append([])
            self._details.append(None)
            self._last.append(_UNSEEN)

    def start(self) -> None:
        self._clock.start()
        os.register_at_fork(
            before=self._clock.stop, after_in_parent=self._clock.start, after_in_child=self._forked
        )

    def stop(self) -> None:
        self._clock.stop()

    def value_of(self, site: int) -> Tuple[Optional[Value], bool]:
        """What a site saw last, and whether its gate was open all the time."""
        known = self._last[site]
        exact = not self._gaps[self._gate_of[site]]
        if type(known) is _Known:
            return known.value, exact
        return describe.describe(known), exact

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Takes our names out of `builtins` for a while: Python looks there for what a misspelt
        name may have meant, and gives up where it finds too many.
        """
        held = {
            name: self._namespace.pop(name)
            for name in list(self._namespace)
            if name.startswith(sites.PREFIX)
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
            changed, self._changed = self._changed, {}
            tallies = []
            for site in changed:
                values = self._values[site]
                if values is None or self._registry.sites[site].place is None:
                    continue
                known = self._last[site]
                index = (
                    known.index if type(known) is _Known and known.index >= 0 else len(values) - 1
                )
                gaps = self._gaps[self._gate_of[site]] or len(values) == SIGNATURES_KEPT
                counts = tuple(self._counts[site])
                tallies.append(PlaceTally(site, counts, index, gaps, self._details[site]))
        for start in range(0, len(tallies), 200):
            self._send(Tally(self._run, tuple(tallies[start : start + 200])))

    def _forked(self) -> None:
        """In a process that the program forked, say a DataLoader's worker: watched like the program
        as far as its places were known before the fork, but without a clock and without counts.
        """
        self._in_child = True
        self._lock = _thread.RLock()
        self._shared_sites = len(self._last)
        self._changed.clear()
        for gate, name in enumerate(self._gate_names):
            self._left[gate] = self._patience[gate]
            self._namespace[name] = True

    # ---- the clock ---------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ticks += 1
        self._reopen()
        if self._ticks % 2 == 0 and self._changed:
            self.tally()

    def _reopen(self) -> None:
        closed = self._closed[:]
        del self._closed[: len(closed)]
        for gate in closed:
            self._left[gate] = SECOND_LOOK
            self._namespace[self._gate_names[gate]] = True

    # ---- the probes --------------------------------------------------------------------------

    def _install(self) -> None:
        probe = self._make_probe()
        probes = {
            sites.PROBE: probe,
            sites.PROBE_ITEM: _make_item_probe(probe),
            sites.PROBE_PARTS: _make_parts_probe(probe),
            sites.PROBE_STORE: self._make_store_probe(),
            sites.PROBE_FIELD: _make_field_probe(probe),
        }
        self._namespace.update(probes)
        inner = (
            self._news,
            self._count,
            self._refresh_scalar,
            self._mark,
            self._copy,
            self.tally,
            self._tick,
        )
        dynamo.stand_aside(self._close_all, self._open_all, (*probes.values(), *inner))

    def _close_all(self) -> None:
        with self._lock:
            self._open = [name for name in self._gate_names if self._namespace[name]]
            for name in self._open:
                self._namespace[name] = False

    def _open_all(self) -> None:
        with self._lock:
            for name in self._open:
                self._namespace[name] = True
            self._open = []

    def _make_probe(self) -> Callable[[int, Any], Any]:
        compiling = torch.compiler.is_compiling
        tracing = torch._C._get_tracing_state
        modes = torch._C._is_torch_function_mode_enabled
        gates = self._registry.gates
        interest = describe.interest
        shared = describe.is_shared_class
        interests: Dict[type, int] = {}
        last, gate_of, counts, changed = self._last, self._gate_of, self._counts, self._mark
        patience, left, seen_tensor, gaps = (
            self._patience,
            self._left,
            self._seen_tensor,
            self._gaps,
        )
        closed, gate_names, namespace = self._closed, self._gate_names, self._namespace
        news, refresh = self._news, self._refresh_scalar

        def probe(site: int, value: Any) -> Any:
            if compiling():
                return value
            try:
                kind = type(value)
                wanted = interests.get(kind)
                if wanted is None:
                    wanted = interest(kind)
                    if shared(kind):
                        interests[kind] = wanted
                gate = gate_of[site]
                known = last[site]
                stay = False
                if wanted:
                    if tracing() is not None:
                        return value
                    if (
                        type(known) is _Known
                        and known.kind is kind
                        and not modes()
                        and value.shape == known.shape
                        and value.dtype is known.dtype
                        and value.device == known.device
                        and value.requires_grad is known.requires_grad
                    ):
                        if known.index >= 0:
                            counts[site][known.index] += 1
                            changed(site)
                        if known.is_scalar:
                            refresh(site, value)
                            stay = True
                    else:
                        stay = news(site, value, wanted, kind, gate)
                elif type(known) is _Known and known.index >= 0:
                    news(site, value, wanted, kind, gate)
                elif kind in _NUMBERS:
                    last[site] = value
                elif known is _UNSEEN or type(known) is not _Known:
                    last[site] = _Known(describe.describe(value))
                remaining = patience[gate] if stay else left[gate] - 1
                if remaining <= 0:
                    if gates[gate].drives and seen_tensor[gate]:
                        remaining = patience[gate]
                    else:
                        namespace[gate_names[gate]] = False
                        gaps[gate] = True
                        closed.append(gate)
                left[gate] = remaining
            except Exception as error:
                if _is_the_programs(error):
                    raise
            return value

        return probe

    def _mark(self, site: int) -> None:
        self._changed[site] = None

    def _refresh_scalar(self, site: int, value: Any) -> None:
        """A label that shows a value has to show the last one."""
        details = self._details[site]
        if details is not None:
            text = describe.scalar(value)
            if details.scalar != text:
                self._details[site] = dataclasses.replace(details, scalar=text)

    def _news(self, site: int, value: Any, wanted: int, kind: type, gate: int) -> bool:
        """Another signature than the one seen last here. True where the place has to stay watched
        because its label shows a value.
        """
        described = describe.describe(value)
        place = self._registry.sites[site].place
        interesting = holds_tensor(described)
        with self._lock:
            before = self._last[site]
            known = self._last[site] = _Known(described)
            if self._values[site] is None:
                if not interesting:
                    return False
                self._values[site] = {}
                self._seen_tensor[gate] = True
                if place is not None:
                    self._introduce(place)
                    if before is not _UNSEEN:
                        self._count(site, gate, _bare(_value_of(before)), None)
            if self._registry.sites[site].detailed:
                self._details[site] = describe.details(value)
            known.index = self._count(
                site, gate, described if interesting else _bare(described), self._details[site]
            )
            if wanted == TENSOR and kind in _PLAIN_TENSORS:
                known.remember(value, kind)
                known.is_scalar = place is not None and describe.is_scalar(value)
            return known.is_scalar

    def _introduce(self, place: Place) -> None:
        if not self._is_unknown(place.id):
            self._send(Sites(self._run, (place,)))

    def _is_unknown(self, site: int) -> bool:
        """Whether a site's number means another place to the server: forked processes go on
        numbering each for itself.
        """
        return self._in_child and site >= self._shared_sites

    def _count(self, site: int, gate: int, value: Value, details: Optional[Details]) -> int:
        """Counts one sighting; tells the server where it is the first of its kind. Returns the
        value's index at its place, -1 where the place has shown too many.
        """
        values, counts = self._values[site], self._counts[site]
        assert values is not None
        self._changed[site] = None
        index = values.get(value, -1)
        if index >= 0:
            counts[index] += 1
        elif len(values) < SIGNATURES_KEPT:
            index = values[value] = len(values)
            counts.append(1)
            self._left[gate] = self._patience[gate]
            if self._registry.sites[site].place is not None and not self._is_unknown(site):
                self._send(Seen(self._run, site, value, sum(counts), details, self._in_child))
            if index:
                self._reopen()
        return index

    def _make_store_probe(self) -> Callable[[int, int, Any], Any]:
        def store(site: int, seen: int, base: Any) -> Any:
            """For `base[index] = value`. A name is bound where the base is a container; an element
            written into a tensor or array binds none.
            """
            try:
                known = self._last[seen]
                if type(known) is not _Known or known.value is None:
                    return base
                if torch.compiler.is_compiling():
                    return base
                if describe.interest(type(base)) != TENSOR and not _is_array(base):
                    self._copy(seen, site, known.value)
            except Exception:
                pass
            return base

        return store

    def _copy(self, seen: int, site: int, value: Value) -> None:
        """Counts at `site` what `seen`, a site of the same statement, has just described."""
        with self._lock:
            place = self._registry.sites[site].place
            if self._values[site] is None:
                if not holds_tensor(value) or place is None:
                    return
                self._values[site] = {}
                self._introduce(place)
            known = self._last[site] = _Known(value)
            self._details[site] = self._details[seen]
            known.index = self._count(site, self._gate_of[site], value, self._details[seen])


_OWN_FILES = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _is_the_programs(error: BaseException) -> bool:
    """Whether an exception inside a probe was raised by the program: by a signal handler of its
    own, say for a time limit, that Python happened to call just then.
    """
    step = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if not name.startswith(_OWN_FILES) and not name.startswith("<") and name != torch.__file__:
            return f"{os.sep}torch{os.sep}" not in name
        step = step.tb_next
    return False


class _Known:
    """What a site saw last. The fields before `value` are set for plain tensors only, to compare
    the next one with.
    """

    __slots__ = ("device", "dtype", "index", "is_scalar", "kind", "requires_grad", "shape", "value")

    def __init__(self, value: Optional[Value]) -> None:
        self.kind: Optional[type] = None
        self.shape: Any = None
        self.dtype: Any = None
        self.device: Any = None
        self.requires_grad = False
        self.is_scalar = False
        self.index = -1
        self.value = value

    def remember(self, tensor: Any, kind: type) -> None:
        with torch._C.DisableTorchFunction():
            if tensor.is_nested or any(type(size) is not int for size in tensor.shape):
                return
            self.shape, self.dtype = tuple(tensor.shape), tensor.dtype
            self.device, self.requires_grad = tensor.device, tensor.requires_grad
            self.kind = kind


_UNSEEN = _Known(None)
_NUMBERS = frozenset((int, float, bool, type(None)))
_PLAIN_TENSORS = (torch.Tensor, torch.nn.Parameter)


def _value_of(known: Any) -> Optional[Value]:
    return known.value if type(known) is _Known else describe.describe(known)


def _bare(value: Optional[Value]) -> Value:
    """Of what is no tensor only the class counts at a place."""
    return Other(value.type_name) if isinstance(value, Other) else value or Other("object")


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, getattr(numpy, "ndarray", ()))


def _make_item_probe(probe: Callable[[int, Any], Any]) -> Callable[[int, Any], bool]:
    def item(site: int, value: Any) -> bool:
        probe(site, value)
        return True

    return item


def _make_parts_probe(probe: Callable[[int, Any], Any]) -> Callable[[Any, Any], Any]:
    def parts(table: Tuple[Tuple[int, Tuple[int, ...]], ...], value: Any) -> Any:
        """Looks at the parts of a tuple or list that is about to be unpacked, where looking is all
        that it takes.
        """
        for site, path in table:
            part = value
            for index in path:
                if type(part) not in (tuple, list) or not -len(part) <= index < len(part):
                    break
                part = part[index]
            else:
                probe(site, part)
        return value

    return parts


def _make_field_probe(probe: Callable[[int, Any], Any]) -> Callable[[int, Any, Any], None]:
    def look(site: int, base: Any, key: Any) -> None:
        """After `base.name += …` (key: the name) or `base[key] += …` (key in a tuple)."""
        try:
            found = static_item(base, key[0]) if type(key) is tuple else static_attribute(base, key)
        except Exception:
            return
        if found is not MISSING:
            probe(site, found)

    return look
