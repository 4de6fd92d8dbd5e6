"""Finds how much memory each name holds, through modules, optimizers and containers.

No code of the program runs. Memory that several names share counts for the first one.
"""

from __future__ import annotations

import types
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Set, Tuple

import torch

from ...model.failures import Holder
from ...model.messages import DeviceMemory
from ...model.values import OtherObject, Value
from . import describe

SCANNED = 5_000
"""Objects visited for all names together; this takes tens of milliseconds."""

_is_subclass = type.__subclasscheck__  # of classes, without asking a metaclass
_CODE = (types.ModuleType, type, types.FunctionType, types.MethodType)
# By identity, since a class of the program may define `__hash__`.
_ATOMS = frozenset(map(id, (int, float, bool, complex, str, bytes, type(None), torch.dtype)))


class _Walk:
    """One walk over all names; `is_whole` turns false if it stops at `SCANNED` objects."""

    def __init__(self) -> None:
        self.is_whole = True
        self._left = SCANNED
        self._known: Set[Tuple[str, int]] = set()
        self._interests: Dict[int, int] = {}

    def held(self, value: Any) -> Dict[str, int]:
        """Return the bytes that a value holds on each device, without those counted before."""
        found: Dict[str, int] = {}
        for tensor in self._tensors(value):
            device, storage, nbytes = describe.held(tensor)
            if (device, storage) not in self._known:
                self._known.add((device, storage))
                found[device] = found.get(device, 0) + nbytes
        return found

    def _tensors(self, value: Any) -> Iterator[Any]:
        seen: Set[int] = set()
        waiting = [value]
        while waiting:
            value = waiting.pop()
            kind = type(value)
            if id(value) in seen or id(kind) in _ATOMS:
                continue
            if self._left <= 0:
                self.is_whole = False
                return
            self._left -= 1
            if self._is_tensor(kind):
                yield value
                gradient = describe.gradient(value)
                if gradient is not None:
                    yield gradient
            else:
                seen.add(id(value))
                waiting.extend(part for part in _parts(value, kind) if id(type(part)) not in _ATOMS)

    def _is_tensor(self, kind: type) -> bool:
        interest = self._interests.get(id(kind))
        if interest is None:
            interest = describe.interest(kind)
            self._interests[id(kind)] = interest
        return interest == describe.TENSOR


def holders(scopes: Iterable[Tuple[str, Mapping[str, Any]]]) -> List[Holder]:
    """Return the names that hold memory, those of the outermost scope first.

    A scope is a function's name, empty for the top level, with its variables.
    """
    found = []
    walk = _Walk()
    for function, name, value in _names(scopes):
        with torch._C.DisableTorchFunction():
            held = walk.held(value)
            shown = _shown(value) if any(held.values()) else None
        for device, nbytes in held.items():
            if nbytes and shown is not None:
                found.append(Holder(name, function, device, nbytes, shown))
    return found


def by_device(names: Mapping[str, Any]) -> Tuple[DeviceMemory, ...]:
    """Return what the top level holds on each device; nothing if it is too large to walk.

    Never raises.
    """
    sums: Dict[str, int] = {}
    walk = _Walk()
    try:
        with torch._C.DisableTorchFunction():
            for _, _, value in _names([("", names)]):
                for device, nbytes in walk.held(value).items():
                    sums[device] = sums.get(device, 0) + nbytes
    except Exception:
        return ()  # The program has an object that breaks the walk.
    if not walk.is_whole:
        return ()
    return tuple(DeviceMemory(device, nbytes) for device, nbytes in sums.items() if nbytes)


def _names(scopes: Iterable[Tuple[str, Mapping[str, Any]]]) -> Iterator[Tuple[str, str, Any]]:
    for function, names in scopes:
        for name, value in list(names.items()):
            if type(name) is str:
                yield function, name, value


def _shown(value: Any) -> Value:
    text = describe.module_text(value)
    return describe.describe(value) if text is None else OtherObject(type(value).__name__, text)


def _parts(value: Any, kind: type) -> Iterable[Any]:
    """The objects right inside a container, a module, an optimizer or another object."""
    if _is_subclass(tuple, kind):
        return tuple.__iter__(value)
    if _is_subclass(list, kind):
        return list.__iter__(value)
    if _is_subclass(dict, kind):
        return list(dict.values(value))
    if any(_is_subclass(code, kind) for code in _CODE):
        return ()
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return ()
    return list(own.values()) if type(own) is dict else ()
