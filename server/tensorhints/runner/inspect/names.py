"""Resolves a written name such as `model.fc.weight` without running code of the program."""

from __future__ import annotations

import ast
from typing import Any, Dict

import torch

from ..observe import describe
from ..observe.static import MISSING, static_attribute

_TORCH_CONTAINERS = (
    torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict,
    torch.nn.ParameterList, torch.nn.ParameterDict,
)  # fmt: skip

_is_subclass = type.__subclasscheck__


def object_named(namespace: Dict[str, Any], name: str) -> Any:
    """Return the object that a text such as `model.fc.weight`, `d["k"]` or `xs[-1]` denotes.

    Return `MISSING` if there is none, or if finding it would run code of the program.
    """
    try:
        return _resolve(namespace, ast.parse(name.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return MISSING


def _resolve(namespace: Dict[str, Any], node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return namespace.get(node.id, MISSING)
    if isinstance(node, ast.Attribute):
        base = _resolve(namespace, node.value)
        return MISSING if base is MISSING else _attribute(base, node.attr)
    if isinstance(node, ast.Subscript):
        base = _resolve(namespace, node.value)
        return MISSING if base is MISSING else _item(base, ast.literal_eval(node.slice))
    return MISSING


def _attribute(base: Any, name: str) -> Any:
    kind = type(base)
    if _is_subclass(torch.Tensor, kind):
        found = describe.gradient(base) if name == "grad" else None
        return MISSING if found is None else found
    if _is_subclass(tuple, kind):
        fields = describe.tuple_fields(kind)
        if fields is None or name not in fields or len(fields) != tuple.__len__(base):
            return MISSING
        return tuple.__getitem__(base, fields.index(name))
    return static_attribute(base, name)


def _item(base: Any, key: Any) -> Any:
    kind = type(base)
    if type(key) not in (str, int):
        return MISSING
    if _is_subclass(dict, kind):
        return dict.get(base, key, MISSING)
    for sequence in (list, tuple):
        if _is_subclass(sequence, kind) and type(key) is int:
            length = sequence.__len__(base)
            return sequence.__getitem__(base, key) if -length <= key < length else MISSING
    return _part(base, key) if any(kind is known for known in _TORCH_CONTAINERS) else MISSING


def _part(base: Any, key: Any) -> Any:
    """Return an item of one of torch's containers of modules or parameters."""
    held = object.__getattribute__(base, "__dict__")
    for table in ("_modules", "_parameters"):
        parts = held.get(table)
        if isinstance(parts, dict) and parts:
            if type(key) is int:
                key = str(key if key >= 0 else key + len(parts))
            return dict.get(parts, key, MISSING)
    return MISSING
