"""Values and sightings as the runner would send them, in few words."""

from __future__ import annotations

from tensorhints.model.places import TARGET, Place, Span
from tensorhints.model.sightings import Sighting
from tensorhints.model.values import Details, Other, Tensor, Value

NONE = Other("NoneType", "None")


def tensor(
    *shape: int | str,
    dtype: str = "float32",
    device: str = "cpu",
    requires_grad: bool = False,
    layout: str = "strided",
    guessed: bool = False,
) -> Tensor:
    return Tensor(shape, dtype, device, requires_grad, layout, guessed=guessed)


def place(
    kind: str = TARGET, *, name: str = "x", annotated: bool = False, scope: str = "", line: int = 0
) -> Place:
    span = Span(line, 0, line, len(name))
    return Place(1, "/a.py", kind, name, span, line, len(name), line, line, scope, annotated)


def sighting(
    *values: Value,
    at: Place | None = None,
    counts: tuple[int, ...] | None = None,
    details: Details | None = None,
    lower_bound: bool = False,
) -> Sighting:
    counts = (1,) * len(values) if counts is None else counts
    at = place() if at is None else at
    return Sighting(at, values, counts, len(values) - 1, lower_bound, details)
