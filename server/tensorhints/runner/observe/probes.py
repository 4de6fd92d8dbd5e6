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
from . import describe, scalars, tensor_parts
from .gates import Gates
from .probe_state import NUMBERS, UNSEEN, LastSeen, ProbeState
from .scalars import bits_of
from .static import MISSING, plain_items, static_attribute, static_item

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
    compiling = torch.compiler.is_compiling
    tracing = torch._C._get_tracing_state
    modes = torch._C._is_torch_function_mode_enabled
    interests: Dict[int, int] = {}
    last, gate_of, counts, changed = state.last, state.gate_of, state.counts, state.changed
    shape_of, dtype_of, device_of, requires_grad_of = describe.PLAIN_SIGNATURE

    def probe(probe_id: int, value: Any) -> Any:
        if compiling():
            return value
        try:
            kind = type(value)
            # By identity, since a class of the program may define `__hash__`.
            level = interests.get(id(kind))
            if level is None:
                level = _classify(kind, interests)
            seen = last[probe_id]
            if level:
                if tracing() is not None:
                    return value
                if (
                    type(seen) is LastSeen
                    and seen.kind is kind
                    and not modes()
                    and shape_of(value) == seen.shape
                    and dtype_of(value) is seen.dtype
                    and device_of(value) == seen.device
                    and requires_grad_of(value) is seen.requires_grad
                ):
                    if seen.size:
                        seen.bits = bits_of(value, seen.words, seen.size)
                    if seen.index >= 0:
                        counts[probe_id][seen.index] += 1
                        changed[probe_id] = None  # At last: the clock's thread may tally at once.
                elif not (modes() and count_again(probe_id, value, kind)):
                    record(probe_id, value, level, kind, gate_of[probe_id])
            elif type(seen) is LastSeen and seen.index >= 0:
                record(probe_id, value, level, kind, gate_of[probe_id])
            elif id(kind) in NUMBERS:
                last[probe_id] = value
            elif seen is UNSEEN or type(seen) is not LastSeen:
                last[probe_id] = LastSeen(describe.describe(value))
        except Exception as error:
            if _is_raised_by_program(error):
                raise
        return value

    return probe


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
