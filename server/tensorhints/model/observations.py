"""The observations of one run at one hint location."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from .locations import HintLocation
from .values import TensorDetails, Value


@dataclass(frozen=True)
class Observation:
    """All signatures that were seen at a hint location, in the order of their first appearance.

    Attributes:
        counts: How often each of `values` was seen, in the same order.
        last: The index of the value that was seen last; `details` belong to it.
        lower_bound: Whether each count is a lower bound, since probes were switched off for a time.
    """

    location: HintLocation
    values: Tuple[Value, ...]
    counts: Tuple[int, ...]
    last: int
    lower_bound: bool = False
    details: Optional[TensorDetails] = None
