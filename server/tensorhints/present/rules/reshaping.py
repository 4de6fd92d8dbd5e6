"""Rules for view, reshape, permute, expand, cat, stack, and dimensions that do not exist."""

from __future__ import annotations

import math
import re

from tensorhints.present.cases import Argument, Case, Shape, integer

from .reasons import Reason, sizes, source

_RANGE = re.compile(
    r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)"
)


def element_count(case: Case) -> Reason | None:
    """`view` or `reshape` to another number of elements."""
    if case.function not in ("view", "reshape") or not case.arguments:
        return None
    own, wanted = case.arguments[0].shape, _sizes_after(case, "shape")
    if own is None or not wanted:
        return None
    if wanted.count(-1) > 1:
        return Reason("explain.two-unknown-sizes", {"shape": sizes(wanted)})
    if any(size < -1 for size in wanted):
        return None
    count, known = math.prod(own), math.prod(size for size in wanted if size != -1)
    fields: dict[str, object] = {"count": count, "shape": sizes(wanted), "known": known}
    if -1 in wanted:
        if known == 0 or count % known == 0:
            return None
        return Reason("explain.view-divides", fields)
    return Reason("explain.view-count", fields) if known != count else None


def view_order(case: Case) -> Reason | None:
    """`view` of a tensor whose strides do not allow it."""
    if case.function != "view" or "view size is not compatible" not in case.message:
        return None
    fields: dict[str, object] = {"name": source(case.arguments[0].text) if case.arguments else ""}
    return Reason("explain.view-order", fields, "explain.advice.reshape")


def permutation(case: Case) -> Reason | None:
    """`permute` with missing or repeated dimensions."""
    if case.function != "permute" or not case.arguments:
        return None
    own, dims = case.arguments[0].shape, _sizes_after(case, "dims")
    if own is None or dims is None:
        return None
    if len(dims) != len(own):
        return Reason(
            "explain.permute-count",
            {"given": len(dims), "rank": len(own), "name": source(case.arguments[0].text)},
        )
    dimensions = [dim % len(own) for dim in dims if -len(own) <= dim < len(own)]
    for dimension in dimensions:
        if dimensions.count(dimension) > 1:
            return Reason("explain.permute-twice", {"dimension": dimension})
    return None


def expansion(case: Case) -> Reason | None:
    """`expand` of a dimension whose size is not 1."""
    if case.function != "expand" or not case.arguments:
        return None
    own, wanted = case.arguments[0].shape, _sizes_after(case, "size")
    if own is None or wanted is None:
        return None
    if len(wanted) < len(own):
        return Reason("explain.expand-count", {"given": len(wanted), "rank": len(own)})
    for offset in range(1, len(own) + 1):
        size, new = own[-offset], wanted[-offset]
        if size != 1 and new not in (-1, size):
            return Reason(
                "explain.expand-size",
                {"dimension": len(own) - offset, "size": size, "wanted": new},
            )
    return None


def concatenation(case: Case) -> Reason | None:
    """`cat` of tensors whose other sizes differ."""
    if case.function not in ("cat", "concat", "concatenate"):
        return None
    shapes = _shapes(case)
    if shapes is None:
        return None
    if not shapes:
        return Reason("explain.no-tensors", {"function": case.function})
    shapes = [shape for shape in shapes if shape != (0,)]  # cat accepts an empty one with any shape
    for shape in shapes[1:]:
        if len(shape) != len(shapes[0]):
            return Reason("explain.cat-ranks", {"left": sizes(shapes[0]), "right": sizes(shape)})
    given = case.given(1, "dim")
    dim = 0 if given is None else given.integer
    if not shapes or dim is None or not -len(shapes[0]) <= dim < len(shapes[0]):
        return None
    dim %= len(shapes[0])
    for shape in shapes[1:]:
        for index, (left, right) in enumerate(zip(shapes[0], shape, strict=True)):
            if index != dim and left != right:
                return Reason(
                    "explain.cat-sizes",
                    {"dim": dim, "dimension": index, "left": left, "right": right},
                )
    return None


def stacking(case: Case) -> Reason | None:
    """`stack` of tensors with different shapes."""
    if case.function != "stack":
        return None
    shapes = _shapes(case)
    if shapes is None:
        return None
    if not shapes:
        return Reason("explain.no-tensors", {"function": "stack"})
    for shape in shapes[1:]:
        if shape != shapes[0]:
            return Reason("explain.stack-sizes", {"left": sizes(shapes[0]), "right": sizes(shape)})
    return None


def missing_dimension(case: Case) -> Reason | None:
    """A dimension that is out of range."""
    found = _RANGE.search(case.message)
    if found is None:
        return None
    low, high, got = map(int, found.groups())
    fields: dict[str, object] = {"dimension": got, "low": low, "high": high}
    first = case.arguments[0] if case.arguments else None
    if case.function is not None and first is not None and first.shape is not None:
        rank = len(first.shape)
        if high == rank - 1 and rank > 0:
            fields |= {"name": source(first.text), "rank": rank}
            return Reason("explain.dimension", fields)
    return Reason("explain.dimension-range", fields)


def split_sizes(case: Case) -> Reason | None:
    """`split` into sizes with another sum."""
    if case.function not in ("split", "split_with_sizes") or len(case.arguments) < 2:
        return None
    own, parts = case.arguments[0].shape, _integers(case.arguments[1])
    given = case.given(2, "dim")
    dim = 0 if given is None else given.integer
    if not own or parts is None or dim is None or not -len(own) <= dim < len(own):
        return None
    if isinstance(case.arguments[1].integer, int) or sum(parts) == own[dim]:
        return None
    fields: dict[str, object] = {"sum": sum(parts), "size": own[dim], "dimension": dim}
    return Reason("explain.split-sizes", fields)


def _sizes_after(case: Case, keyword: str) -> Shape | None:
    """Return the sizes in a call: `view(2, 3)`, `view((2, 3))`, `reshape(x, (2, 3))`."""
    named = case.keywords.get(keyword)
    rest = (named,) if named is not None else case.arguments[1:]
    if named is None and len(rest) + 1 < _positional(case):
        return None
    if len(rest) == 1 and rest[0].items is not None:
        return _integers(rest[0])
    found = tuple(number for item in rest if (number := item.integer) is not None)
    return found if len(found) == len(rest) else None


def _positional(case: Case) -> int:
    return sum(o.role not in ("callee", "keyword") for o in case.operation.operands)


def _integers(argument: Argument) -> Shape | None:
    if argument.items is None:
        return None if argument.integer is None else (argument.integer,)
    found = tuple(number for item in argument.items if (number := integer(item)) is not None)
    return found if len(found) == len(argument.items) else None


def _shapes(case: Case) -> list[Shape] | None:
    given = case.given(0, "tensors")
    if given is None or given.items is None:
        return None
    shapes = [Argument("", item).shape for item in given.items]
    known = [shape for shape in shapes if shape is not None]
    return known if len(known) == len(shapes) else None


RULES = (
    element_count,
    view_order,
    permutation,
    expansion,
    concatenation,
    stacking,
    split_sizes,
    missing_dimension,
)
