"""Rules for subscripts and look-ups: indices must exist, masks must have the tensor's shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tensorhints.model.values import OtherObject, Sequence, Tensor, Value
from tensorhints.present.cases import Argument, Case, Shape, integer

from .reasons import Reason, sizes, source

_OUT_OF_BOUNDS = re.compile(r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)")
_INDEX_DTYPES = frozenset(("int64", "int32", "int16", "int8", "uint8", "bool"))
_LOOKUPS = frozenset(("gather", "scatter", "scatter_add", "index_select", "take_along_dim"))


def number_without_dimensions(case: Case) -> Reason | None:
    """An index on a tensor without dimensions."""
    base = _base(case)
    if base is None or base.shape != () or not isinstance(base.value, Tensor):
        return None
    index = _index_items(case)
    if index is None or not any(integer(item) is not None for item in index):
        return None
    return Reason("explain.index-number", {"name": source(base.text)}, "explain.advice.item")


def too_many_indices(case: Case) -> Reason | None:
    """More indices than dimensions."""
    base, index = _base(case), _index_items(case)
    if base is None or base.shape is None or index is None or not base.shape:
        return None
    used = [_consumed(item) for item in index]
    known = [count for count in used if count is not None]
    if len(known) < len(used) or sum(known) <= len(base.shape):
        return None
    return Reason(
        "explain.too-many-indices",
        {"given": sum(known), "name": source(base.text), "rank": len(base.shape)},
    )


def index_out_of_range(case: Case) -> Reason | None:
    """An index past the end of its dimension."""
    base, index = _base(case), _index_items(case)
    if base is None or base.shape is None or index is None:
        return None
    for item, dimension, used in _placed(index):
        if dimension + used > len(base.shape):
            return None
        number = integer(item)
        if number is not None:
            size = base.shape[dimension]
            if not -size <= number < size:
                return _past_the_end(number, dimension, size)
    return None


def looked_up_out_of_range(case: Case) -> Reason | None:
    """An index in a tensor of indices that is out of range; torch's message names it."""
    found = _OUT_OF_BOUNDS.search(case.message)
    base = _base(case)
    if base is None and case.function in _LOOKUPS and case.arguments:
        base = case.arguments[0]
    if found is None or base is None or base.shape is None:
        return None
    index, dimension, size = map(int, found.groups())
    if dimension >= len(base.shape) or base.shape[dimension] != size:
        return None
    return _past_the_end(index, dimension, size)


def mask_shape(case: Case) -> Reason | None:
    """A mask whose shape differs from the tensor's."""
    base, index = _base(case), _index_items(case)
    if base is None or base.shape is None or index is None:
        return None
    for item, dimension, used in _placed(index):
        if isinstance(item, Tensor) and item.dtype in ("bool", "uint8"):
            mask = Argument("", item).shape
            own = base.shape[dimension : dimension + used]
            if mask is not None and len(own) == len(mask) and mask != own:
                return Reason(
                    "explain.mask-shape",
                    {"mask": sizes(mask), "name": source(base.text), "own": sizes(own)},
                )
    return None


def index_type(case: Case) -> Reason | None:
    """A tensor of indices with a float dtype."""
    index = _index_items(case)
    if _base(case) is None or index is None or "tensors used as indices" not in case.message:
        return None
    for item in index:
        if isinstance(item, Tensor) and item.dtype not in _INDEX_DTYPES:
            return Reason("explain.index-type", {"dtype": item.dtype}, "explain.advice.long")
    return None


def container_index(case: Case) -> Reason | None:
    """An index past the end of a list or tuple."""
    if case.operation.kind != "subscript" or len(case.arguments) < 2:
        return None
    base, number = case.arguments[0].value, case.arguments[1].integer
    if not isinstance(base, Sequence) or number is None or -base.length <= number < base.length:
        return None
    return Reason(
        "explain.container-index",
        {"index": number, "type": source(base.type_name), "length": base.length},
    )


def _past_the_end(index: int, dimension: int, size: int) -> Reason:
    if size == 0:
        return Reason("explain.index-empty", {"index": index, "dimension": dimension})
    fields: dict[str, object] = {
        "index": index,
        "dimension": dimension,
        "size": size,
        "last": size - 1,
    }
    return Reason("explain.index", fields)


def _base(case: Case) -> Argument | None:
    if case.operation.kind != "subscript" or not case.arguments:
        return None
    return case.arguments[0] if case.arguments[0].tensor is not None else None


def _index_items(case: Case) -> tuple[Value, ...] | None:
    """Return the parts of a subscript if all are known."""
    if len(case.arguments) < 2:
        return None
    index = case.arguments[1]
    if isinstance(index.value, Sequence):
        # A list is one index of its own kind; only a tuple stands for several.
        return index.items if index.value.type_name == "tuple" else None
    return None if index.value is None else (index.value,)


def _placed(index: tuple[Value, ...]) -> Iterator[tuple[Value, int, int]]:
    """Yield (part, first dimension, number of dimensions) as far as these are known."""
    dimension = 0
    for item in index:
        used = _consumed(item)
        if used is None or _is_ellipsis(item):
            return
        yield item, dimension, used
        dimension += used


def _is_ellipsis(item: Value) -> bool:
    """Whether a part is `...`, after which dimensions count from the end."""
    return isinstance(item, OtherObject) and item.type_name == "ellipsis"


def _consumed(item: Value) -> int | None:
    """Return how many dimensions a part of a subscript uses, or None if that is unclear."""
    if isinstance(item, Tensor):
        shape: Shape | None = Argument("", item).shape
        if shape is None:
            return None
        return len(shape) if item.dtype in ("bool", "uint8") else 1
    if isinstance(item, OtherObject):
        if item.type_name in ("NoneType", "ellipsis"):
            return 0
        if item.type_name in ("int", "slice"):
            return 1
    return None


RULES = (
    number_without_dimensions,
    too_many_indices,
    index_out_of_range,
    mask_shape,
    index_type,
    looked_up_out_of_range,
    container_index,
)
