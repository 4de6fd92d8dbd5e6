"""Inspects what a name holds at the end of the program, in a process that ends afterwards.

No code of the program is run: neither methods of its classes nor modes that it left active.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, List, Optional, Tuple

import torch

from ...model.inspections import Block, Inspection, NumericSummary
from ...model.messages import Inspect, Inspected
from ...model.user_messages import UserMessage
from ..observe import describe
from ..observe.static import MISSING
from . import summaries
from .element_reader import ElementReader, UnreadableError, element_reader
from .names import object_named

_set_threads = torch.set_num_threads
_without_functions = torch._C.DisableTorchFunction
_without_dispatch = torch._C._DisableTorchDispatch
_is_subclass = type.__subclasscheck__


class _SliceError(Exception):
    """The slice does not fit the tensor."""


def answer(namespace: Dict[str, Any], request: Inspect) -> Inspected:
    """Answer a request. Never raises. Leaves torch with one thread and gradients disabled."""
    try:
        with _without_functions(), _without_dispatch():
            _set_threads(1)
            torch._C._set_grad_enabled(False)
            value = object_named(namespace, request.name)
            problem = _problem(value, request.name)
            if problem is not None:
                return Inspected(request.run, request.query, problem=problem)
            return Inspected(request.run, request.query, _inspection(value, request.slice))
    except _SliceError:
        problem = UserMessage("bad-slice", request.slice)
    except Exception as error:
        problem = UserMessage("tensor-unreadable", type(error).__name__)
    return Inspected(request.run, request.query, problem=problem)


def _problem(value: Any, name: str) -> Optional[UserMessage]:
    if value is MISSING:
        return UserMessage("no-such-tensor", name)
    return None if _is_inspectable(value) else UserMessage("not-a-tensor", name)


def _is_inspectable(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    array = getattr(numpy, "ndarray", None)
    kind = type(value)
    return _is_subclass(torch.Tensor, kind) or (array is not None and _is_subclass(array, kind))


def _inspection(value: Any, written: str) -> Inspection:
    gradient = None
    if _is_subclass(torch.Tensor, type(value)):
        held = describe.gradient(value)
        gradient = None if held is None else describe.describe(held)
    numbers, reason = None, None
    try:
        numbers = _numbers(element_reader(value), written)
    except UnreadableError as error:
        reason = error.user_message
    except (RuntimeError, MemoryError, NotImplementedError, ValueError) as error:
        reason = UserMessage("values-unreadable", str(error).split("\n")[0] or type(error).__name__)
    details = describe.details(value)
    return Inspection(
        describe.describe(value),
        None if details is None else details.nbytes,
        None if details is None else details.stride,
        gradient,
        numbers,
        reason,
    )


def _numbers(found: ElementReader, written: str) -> NumericSummary:
    indices, starts = _parse_slice(found.sizes, written)
    window = [slice(None) if at < 0 else at for at in indices]
    shown = [axis for axis, at in enumerate(indices) if at < 0]
    row_axis = shown[0] if len(shown) == 2 else None
    column_axis = shown[-1] if shown else None
    numbers, sampled = summaries.sample(found)
    row, column = (0, 0) if column_axis is None else (starts.get(row_axis, 0), starts[column_axis])
    is_slice_empty = any(size == 0 for size, at in zip(found.sizes, indices) if at >= 0)
    return NumericSummary(
        found.content,
        found.sizes,
        indices,
        row_axis,
        column_axis,
        sampled,
        summaries.statistics(numbers),
        summaries.histogram(numbers),
        Block(row, column, ()) if is_slice_empty else summaries.block(found, window, row, column),
        None if is_slice_empty else summaries.heat_map(found, window),
        summaries.picture(found, [max(at, 0) for at in indices[:-3]]),
    )


def _parse_slice(
    sizes: Tuple[int, ...], written: str
) -> Tuple[Tuple[int, ...], Dict[Optional[int], int]]:
    """Parse a slice as Python writes it between brackets.

    Return for each dimension its fixed index or -1, and for each shown dimension its first index.
    """
    parts = [part.strip() for part in written.split(",")] if written.strip() else []
    if len(parts) > len(sizes):
        raise _SliceError
    indices: List[int] = []
    starts: Dict[Optional[int], int] = {}
    for axis, part in enumerate(parts):
        if part.endswith(":"):
            starts[axis] = _index(part[:-1], sizes[axis]) if part != ":" else 0
            indices.append(-1)
        else:
            indices.append(_index(part, sizes[axis]))
    remaining = 2 - len(starts)
    if remaining < 0:
        raise _SliceError
    rest = len(sizes) - len(parts)
    for axis in range(len(parts), len(sizes)):
        is_shown = len(sizes) - axis <= min(remaining, rest)
        if is_shown:
            starts[axis] = 0
        indices.append(-1 if is_shown else 0)
    return tuple(indices), starts


def _index(text: str, size: int) -> int:
    try:
        index = int(text)
    except ValueError:
        raise _SliceError from None
    index = index + size if index < 0 else index
    if not 0 <= index < max(size, 1):
        raise _SliceError
    return index
