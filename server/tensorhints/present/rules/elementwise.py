"""Rules for element-wise operations: broadcasting, and results that must fit in place."""

from __future__ import annotations

from tensorhints.present.cases import OPERATORS, Argument, Case

from .reasons import Reason, broadcast, clash, sizes, source

_FUNCTIONS = frozenset(OPERATORS.values()) - {"matmul"} | {
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "atan2",
    "true_divide",
    "multiply",
    "subtract",
    "divide",
    "logical_and",
    "logical_or",
    "logical_xor",
    "lerp",
}
_LOSSES = frozenset(("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"))
_LOSS_MODULES = frozenset(("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"))


def broadcasting(case: Case) -> Reason | None:
    """Two shapes that do not broadcast."""
    pair = _pair(case)
    if pair is None:
        return None
    a, b = pair[0].shape or (), pair[1].shape or ()
    dimension = clash(a, b)
    if dimension is None:
        return None
    fields: dict[str, object] = {
        "left": a[dimension],
        "right": b[dimension],
        "dimension": dimension,
    }
    for one, other in (pair, pair[::-1]):
        shape, wanted = one.shape or (), other.shape or ()
        if len(shape) == 1 and broadcast((*shape, 1), wanted) == wanted:
            return Reason(
                "explain.broadcast",
                fields,
                "explain.advice.column",
                {"name": source(one.text), "shape": sizes((*shape, 1))},
            )
    return Reason("explain.broadcast", fields)


def in_place_shape(case: Case) -> Reason | None:
    """An in-place result with another shape than its target."""
    pair = _pair(case)
    if pair is None or not case.in_place:
        return None
    a, b = pair[0].shape or (), pair[1].shape or ()
    result = broadcast(a, b)
    if result is None or result == a:
        return None
    fields: dict[str, object] = {"name": source(pair[0].text), "shape": sizes(result)}
    return Reason("explain.in-place-shape", fields)


def in_place_dtype(case: Case) -> Reason | None:
    """An in-place result whose dtype cannot be cast to its target's."""
    target = case.arguments[0] if case.in_place and case.arguments else None
    if target is None or target.dtype is None or "can't be cast to the desired" not in case.message:
        return None
    fields: dict[str, object] = {"name": source(target.text), "dtype": target.dtype}
    return Reason("explain.in-place-dtype", fields)


def _pair(case: Case) -> tuple[Argument, Argument] | None:
    if case.function in _LOSSES or case.called_module in _LOSS_MODULES:
        return case.pair("input", "target")
    return case.pair() if case.function in _FUNCTIONS else None


RULES = (broadcasting, in_place_shape, in_place_dtype)
