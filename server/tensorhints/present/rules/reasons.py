"""The result of a rule: why an operation failed and what helps, as codes with fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tensorhints.present.cases import Case
from tensorhints.present.text import printable, shortened

# A rule checks for one kind of mistake, and returns a reason only if the operands prove it.
Rule = Callable[[Case], "Reason | None"]


@dataclass(frozen=True)
class Reason:
    """An explanation. `code` and `advice` name sentences in `present.words`."""

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)
    advice: str | None = None
    advice_fields: Mapping[str, object] = field(default_factory=dict)


def sizes(shape: tuple[int | str, ...]) -> str:
    """Return a shape as labels write it."""
    return f"[{','.join(map(str, shape))}]"


def source(text: str, limit: int = 40) -> str:
    """Return an operand's own text, shortened for a sentence."""
    return shortened(printable(text), limit)


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the common shape by torch's broadcasting rule, or None."""
    rank = max((len(shape) for shape in shapes), default=0)
    result = []
    for dimension in range(-rank, 0):
        found = {shape[dimension] for shape in shapes if len(shape) >= -dimension} - {1}
        if len(found) > 1:
            return None
        result.append(found.pop() if found else 1)
    return tuple(result)


def clash(a: tuple[int, ...], b: tuple[int, ...]) -> int | None:
    """Return the last dimension, counted from the end (-1), that does not broadcast, or None."""
    for dimension in range(-1, -min(len(a), len(b)) - 1, -1):
        if a[dimension] != b[dimension] and 1 not in (a[dimension], b[dimension]):
            return dimension
    return None
