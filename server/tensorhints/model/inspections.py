"""The values of one tensor, as the tensor inspector shows them.

Every field has a bounded size, however large the tensor is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Optional, Tuple, Union

from .user_messages import UserMessage
from .values import Value


@dataclass(frozen=True)
class Statistics:
    """Statistics over `count` numbers.

    `minimum`, `maximum`, `mean` and `deviation` (the sample standard deviation) are over the finite
    numbers, as text; `None` if there are none, or too few. `nan`, `inf` and `zeros` are counts.
    `trues` counts true elements of a boolean tensor and is `None` for any other dtype.
    """

    count: int
    minimum: Optional[str]
    maximum: Optional[str]
    mean: Optional[str]
    deviation: Optional[str]
    nan: int
    inf: int
    zeros: int
    trues: Optional[int]


@dataclass(frozen=True)
class Histogram:
    """Counts of the finite numbers by bin.

    Bin `i` is the half-open interval from `edges[i]` to `edges[i + 1]`; the last bin includes its
    upper edge. There is one more edge than there are counts.
    """

    edges: Tuple[float, ...]
    counts: Tuple[int, ...]


@dataclass(frozen=True)
class HeatMap:
    """Means over tiles of `row_step` by `column_step` elements.

    JSON has no `nan` and no infinity: such a mean is the text `nan`, `inf` or `-inf`. `minimum` and
    `maximum` are over the finite means.
    """

    rows: Tuple[Tuple[Union[float, str], ...], ...]
    minimum: Optional[float]
    maximum: Optional[float]
    row_step: int
    column_step: int


@dataclass(frozen=True)
class Block:
    """A window of the shown slice as text. Its first element is at (`row`, `column`)."""

    row: int
    column: int
    rows: Tuple[Tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A tensor drawn as an image of `height` × `width` points.

    `data` holds one byte per channel in base64, row by row; `channels` is 1 (grey) or 3 (RGB). The
    value `low` is drawn as 0 and `high` as 255.
    """

    width: int
    height: int
    channels: int
    low: float
    high: float
    data: str


SummaryContent = Literal["values", "magnitudes", "stored"]
"""The kind of the numbers: the elements, the magnitudes of complex elements, or the stored elements
of a sparse tensor.
"""

VALUES: Final = "values"
MAGNITUDES: Final = "magnitudes"
STORED: Final = "stored"


@dataclass(frozen=True)
class NumericSummary:
    """The numbers of a tensor.

    Attributes:
        sizes: The shape of what is shown, which differs from the tensor's if it is sparse.
        indices: For each dimension the index at which the shown slice lies, or -1 for the (at most
            two) dimensions that are shown whole.
        row_axis: The dimension that is shown as rows.
        column_axis: The dimension that is shown as columns.
        sampled: Whether `statistics` and `histogram` are over a sample only.
    """

    content: SummaryContent
    sizes: Tuple[int, ...]
    indices: Tuple[int, ...]
    row_axis: Optional[int]
    column_axis: Optional[int]
    sampled: bool
    statistics: Statistics
    histogram: Optional[Histogram]
    block: Block
    heat_map: Optional[HeatMap]
    picture: Optional[Picture]


@dataclass(frozen=True)
class Inspection:
    """One tensor or array.

    Attributes:
        nbytes: Bytes of its elements, or `None` if torch cannot tell it.
        strides: In elements, one per dimension.
        gradient: What the tensor's `grad` holds.
        numbers: `None` if there are no numbers to show; `reason` says why.
    """

    value: Value
    nbytes: Optional[int]
    strides: Optional[Tuple[int, ...]]
    gradient: Optional[Value] = None
    numbers: Optional[NumericSummary] = None
    reason: Optional[UserMessage] = None
