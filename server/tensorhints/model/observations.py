"""What one run saw at one place: every signature with its count, in the order of appearance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from .locations import HintLocation
from .values import TensorDetails, Value


@dataclass(frozen=True)
class Observation:
    """`values` and `counts` stand side by side; `last` is the index of the value seen last, and
    `details` belong to it. Where `lower_bound` is true each count is "at least".
    """

    location: HintLocation
    values: Tuple[Value, ...]
    counts: Tuple[int, ...]
    last: int
    lower_bound: bool = False
    details: Optional[TensorDetails] = None
