"""Short constructors for values and observations as the runner sends them."""

from __future__ import annotations

from tensorhints.model.locations import TARGET, HintLocation, LocationKind, Span
from tensorhints.model.observations import Observation
from tensorhints.model.values import OtherObject, Tensor, TensorDetails, Value

NONE = OtherObject("NoneType", "None")


def tensor(
    *shape: int | str,
    dtype: str = "float32",
    device: str = "cpu",
    requires_grad: bool = False,
    layout: str = "strided",
    guessed: bool = False,
) -> Tensor:
    return Tensor(shape, dtype, device, requires_grad, layout, guessed=guessed)


def location(
    kind: LocationKind = TARGET,
    *,
    name: str = "x",
    annotated: bool = False,
    scope: str = "",
    line: int = 0,
) -> HintLocation:
    span = Span(line, 0, line, len(name))
    return HintLocation(1, "/a.py", kind, name, span, line, len(name), line, line, scope, annotated)


def observation(
    *values: Value,
    at: HintLocation | None = None,
    counts: tuple[int, ...] | None = None,
    details: TensorDetails | None = None,
    lower_bound: bool = False,
) -> Observation:
    counts = (1,) * len(values) if counts is None else counts
    at = location() if at is None else at
    return Observation(at, values, counts, len(values) - 1, lower_bound, details)
