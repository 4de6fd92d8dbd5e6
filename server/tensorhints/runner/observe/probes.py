"""What stands in the program: functions that look at a value, tell the recorder, and hand it on.

A probe never raises, keeps no tensor and no class of the program alive, draws no random number and
waits for no device.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Callable, Dict, Tuple

import torch

from .. import RUNNER_FOLDER
from ..instrument import probe_registry
from . import describe, scalars
from .known import NUMBERS, UNSEEN, Known
from .scalars import bits_of
from .static import MISSING, static_attribute, static_item

if TYPE_CHECKING:
    from .recorder import Recorder

TENSOR = describe.TENSOR


def make(recorder: Recorder) -> Dict[str, Callable[..., Any]]:
    """The probes of one run, by the names that the program calls them by."""
    probe = _make_probe(recorder)
    return {
        probe_registry.ENTER: recorder.gates.make_enter(),
        probe_registry.PROBE: probe,
        probe_registry.PROBE_NUMBER: _make_keep(recorder, probe),
        probe_registry.PROBE_ITEM: _make_item_probe(probe),
        probe_registry.PROBE_LOCAL: _make_local_probe(probe),
        probe_registry.PROBE_PARTS: _make_parts_probe(probe),
        probe_registry.PROBE_STORE: _make_store_probe(recorder),
        probe_registry.PROBE_FIELD: _make_field_probe(probe),
    }


def _make_probe(recorder: Recorder) -> Callable[[int, Any], Any]:
    compiling = torch.compiler.is_compiling
    tracing = torch._C._get_tracing_state
    modes = torch._C._is_torch_function_mode_enabled
    interest = describe.interest
    shared = describe.is_shared_class
    interests: Dict[int, int] = {}
    last, gate_of, counts = recorder.last, recorder.gate_of, recorder.counts
    changed, news, again = recorder.changed, recorder.news, recorder.again
    shape_of, dtype_of, device_of, requires_grad_of = describe.PLAIN_SIGNATURE

    def probe(probe_id: int, value: Any) -> Any:
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
            known = last[probe_id]
            if wanted:
                if tracing() is not None:
                    return value
                if (
                    type(known) is Known
                    and known.kind is kind
                    and not modes()
                    and shape_of(value) == known.shape
                    and dtype_of(value) is known.dtype
                    and device_of(value) == known.device
                    and requires_grad_of(value) is known.requires_grad
                ):
                    if known.index >= 0:
                        counts[probe_id][known.index] += 1
                        changed[probe_id] = None
                    if known.size:
                        known.bits = bits_of(value, known.words, known.size)
                elif not (modes() and again(probe_id, value, kind)):
                    news(probe_id, value, wanted, kind, gate_of[probe_id])
            elif type(known) is Known and known.index >= 0:
                news(probe_id, value, wanted, kind, gate_of[probe_id])
            elif id(kind) in NUMBERS:
                last[probe_id] = value
            elif known is UNSEEN or type(known) is not Known:
                last[probe_id] = Known(describe.describe(value))
        except Exception as error:
            if _is_the_programs(error):
                raise
        return value

    return probe


def _make_keep(recorder: Recorder, probe: Callable[[int, Any], Any]) -> Callable[[int, Any], Any]:
    modes = torch._C._is_torch_function_mode_enabled
    last, gate_of, changed = recorder.last, recorder.gate_of, recorder.changed
    gates = recorder.gates
    address_of, offset_of = scalars.address_of, scalars.offset_of
    dtype_of, dimensions_of = scalars.dtype_of, scalars.dimensions_of
    is_on_cpu, is_negative = scalars.is_on_cpu, scalars.is_negative

    def keep(probe_id: int, value: Any) -> Any:
        """In a narrow gate: the value of a number, and nothing else, is looked at. What
        `scalars.bits_of` does is written out here: it is all that is left of the cost.
        """
        known = last[probe_id]
        if type(known) is not Known or known.words is None:
            return value
        try:
            if (
                type(value) is known.kind
                and not modes()
                and dtype_of(value) is known.dtype
                and dimensions_of(value) == 0
                and is_on_cpu(value)
                and not is_negative(value)
            ):
                address = address_of(value)  # type: ignore[misc]
                if address and not address % known.size:
                    known.bits = known.words[address // known.size + offset_of(value)]
                    changed[probe_id] = None
                    return value
            gates.look_again(gate_of[probe_id])
            probe(probe_id, value)
        except Exception as error:
            if _is_the_programs(error):
                raise
        return value

    return keep


def _make_store_probe(recorder: Recorder) -> Callable[[int, int, Any], Any]:
    def store(probe_id: int, seen: int, base: Any) -> Any:
        """For `base[index] = value`. A name is bound where the base is a container; an element
        written into a tensor or array binds none.
        """
        try:
            known = recorder.last[seen]
            if type(known) is not Known or known.value is None:
                return base
            if torch.compiler.is_compiling():
                return base
            if describe.interest(type(base)) != TENSOR and not _is_array(base):
                recorder.copy(seen, probe_id, known.value)
        except Exception:
            pass
        return base

    return store


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, getattr(numpy, "ndarray", ()))


def _make_item_probe(probe: Callable[[int, Any], Any]) -> Callable[[int, Any], bool]:
    def item(probe_id: int, value: Any) -> bool:
        probe(probe_id, value)
        return True

    return item


def _make_local_probe(probe: Callable[[int, Any], Any]) -> Callable[[int, str], None]:
    def look(probe_id: int, name: str) -> None:
        """Looks at a name of a class body, where its namespace is a dict and no object that hears
        of being asked.
        """
        namespace = sys._getframe(1).f_locals
        if type(namespace) is dict and name in namespace:
            probe(probe_id, namespace[name])

    return look


def _make_parts_probe(probe: Callable[[int, Any], Any]) -> Callable[[Any, Any], Any]:
    def parts(table: Tuple[Tuple[int, Tuple[Any, ...]], ...], value: Any) -> Any:
        """Looks at the parts of a tuple or list that is about to be unpacked, where looking is all
        that it takes. A step of a path is an index, or for a starred target how many items stand
        before and after it.
        """
        for probe_id, path in table:
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
                probe(probe_id, part)
        return value

    return parts


def _make_field_probe(
    probe: Callable[[int, Any], Any],
) -> Callable[[int, Any, Tuple[str, ...], Any], None]:
    def look(probe_id: int, base: Any, path: Tuple[str, ...], key: Any) -> None:
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
            probe(probe_id, found)

    return look


def _is_the_programs(error: BaseException) -> bool:
    """Whether an exception inside a probe was raised by the program: by a signal handler of its
    own, say for a time limit, that Python happened to call just then.
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
