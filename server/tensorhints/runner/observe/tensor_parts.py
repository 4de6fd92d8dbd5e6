"""The signature of a part of a tensor or array, found from an index without indexing.

Nothing is dispatched: no mode, profiler or autograd graph sees it.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, List, Optional, Tuple

import torch

from ...model.values import Array, Tensor, Value
from . import describe
from .probe_state import is_plain_tensor

_INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8)


def is_divisible(value: Any) -> bool:
    """Whether a value is a plain tensor or array, whose parts have signatures."""
    if is_plain_tensor(type(value)) or _is_array(value):
        return True
    # The tensors of a simulated run, which the program takes for plain ones.
    return describe.interest(type(value)) == describe.TENSOR and (
        getattr(describe.describe(value), "type_name", "") in ("Tensor", "Parameter")
    )


def signature(value: Any, key: Any) -> Optional[Value]:
    """Return the signature of `value[key]`; `None` if the index does not say it.

    The part of an array that is a single element is no array.
    """
    with torch._C.DisableTorchFunction():
        whole = describe.describe(value)
        if not isinstance(whole, (Tensor, Array)) or whole.shape is None:
            return None
        if any(type(size) is not int for size in whole.shape):
            return None
        is_array = isinstance(whole, Array)
        shape = indexed_shape(whole.shape, key, mixes=not is_array)
    if shape is None or (is_array and not shape):
        return None
    if isinstance(whole, Tensor):
        return dataclasses.replace(whole, shape=shape, type_name="Tensor")
    return dataclasses.replace(whole, shape=shape)


def indexed_shape(sizes: Tuple[Any, ...], key: Any, mixes: bool) -> Optional[Tuple[int, ...]]:
    """Return the shape of an index into a shape; `None` for masks and other unknown indices.

    `mixes`: a tensor of indices stays in its place beside a plain one, as in torch.
    """
    parts = key if type(key) is tuple else (key,)
    taken = [part for part in parts if part is not None and part is not Ellipsis]
    skipped = len(sizes) - len(taken)
    lists = [part for part in taken if type(part) not in (int, slice)]
    if skipped < 0 or len(lists) > 1 or len(parts) - len(taken) - parts.count(None) > 1:
        return None
    if lists and not mixes and len(taken) > 1:
        return None
    shape: List[int] = []
    left = iter(sizes)
    for part in parts:
        if part is None:
            shape.append(1)
        elif part is Ellipsis:
            shape += [next(left) for _ in range(skipped)]
        else:
            found = _indexed_size(next(left), part)
            if found is None:
                return None
            shape += found
    return (*shape, *left)


def _indexed_size(size: int, part: Any) -> Optional[Tuple[int, ...]]:
    if type(part) is int:
        return ()
    if type(part) is slice:
        bounds = (part.start, part.stop, part.step)
        if any(type(bound) not in (int, type(None)) for bound in bounds):
            return None
        return (len(range(*part.indices(size))),)
    if is_plain_tensor(type(part)):
        found = describe.tensor(part)
        return found.shape if describe.attribute(part, "dtype") in _INTEGERS else None  # type: ignore[return-value]
    return None


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is getattr(numpy, "ndarray", None)
