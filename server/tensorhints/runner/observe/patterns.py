"""Compares containers of tensors quickly: by a pattern that equal signatures have in common.

Describing a pair of tensors takes twenty times as long as comparing it with the pair before. A
pattern holds no object of the program: ids of classes that outlive it, shapes, keys.
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

import torch

from . import describe

ITEMS = describe.SHOWN_ITEMS
"""Longer containers have no pattern: their later items count as well, and take as long to read."""

NUMBERS = frozenset(map(id, (int, float, bool, type(None))))
"""Ids of the classes whose objects are kept themselves, and described only on request."""

SEQUENCES = frozenset(map(id, (list, tuple, torch.Size)))

_CONTAINERS = SEQUENCES | {id(dict)}
_CONSTANTS = NUMBERS | {id(str)}
_TENSORS = frozenset(map(id, (torch.Tensor, torch.nn.Parameter)))
_shape_of, _dtype_of, _device_of, _requires_grad_of = describe.PLAIN_SIGNATURE


def pattern_of(value: Any, depth: int = 0) -> Optional[Tuple[Any, ...]]:
    """Return the pattern of a constant, or of a list, tuple or dict of plain tensors and constants.

    `None` for anything else. Call it while no torch function mode is active.
    """
    kind = type(value)
    if id(kind) in _CONSTANTS:
        return (kind,)
    if id(kind) not in _CONTAINERS or depth == describe.DEPTH or len(value) > ITEMS:
        return None
    pattern: List[Any]
    if kind is dict:
        if not all(type(key) is str for key in value):
            return None
        pattern, items = [kind, *value], list(value.values())
    else:
        pattern, items = [kind], value
    for item in items:
        item_class = id(type(item))
        if item_class in _TENSORS:
            pattern.append(_shape_of(item))
            pattern.append(_dtype_of(item))
            pattern.append(_device_of(item))
            pattern.append(_requires_grad_of(item))
            pattern.append(item_class)
        elif item_class in _CONSTANTS:
            pattern.append(item_class)
        else:
            inner = pattern_of(item, depth + 1)
            if inner is None:
                return None
            pattern.append(inner)
    return tuple(pattern)


def is_settled(pattern: Tuple[Any, ...]) -> bool:
    """Whether comparing with a pattern runs no code: no size in it is symbolic."""
    return all(
        is_settled(part) if type(part) is tuple else all(type(size) is int for size in part)
        for part in pattern
        if type(part) is tuple or type(part) is torch.Size
    )
