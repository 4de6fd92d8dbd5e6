"""The functions that an instrumented program calls: each looks at a value and returns it.

A probe never raises, keeps no tensor and no class of the program alive, draws no random number and
does not synchronise with a device.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Dict, Optional, Tuple

import torch

from ...model.values import Value
from .. import RUNNER_FOLDER
from ..instrument import probe_registry
from . import describe, dynamo, scalars, tensor_parts
from .gates import Gates
from .patterns import ITEMS, NUMBERS, SEQUENCES, is_settled, pattern_of
from .probe_state import UNSEEN, LastSeen, ProbeState, without_value
from .scalars import bits_of
from .static import MISSING, plain_items, static_attribute, static_item

_TENSOR = describe.TENSOR

_LONG = 64
"""Items of the longest sequence that is searched for anything but numbers."""

Record = Callable[[int, Any, int, type, int], None]
"""Take in a new signature: (probe id, value, interest, class, gate)."""

CountAgain = Callable[[int, Any, type], bool]
"""Count what was seen last once more, if the value has its signature: (probe id, value, class)."""

CountPart = Callable[[int, Optional[Value]], None]
"""Count the signature of a part of a tensor, if it is known: (probe id, signature)."""

_Probe = Callable[[int, Any], Any]


def make(
    state: ProbeState,
    gates: Gates,
    record: Record,
    count_again: CountAgain,
    count_part: CountPart,
) -> Dict[str, Any]:
    """Create the probes of one run, by the names under which the program calls them."""
    probe = _make_probe(state, record, count_again)
    number = _make_number_probe(state, gates, probe)
    field = _make_field_probe(probe)
    return {
        probe_registry.ENTER: gates.make_enter(),
        probe_registry.PROBE: probe,
        probe_registry.PROBE_NUMBER: number,
        probe_registry.PROBE_ITEM: _make_item_probe(probe),
        probe_registry.PROBE_LOCAL: _make_local_probe(probe),
        probe_registry.PROBE_PARTS: _make_parts_probe(probe),
        probe_registry.PROBE_PART_NUMBERS: _make_parts_probe(number),
        probe_registry.PROBE_FIELD: field,
        probe_registry.PROBE_PART: _make_part_probe(field, count_part),
        probe_registry.KEYS: _Keys(),
    }


def _make_probe(state: ProbeState, record: Record, count_again: CountAgain) -> _Probe:
    flags, flag = dynamo.compiler_flags(), dynamo.FLAG
    tracing = torch._C._get_tracing_state
    modes = torch._C._is_torch_function_mode_enabled
    last, counts, changed = state.last, state.counts, state.changed
    shape_of, dtype_of, device_of, requires_grad_of = describe.PLAIN_SIGNATURE
    is_on_cpu, dimensions_of = scalars.is_on_cpu, scalars.dimensions_of
    look_closely = _make_close_look(state, record, count_again)

    def probe(probe_id: int, value: Any) -> Any:
        """Count a plain tensor that is like the one before, which is what most passes see."""
        if flags[flag]:
            return value
        try:
            seen = last[probe_id]
            if (
                type(seen) is LastSeen
                and type(value) is seen.kind
                and not modes()
                and tracing() is None
                and (dimensions_of(value) == 0 if seen.size else shape_of(value) == seen.shape)
                and dtype_of(value) is seen.dtype
                and (is_on_cpu(value) if seen.is_on_cpu else device_of(value) == seen.device)
                and requires_grad_of(value) is seen.requires_grad
            ):
                if seen.size:
                    seen.bits = bits_of(value, seen.words, seen.size)
                if seen.index >= 0:
                    counts[probe_id][seen.index] += 1
                    changed[probe_id] = None  # At last: the clock's thread may tally at once.
            else:
                look_closely(probe_id, value)
        except Exception as error:
            if _is_raised_by_program(error):
                raise
        return value

    return probe


def _make_close_look(
    state: ProbeState, record: Record, count_again: CountAgain
) -> Callable[[int, Any], None]:
    tracing = torch._C._get_tracing_state
    modes = torch._C._is_torch_function_mode_enabled
    interests: Dict[int, int] = {}
    gate_of = state.gate_of
    look_at_other = _make_other_look(state, record)

    def look_closely(probe_id: int, value: Any) -> None:
        kind = type(value)
        # By identity, since a class of the program may define `__hash__`.
        level = interests.get(id(kind))
        if level is None:
            level = _classify(kind, interests)
        if level != _TENSOR:
            look_at_other(probe_id, value, kind, level)
        elif tracing() is None and not (modes() and count_again(probe_id, value, kind)):
            record(probe_id, value, level, kind, gate_of[probe_id])

    return look_closely


def _make_other_look(state: ProbeState, record: Record) -> Callable[[int, Any, type, int], None]:
    tracing = torch._C._get_tracing_state
    modes = torch._C._is_torch_function_mode_enabled
    last, gate_of, counts, changed = state.last, state.gate_of, state.counts, state.changed

    def look(probe_id: int, value: Any, kind: type, level: int) -> None:
        """Look at what is no tensor; describe it only if it is not like the value seen last."""
        seen = last[probe_id]
        if type(seen) is LastSeen and seen.index >= 0:
            # There was a tensor before: everything counts.
            pattern = None if level and (modes() or tracing() is not None) else pattern_of(value)
            if pattern is not None and pattern == seen.pattern:
                counts[probe_id][seen.index] += 1
                changed[probe_id] = None
                return
        elif id(kind) in NUMBERS:
            last[probe_id] = value
            return
        elif not level:
            if seen is UNSEEN or type(seen) is not LastSeen:
                last[probe_id] = LastSeen(describe.describe(value))
            return
        elif (
            id(kind) in SEQUENCES
            and len(value) <= _LONG
            and NUMBERS.issuperset(map(id, map(type, value)))
        ):
            last[probe_id] = (kind, len(value), value[:ITEMS])
            return
        else:
            pattern = None if modes() or tracing() is not None else pattern_of(value)
        if level and tracing() is not None:
            return
        record(probe_id, value, level, kind, gate_of[probe_id])
        now = last[probe_id]
        if pattern is not None and type(now) is LastSeen and is_settled(pattern):
            # Later values may hold other constants.
            now.pattern, now.value = pattern, without_value(now.value)

    return look


def _classify(kind: type, interests: Dict[int, int]) -> int:
    level = describe.interest(kind)
    if describe.is_shared_class(kind):
        interests[id(kind)] = level
    return level


def _make_number_probe(state: ProbeState, gates: Gates, probe: _Probe) -> _Probe:
    modes = torch._C._is_torch_function_mode_enabled
    last, gate_of, changed = state.last, state.gate_of, state.changed
    reopen = gates.reopen
    address_of, offset_of = scalars.address_of, scalars.offset_of
    dtype_of, dimensions_of = scalars.dtype_of, scalars.dimensions_of
    is_on_cpu, is_negative = scalars.is_on_cpu, scalars.is_negative

    def number(probe_id: int, value: Any) -> Any:
        """Read only the value of a number, in the narrow state of a gate.

        `scalars.bits_of` is written out here: its call would cost more than the reading.
        """
        seen = last[probe_id]
        if type(seen) is not LastSeen or seen.words is None:
            return value
        try:
            if (
                type(value) is seen.kind
                and not modes()
                and dtype_of(value) is seen.dtype
                and dimensions_of(value) == 0
                and is_on_cpu(value)
                and not is_negative(value)
            ):
                address = address_of(value)  # type: ignore[misc]
                if address and not address % seen.size:
                    seen.bits = seen.words[address // seen.size + offset_of(value)]
                    changed[probe_id] = None
                    return value
            reopen(gate_of[probe_id])
            probe(probe_id, value)
        except Exception as error:
            if _is_raised_by_program(error):
                raise
        return value

    return number


def _make_item_probe(probe: _Probe) -> Callable[[int, Any], bool]:
    def item(probe_id: int, value: Any) -> bool:
        probe(probe_id, value)
        return True

    return item


def _make_local_probe(probe: _Probe) -> Callable[[int, str], None]:
    def look(probe_id: int, name: str) -> None:
        """Look at a name of a class body, if its namespace is a plain dict.

        A metaclass may supply another mapping, whose look-up is program code.
        """
        namespace = sys._getframe(1).f_locals
        if type(namespace) is dict and name in namespace:
            probe(probe_id, namespace[name])

    return look


def _make_parts_probe(probe: _Probe) -> Callable[[Any, Any], Any]:
    def parts(table: Tuple[Tuple[int, Tuple[Any, ...]], ...], value: Any) -> Any:
        """Look at the items of a tuple or list that is about to be unpacked.

        A step of a path is an index, or for a starred target the number of items before and after.
        """
        for probe_id, path in table:
            part = value
            for step in path:
                part = plain_items(part)
                if part is None:
                    break
                if type(step) is tuple:
                    part = list(part[step[0] : len(part) - step[1]])
                elif -len(part) <= step < len(part):
                    part = part[step]
                else:
                    break
            else:
                probe(probe_id, part)
        return value

    return parts


def _make_field_probe(
    probe: _Probe,
) -> Callable[[int, Any, Tuple[str, ...], Any], None]:
    def look(probe_id: int, base: Any, path: Tuple[str, ...], key: Any) -> None:
        """Look at `base.path.key`, or at `base.path[key]` if `key` is in a tuple."""
        try:
            for name in path:
                base = static_attribute(base, name)
            found = static_item(base, key[0]) if type(key) is tuple else static_attribute(base, key)
        except Exception:
            return
        if found is not MISSING:
            probe(probe_id, found)

    return look


class _Keys:
    """Gives the key of a subscript, in a tuple."""

    def __getitem__(self, key: Any) -> Tuple[Any]:
        return (key,)


def _make_part_probe(
    field: Callable[[int, Any, Tuple[str, ...], Any], None], count_part: CountPart
) -> Callable[[int, Any, Tuple[str, ...], Tuple[Any]], None]:
    def look(probe_id: int, base: Any, path: Tuple[str, ...], key: Tuple[Any]) -> None:
        """Look at `base.path[key]`, which may be a part of a tensor or array."""
        try:
            for name in path:
                base = static_attribute(base, name)
            if not tensor_parts.is_divisible(base):
                field(probe_id, base, (), key)
            elif not compiling() and tracing() is None:
                count_part(probe_id, tensor_parts.signature(base, key[0]))
        except Exception as error:
            if _is_raised_by_program(error):
                raise

    compiling, tracing = torch.compiler.is_compiling, torch._C._get_tracing_state
    return look


def _is_raised_by_program(error: BaseException) -> bool:
    """Whether an exception inside a probe was raised by program code.

    That is a signal handler, for instance of a time limit, that Python called during the probe.
    """
    step = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if (
            not name.startswith(RUNNER_FOLDER)
            and not name.startswith("<")
            and name != torch.__file__
        ):
            return f"{os.sep}torch{os.sep}" not in name
        step = step.tb_next
    return False
