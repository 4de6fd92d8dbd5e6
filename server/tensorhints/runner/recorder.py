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
from ..model.values import Details, Other, Tensor, Value, holds_tensor
from . import describe, dynamo, sites
from .clock import Clock
from .extremes import Extremes
from .sites import Registry
from .static import MISSING, static_attribute, static_item

PATIENCE = 16
"""Passes through a gate without news after which it closes."""

PATIENCE_AMONG_THREADS = 4096

SECOND_LOOK = 2
"""Passes for which a gate that the clock opened stays open."""

SIGNATURES_KEPT = 1024
"""Signatures counted at one place. Of those beyond only the smallest and largest sizes are kept."""

TRANSITIONS_KEPT = 8
"""Signatures of a place between which changes are followed: where there are more, every change
would be news."""

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
        self._transitions: Dict[Tuple[int, int, int], int] = {}
        self._extremes: Dict[int, Extremes] = {}
        # One entry a site. `_last` holds a plain number as it is, of anything else a `_Known`.
        self._last: List[Any] = []
        self._values: List[Optional[Dict[Value, int]]] = []
        self._counts: List[List[int]] = []
        self._details: List[Optional[Details]] = []
        self._gate_of: List[int] = []
        # One entry a gate.
        self._left: List[int] = []
        self._news_known: List[int] = []
        self._fresh: List[bool] = []
        self._seen_tensor: List[bool] = []
        self._gaps: List[bool] = []
        self._closed: List[int] = []
        self._news_count = [0]
        self._passes = [PATIENCE]
        self._gate_names: List[str] = []
        self._open: List[str] = []
        self._install()

    # ---- before, during and after the program ------------------------------------------------

    def grow(self) -> None:
        """Takes in the sites and gates that were registered since, their gates open."""
        for gate in range(len(self._left), len(self._registry.gates)):
            name = f"{sites.GATE}{gate}"
            self._gate_names.append(name)
            self._left.append(PATIENCE)
            self._news_known.append(0)
            self._fresh.append(True)
            self._seen_tensor.append(False)
            self._gaps.append(False)
            self._namespace[name] = True
        for site in range(len(self._last), len(self._registry.sites)):
            self._gate_of.append(self._registry.sites[site].gate)
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

    def go_on(self) -> None:
        """After `stop`: the clock ticks again."""
        self._clock.start()

    def tell_all_again(self, run: int) -> None:
        """From now on this is the recorder of another run, which begins with all that is known."""
        self._run = run
        known = [site for site, values in enumerate(self._values) if values is not None]
        places = [self._registry.sites[site].place for site in known]
        told = tuple(place for place in places if place is not None)
        if told:
            self._send(Sites(run, told))
        for site in known:
            if self._registry.sites[site].place is None:
                continue
            details = self._details_of(site)
            for count, value in enumerate(self._values[site] or (), start=1):
                self._send(Seen(run, site, value, count, details))
            self._changed[site] = None
        self.tally()

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
            for site, extremes in self._extremes.items():
                for value in extremes.taken():
                    self._add(site, value, self._details[site])
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
                gaps = self._gaps[self._gate_of[site]] or len(values) >= SIGNATURES_KEPT
                counts = tuple(self._counts[site])
                tallies.append(PlaceTally(site, counts, index, gaps, self._details_of(site)))
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
            self._left[gate] = PATIENCE
            self._namespace[name] = True

    # ---- the clock ---------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ticks += 1
        self._reopen(SECOND_LOOK)
        if self._ticks % 2 == 0 and self._changed:
            self.tally()

    def _on_news(self) -> None:
        """What comes may be news too: closed gates open, and none closes before it was passed
        patiently from now on.
        """
        self._news_count[0] += 1
        # Another thread may pass a gate many times before the one with the news comes to it.
        self._passes[0] = PATIENCE if len(_threads()) < 2 else PATIENCE_AMONG_THREADS
        self._reopen(self._passes[0])

    def _reopen(self, passes: int) -> None:
        closed = self._closed[:]
        del self._closed[: len(closed)]
        for gate in closed:
            self._left[gate] = passes
            self._namespace[self._gate_names[gate]] = True

    # ---- the probes --------------------------------------------------------------------------

    def _install(self) -> None:
        probe = self._make_probe()
        probes = {
            sites.ENTER: self._make_enter(),
            sites.PROBE: probe,
            sites.PROBE_ITEM: _make_item_probe(probe),
            sites.PROBE_LOCAL: _make_local_probe(probe),
            sites.PROBE_PARTS: _make_parts_probe(probe),
            sites.PROBE_STORE: self._make_store_probe(),
            sites.PROBE_FIELD: _make_field_probe(probe),
        }
        self._namespace.update(probes)
        inner = (
            self._news, self._count, self._mark, self._copy, self.tally,
            self._tick, self._reopen, self._on_news,
        )  # fmt: skip
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

    def _make_enter(self) -> Callable[[int], bool]:
        compiling = torch.compiler.is_compiling
        gates, gate_names, namespace = self._registry.gates, self._gate_names, self._namespace
        left, fresh, seen_tensor = self._left, self._fresh, self._seen_tensor
        gaps, closed, on_news = self._gaps, self._closed, self._on_news
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
                    on_news()
            remaining = left[gate] - 1
            if remaining <= 0:
                if news_known[gate] != news_count[0]:
                    news_known[gate] = news_count[0]
                    remaining = passes[0]
                elif gates[gate].drives and seen_tensor[gates[gate].owner]:
                    remaining = PATIENCE
                else:
                    namespace[gate_names[gate]] = False
                    gaps[gate] = True
                    closed.append(gate)
            left[gate] = remaining
            return True

        return enter

    def _make_probe(self) -> Callable[[int, Any], Any]:
        compiling = torch.compiler.is_compiling
        tracing = torch._C._get_tracing_state
        modes = torch._C._is_torch_function_mode_enabled
        interest = describe.interest
        shared = describe.is_shared_class
        interests: Dict[int, int] = {}
        last, gate_of, counts, changed = self._last, self._gate_of, self._counts, self._mark
        left = self._left
        news, memory_of = self._news, describe.scalar_bytes
        shape_of, dtype_of, device_of, requires_grad_of = describe.PLAIN_SIGNATURE

        def probe(site: int, value: Any) -> Any:
            if compiling():
                return value
            try:
                kind = type(value)
                # By identity: a class of the program's may have a `__hash__` of its own.
                wanted = interests.get(id(kind))
                if wanted is None:
                    wanted = interest(kind)
                    if shared(kind):
                        interests[id(kind)] = wanted
                known = last[site]
                if wanted:
                    if tracing() is not None:
                        return value
                    if (
                        type(known) is _Known
                        and known.kind is kind
                        and not modes()
                        and shape_of(value) == known.shape
                        and dtype_of(value) is known.dtype
                        and device_of(value) == known.device
                        and requires_grad_of(value) is known.requires_grad
                    ):
                        if known.index >= 0:
                            counts[site][known.index] += 1
                            changed(site)
                        if known.is_scalar:
                            known.memory = memory_of(value)
                            left[gate_of[site]] = PATIENCE
                    else:
                        news(site, value, wanted, kind, gate_of[site])
                elif type(known) is _Known and known.index >= 0:
                    news(site, value, wanted, kind, gate_of[site])
                elif id(kind) in _NUMBERS:
                    last[site] = value
                elif known is _UNSEEN or type(known) is not _Known:
                    last[site] = _Known(describe.describe(value))
            except Exception as error:
                if _is_the_programs(error):
                    raise
            return value

        return probe

    def _mark(self, site: int) -> None:
        self._changed[site] = None

    def _details_of(self, site: int) -> Optional[Details]:
        """The details of what a site saw last: a label that shows a value shows the last one."""
        known, details = self._last[site], self._details[site]
        if details is None or type(known) is not _Known or known.memory is None:
            return details
        text = describe.scalar_text(known.memory, known.dtype)
        return dataclasses.replace(details, scalar=text)

    def _news(self, site: int, value: Any, wanted: int, kind: type, gate: int) -> None:
        """Another signature than the one seen last here."""
        described = describe.describe(value)
        place = self._registry.sites[site].place
        interesting = holds_tensor(described)
        with self._lock:
            before = self._last[site]
            known = self._last[site] = _Known(described)
            if self._values[site] is None:
                if not interesting:
                    return
                self._values[site] = {}
                self._seen_tensor[gate] = True
                if place is not None:
                    self._introduce(place)
                    if before is not _UNSEEN:
                        self._count(site, gate, _bare(_value_of(before)), None)
            if self._registry.sites[site].detailed:
                self._details[site] = describe.details(value)
            if not interesting:
                described = _bare(described)
            known.index = self._count(site, gate, described, self._details[site])
            if type(before) is _Known:
                self._follow(site, before.index, known.index)
            if wanted == TENSOR and _is_plain_tensor(kind):
                known.remember(value, kind)
                known.is_scalar = place is not None and describe.is_scalar(value)
                if known.is_scalar:
                    self._left[gate] = PATIENCE

    def _follow(self, site: int, before: int, now: int) -> None:
        """A change between two known signatures is news as well: together with others it may lead
        to a result that was never seen.
        """
        if before != now and 0 <= before < TRANSITIONS_KEPT and 0 <= now < TRANSITIONS_KEPT:
            transition = (site, before, now)
            times = self._transitions[transition] = self._transitions.get(transition, 0) + 1
            # Again at the 2nd, 4th, 8th time: another caller may meet it for the first time, yet
            # what changes at every step must not keep all gates open.
            if times & (times - 1) == 0:
                self._on_news()

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
            index = self._add(site, value, details)
            self._left[gate] = PATIENCE
            self._on_news()
        elif isinstance(value, Tensor) and value.shape is not None:
            self._extremes.setdefault(site, Extremes(values)).see(value)
        return index

    def _add(self, site: int, value: Value, details: Optional[Details]) -> int:
        values, counts = self._values[site], self._counts[site]
        assert values is not None
        index = values[value] = len(values)
        counts.append(1)
        if self._registry.sites[site].place is not None and not self._is_unknown(site):
            self._send(Seen(self._run, site, value, sum(counts), details, self._in_child))
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
            self._details[site] = self._details_of(seen)
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

    __slots__ = (
        "device",
        "dtype",
        "index",
        "is_scalar",
        "kind",
        "memory",
        "requires_grad",
        "shape",
        "value",
    )

    def __init__(self, value: Optional[Value]) -> None:
        self.kind: Optional[type] = None
        self.shape: Any = None
        self.dtype: Any = None
        self.device: Any = None
        self.requires_grad = False
        self.is_scalar = False
        self.memory: Optional[bytes] = None
        self.index = -1
        self.value = value

    def remember(self, tensor: Any, kind: type) -> None:
        with torch._C.DisableTorchFunction():
            shape, dtype, device, requires_grad = (of(tensor) for of in describe.PLAIN_SIGNATURE)
            if any(type(size) is not int for size in shape):
                return
            self.shape, self.dtype = tuple(shape), dtype
            self.device, self.requires_grad = device, requires_grad
            self.kind = kind


def _threads() -> Any:
    """The program's threads; `threading` is asked for them in a way that takes no lock."""
    return getattr(sys.modules.get("threading"), "_active", ())


_UNSEEN = _Known(None)
_NUMBERS = frozenset(map(id, (int, float, bool, type(None))))


def _is_plain_tensor(kind: type) -> bool:
    return kind is torch.Tensor or kind is torch.nn.Parameter


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


def _make_local_probe(probe: Callable[[int, Any], Any]) -> Callable[[int, str], None]:
    def look(site: int, name: str) -> None:
        """Looks at a name of a class body, where its namespace is a dict and no object that hears
        of being asked.
        """
        namespace = sys._getframe(1).f_locals
        if type(namespace) is dict and name in namespace:
            probe(site, namespace[name])

    return look


def _make_parts_probe(probe: Callable[[int, Any], Any]) -> Callable[[Any, Any], Any]:
    def parts(table: Tuple[Tuple[int, Tuple[Any, ...]], ...], value: Any) -> Any:
        """Looks at the parts of a tuple or list that is about to be unpacked, where looking is all
        that it takes. A step of a path is an index, or for a starred target how many items stand
        before and after it.
        """
        for site, path in table:
            part = value
            for step in path:
                if type(part) is not tuple and type(part) is not list:
                    break
                if type(step) is tuple:
                    part = list(part[step[0] : len(part) - step[1]])
                elif -len(part) <= step < len(part):
                    part = part[step]
                else:
                    break
            else:
                probe(site, part)
        return value

    return parts


def _make_field_probe(
    probe: Callable[[int, Any], Any],
) -> Callable[[int, Any, Tuple[str, ...], Any], None]:
    def look(site: int, base: Any, path: Tuple[str, ...], key: Any) -> None:
        """After a statement that stored into `base.path.key` (a name) or `base.path[key]` (in a
        tuple).
        """
        try:
            for name in path:
                base = static_attribute(base, name)
            found = static_item(base, key[0]) if type(key) is tuple else static_attribute(base, key)
        except Exception:
            return
        if found is not MISSING:
            probe(site, found)

    return look
