"""Reads attributes and items of the program's objects, if that runs none of its code."""

from __future__ import annotations

import sys
import types
from typing import Any

import torch

MISSING = object()

_class_dict = type.__dict__["__dict__"].__get__
_mro = type.__dict__["__mro__"].__get__
_PLAIN_LOOKUPS = (
    object.__getattribute__,
    type(sys).__getattribute__,
    types.SimpleNamespace.__getattribute__,
)


def static_item(base: Any, key: Any) -> Any:
    """An item of a plain dict, list or tuple, else `MISSING`."""
    if type(base) is dict and type(key) in (str, int):
        return base.get(key, MISSING)
    if type(base) in (list, tuple) and type(key) is int and -len(base) <= key < len(base):
        return base[key]
    return MISSING


def plain_items(value: Any) -> Any:
    """The items that unpacking finds in a list or tuple; `None` if that would run code.

    A named tuple, or a result of torch such as that of `max(dim=0)`, is unpacked as a tuple.
    """
    kind = type(value)
    if kind is tuple or kind is list:
        return value
    if type.__subclasscheck__(tuple, kind):
        classes = (_class_dict(ancestor) for ancestor in _mro(kind))
        if next(names["__iter__"] for names in classes if "__iter__" in names) is tuple.__iter__:
            return tuple.__getitem__(value, slice(None))
    return None


def static_attribute(base: Any, name: str) -> Any:
    """An attribute of a module or an instance's own dictionary, else `MISSING`.

    The parameters, buffers and sub-modules of a `torch.nn.Module` count as its attributes.
    """
    kind = type(base)
    classes = [_class_dict(ancestor) for ancestor in _mro(kind)]
    lookup = next(names["__getattribute__"] for names in classes if "__getattribute__" in names)
    if not any(lookup is plain for plain in _PLAIN_LOOKUPS):
        return MISSING
    try:
        own = object.__getattribute__(base, "__dict__")
    except AttributeError:
        return MISSING
    if type.__subclasscheck__(torch.nn.Module, kind):
        for table in ("_parameters", "_buffers", "_modules"):
            held = own.get(table)
            if isinstance(held, dict) and name in held:
                return held[name]
    for names in classes:
        found = names.get(name)
        if found is not None and hasattr(type(found), "__set__"):
            return MISSING  # a property or another data descriptor: reading it would run code
    return own.get(name, MISSING)
