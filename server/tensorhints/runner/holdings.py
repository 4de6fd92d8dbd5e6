"""What holds memory, by name: tensors, modules with their parameters, optimizers, containers.

Looks without running any code of the program's. Memory that several names share is the first one's.
"""

from __future__ import annotations

import itertools
import types
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Set, Tuple

import torch

from ..model.failures import Holder
from ..model.messages import DeviceMemory
from ..model.values import Other, Value
from . import describe

SCANNED = 20_000
"""Objects looked at, of all names together."""

_is_subclass = type.__subclasscheck__  # of classes, without asking a metaclass
_CODE = (types.ModuleType, type, types.FunctionType, types.MethodType)


def holders(scopes: Iterable[Tuple[str, Mapping[str, Any]]]) -> List[Holder]:
    """Every name that holds memory of some device, the outermost scope's first. Each scope is a
    function's name, empty for the top level, and its variables.
    """
    known: Set[Tuple[str, int]] = set()
    budget = [SCANNED]
    found = []
    with torch._C.DisableTorchFunction():
        for function, names in scopes:
            for name, value in list(names.items()):
                if type(name) is not str:
                    continue
                held: Dict[str, int] = {}
                for tensor in _tensors(value, budget):
                    device, storage, nbytes = describe.held(tensor)
                    if (device, storage) not in known:
                        known.add((device, storage))
                        held[device] = held.get(device, 0) + nbytes
                for device, nbytes in held.items():
                    if nbytes:
                        found.append(Holder(name, function, device, nbytes, _shown(value)))
    return found


def by_device(names: Mapping[str, Any]) -> Tuple[DeviceMemory, ...]:
    """What the top level holds of each device. Never raises."""
    sums: Dict[str, int] = {}
    try:
        for holder in holders([("", names)]):
            sums[holder.device] = sums.get(holder.device, 0) + holder.nbytes
    except Exception:
        return ()  # An object of the program's that is no object at all.
    return tuple(DeviceMemory(device, nbytes) for device, nbytes in sums.items())


def _shown(value: Any) -> Value:
    text = describe.module_text(value)
    return describe.describe(value) if text is None else Other(type(value).__name__, text)


def _tensors(value: Any, budget: List[int]) -> Iterator[Any]:
    seen: Set[int] = set()
    waiting = [value]
    while waiting and budget[0] > 0:
        budget[0] -= 1
        value = waiting.pop()
        if id(value) in seen:
            continue
        kind = type(value)
        if describe.interest(kind) == describe.TENSOR:
            yield value
            gradient = describe.gradient(value)
            if gradient is not None:
                yield gradient
        else:
            seen.add(id(value))
            waiting.extend(_parts(value, kind))


def _parts(value: Any, kind: type) -> Iterable[Any]:
    """What a container, a module, an optimizer or an object of the program's own holds."""
    if _is_subclass(tuple, kind):
        return tuple.__iter__(value)
    if _is_subclass(list, kind):
        return itertools.islice(list.__iter__(value), SCANNED)
    if _is_subclass(dict, kind):
        return list(dict.values(value))
    if any(_is_subclass(code, kind) for code in _CODE):
        return ()
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return ()
    return list(own.values()) if type(own) is dict else ()
