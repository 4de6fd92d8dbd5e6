"""What the inspector tells of one tensor's values. Small, however large the tensor is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple, Union

from .user_messages import UserMessage
from .values import Value


@dataclass(frozen=True)
class Statistics:
    """Of the `looked` numbers that were looked at. `low`, `high`, `mean` and `deviation` are of the
    finite ones, as text. `trues` is `None` for all but booleans.
    """

    looked: int
    low: Optional[str]
    high: Optional[str]
    mean: Optional[str]
    deviation: Optional[str]
    nan: int
    inf: int
    zeros: int
    trues: Optional[int]


@dataclass(frozen=True)
class Histogram:
    """`counts[i]` finite numbers lie from `edges[i]` to before `edges[i + 1]`; the last edge counts
    among the last.
    """

    edges: Tuple[float, ...]
    counts: Tuple[int, ...]


@dataclass(frozen=True)
class HeatMap:
    """Each number stands for `row_step` by `column_step` of the tensor's: their mean, or `nan`,
    `inf`, `-inf`.
    """

    rows: Tuple[Tuple[Union[float, str], ...], ...]
    low: Optional[float]
    high: Optional[float]
    row_step: int
    column_step: int


@dataclass(frozen=True)
class Block:
    """A window on the slice, from `row` and `column` on, as text."""

    row: int
    column: int
    rows: Tuple[Tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """Bytes in base64, row by row, `channels` to a point; `low` is drawn as 0, `high` as 255."""

    width: int
    height: int
    channels: int
    low: float
    high: float
    data: str


VALUES, MAGNITUDES, STORED = "values", "magnitudes", "stored"


@dataclass(frozen=True)
class NumericSummary:
    """The numbers of a tensor. `shows`: `values`, `magnitudes` of complex ones, or those `stored`
    by a sparse tensor. `sizes` is the shape of what is shown; `cut` has for each dimension the
    index where it is cut, -1 where it is shown: as rows where it is `row_axis`, as columns where it
    is `column_axis`. `sampled`: statistics and histogram are of some only.
    """

    shows: str
    sizes: Tuple[int, ...]
    cut: Tuple[int, ...]
    row_axis: Optional[int]
    column_axis: Optional[int]
    sampled: bool
    statistics: Statistics
    histogram: Optional[Histogram]
    block: Block
    heat: Optional[HeatMap]
    picture: Optional[Picture]


@dataclass(frozen=True)
class Inspection:
    """One tensor or array. Where it has no numbers to show, `reason` says why. `gradient` is what
    its `grad` holds.
    """

    value: Value
    nbytes: Optional[int]
    strides: Optional[Tuple[int, ...]]
    gradient: Optional[Value] = None
    numbers: Optional[NumericSummary] = None
    reason: Optional[UserMessage] = None
