"""Few words on many numbers: statistics, a histogram, a window, a map of colours, a picture.

Takes `Reading`s, under the same conditions. What is too large to be looked at whole is sampled: the
elements lie evenly, each at a place of its own within its stretch, so that no period of the tensor
can hide in them.
"""

from __future__ import annotations

import base64
import math
from typing import Any, List, Optional, Sequence, Tuple, Union

import torch

from ...model.inspections import Block, HeatMap, Histogram, Picture, Statistics
from ..observe.describe import number_text
from .sampling import METHODS, Reading

WHOLE = 1 << 20
"""Elements that are looked at one by one; of a larger tensor so many are a sample."""

BINS = 64
BLOCK = 64
HEAT = 128
PICTURE = 256

_GOLDEN = 0.6180339887498949
_arange, _tensor, _stack, _bucketize = torch.arange, torch.tensor, torch.stack, torch.bucketize
_real, _whole = torch.float64, torch.int64


def sample(reading: Reading) -> Tuple[Any, bool]:
    """The numbers in one dimension, and whether some were left out."""
    if reading.count <= WHOLE:
        everything = reading.read((slice(None),) * len(reading.sizes))
        return METHODS.reshape(everything, (-1,)), False
    index = _arange(WHOLE, dtype=_real)
    stretch = reading.count / WHOLE
    jitter = METHODS.remainder(METHODS.mul(index, _GOLDEN), 1.0)
    flat = METHODS.to(METHODS.mul(METHODS.add(index, jitter), stretch), _whole)
    locations: List[Any] = []
    for size in reversed(reading.sizes):
        locations.append(METHODS.remainder(flat, size))
        flat = METHODS.floor_divide(flat, size)
    locations[-1] = METHODS.clamp(locations[-1], max=reading.sizes[0] - 1)
    return reading.read(tuple(reversed(locations))), True


def reals(numbers: Any) -> Any:
    """Whole numbers stay whole, a complex number becomes its magnitude, a boolean 0 or 1."""
    dtype = numbers.dtype
    if dtype.is_complex:
        return METHODS.abs(numbers)
    if dtype is torch.bool:
        return METHODS.to(numbers, _whole)
    if dtype.is_floating_point or dtype is _whole:
        return numbers
    signed = METHODS.view(numbers, _whole)  # of 64 bits without a sign
    fits = not METHODS.numel(signed) or METHODS.item(METHODS.amin(signed)) >= 0
    return signed if fits else METHODS.to(numbers, _real)


def statistics(numbers: Any) -> Statistics:
    values = reals(numbers)
    finite = _finite(values)
    count = METHODS.numel(finite)
    mean, deviation = _moments(METHODS.to(finite, _real))
    return Statistics(
        count=METHODS.numel(values),
        minimum=number_text(METHODS.item(METHODS.amin(finite))) if count else None,
        maximum=number_text(METHODS.item(METHODS.amax(finite))) if count else None,
        mean=None if mean is None else number_text(mean),
        deviation=None if deviation is None else number_text(deviation),
        nan=_count(METHODS.isnan(values)),
        inf=_count(METHODS.isinf(values)),
        zeros=_count(METHODS.eq(values, 0)),
        trues=_count(numbers) if numbers.dtype is torch.bool else None,
    )


def _moments(values: Any) -> Tuple[Optional[float], Optional[float]]:
    """Mean and standard deviation, of numbers whose squares no float can hold too."""
    count = METHODS.numel(values)
    if not count:
        return None, None
    scale = METHODS.item(METHODS.amax(METHODS.abs(values)))
    if scale == 0 or 1e-100 < scale < 1e100:
        scale = 1.0
    scaled = METHODS.div(values, scale)
    deviation = METHODS.item(METHODS.std(scaled)) * scale if count > 1 else None
    return METHODS.item(METHODS.mean(scaled)) * scale, deviation


def histogram(numbers: Any) -> Optional[Histogram]:
    values = _finite(reals(numbers))
    count = METHODS.numel(values)
    if not count:
        return None
    low, high = METHODS.item(METHODS.amin(values)), METHODS.item(METHODS.amax(values))
    edges = _edges(low, high, count, is_whole=not values.dtype.is_floating_point)
    inner = _tensor(edges[1:-1], dtype=_real)
    bins = _bucketize(METHODS.to(values, _real), inner, right=True)
    counts = METHODS.bincount(bins, minlength=len(edges) - 1)
    return Histogram(tuple(edges), tuple(METHODS.tolist(counts)))


def _edges(low: float, high: float, count: int, *, is_whole: bool) -> List[float]:
    if is_whole and high - low < BINS:
        return [float(edge) for edge in range(int(low), int(high) + 2)]
    bins = min(BINS, max(8, math.isqrt(count)))
    parts = (part / bins for part in range(bins + 1))
    edges = sorted({float(low) * (1 - part) + float(high) * part for part in parts})
    if len(edges) > 1:
        return edges
    around = abs(edges[0]) / 2 or 0.5
    return [edges[0] - around, edges[0] + around]


def block(reading: Reading, window: Sequence[Any], row: int, column: int) -> Block:
    """`window` has an index for each dimension: an int where it is cut, else a slice."""
    shown = [axis for axis, part in enumerate(window) if isinstance(part, slice)]
    starts = dict(zip(reversed(shown), (column, row)))
    index = tuple(
        slice(starts[axis], starts[axis] + BLOCK) if axis in starts else part
        for axis, part in enumerate(window)
    )
    rows = _as_rows(reading.read(index), len(shown))
    return Block(row, column, tuple(tuple(map(_text, line)) for line in METHODS.tolist(rows)))


def heat(reading: Reading, window: Sequence[Any]) -> Optional[HeatMap]:
    shown = [axis for axis, part in enumerate(window) if isinstance(part, slice)]
    sizes = [reading.sizes[axis] for axis in shown]
    if not shown or 0 in sizes:
        return None
    means, steps = _pooled(reading, window, shown, HEAT)
    rows = [
        [_told(number) for number in row] for row in METHODS.tolist(_as_rows(means, len(shown)))
    ]
    finite = [number for row in rows for number in row if not isinstance(number, str)]
    return HeatMap(
        tuple(map(tuple, rows)),
        min(finite, default=None),
        max(finite, default=None),
        steps[0] if len(shown) == 2 else 1,
        steps[-1],
    )


def picture(reading: Reading, cut: Sequence[int]) -> Optional[Picture]:
    """`cut` is the index for each dimension but the last three."""
    first = len(reading.sizes) - 3
    if first < 0 or 0 in reading.sizes:
        return None
    sizes = reading.sizes[first:]
    if sizes[0] in (1, 3):
        channel = first
    elif sizes[2] in (1, 3):
        channel = first + 2
    else:
        return None
    across = [axis for axis in range(first, first + 3) if axis != channel]
    if min(reading.sizes[axis] for axis in across) < 2:
        return None
    planes = []
    for number in range(reading.sizes[channel]):
        window: List[Any] = [*cut, slice(None), slice(None), slice(None)]
        window[channel] = number
        planes.append(_pooled(reading, window, across, PICTURE)[0])
    points = _stack(planes, dim=-1)
    kind = reading.read((0,) * len(reading.sizes)).dtype
    low, high = _span(points, kind)
    scaled = METHODS.mul(METHODS.sub(points, low), 255 / (high - low) if high > low else 0.0)
    clean = METHODS.clamp(METHODS.nan_to_num(scaled, nan=0.0), 0, 255)
    data = METHODS.tolist(METHODS.reshape(METHODS.to(METHODS.round(clean), torch.uint8), (-1,)))
    height, width, channels = points.shape
    text = base64.b64encode(bytes(data)).decode("ascii")
    return Picture(width, height, channels, low, high, text)


def _span(points: Any, dtype: torch.dtype) -> Tuple[float, float]:
    """What is drawn as black and as white: the usual range of pictures where all lies in it."""
    finite = _finite(points)
    if not METHODS.numel(finite):
        return 0.0, 1.0
    low, high = METHODS.item(METHODS.amin(finite)), METHODS.item(METHODS.amax(finite))
    if low >= 0:
        if high <= 1 and (dtype.is_floating_point or dtype is torch.bool):
            return 0.0, 1.0
        if high <= 255 and not dtype.is_floating_point and dtype is not torch.bool:
            return 0.0, 255.0
    return low, high


def _pooled(
    reading: Reading, window: Sequence[Any], axes: Sequence[int], most: int
) -> Tuple[Any, List[int]]:
    """The means of a slice over parts of `steps` elements an axis, so that at most `most` parts are
    left. Of very large parts a few elements are looked at.
    """
    sizes = [reading.sizes[axis] for axis in axes]
    steps = [-(-size // most) for size in sizes]
    looked = [min(step, max(1, math.isqrt(WHOLE // (most * most)))) for step in steps]
    if math.prod(sizes) <= WHOLE:
        looked = steps
    parts = [-(-size // step) for size, step in zip(sizes, steps)]
    index, weights = list(window), []
    for axis, size, step, few, count in zip(axes, sizes, steps, looked, parts):
        starts = METHODS.unsqueeze(METHODS.mul(_arange(count), step), 1)
        locations = METHODS.add(starts, METHODS.floor_divide(METHODS.mul(_arange(few), step), few))
        inside = METHODS.to(METHODS.lt(locations, size), _real)
        weights.append(METHODS.div(inside, METHODS.sum(inside, 1, keepdim=True)))
        index[axis] = METHODS.reshape(METHODS.clamp(locations, max=size - 1), (-1,))
    if len(axes) == 2:
        index[axes[0]] = METHODS.unsqueeze(index[axes[0]], 1)
        down = METHODS.reshape(weights[0], (parts[0], looked[0], 1, 1))
        weights = [METHODS.mul(down, weights[1])]
    values = METHODS.to(reals(reading.read(tuple(index))), _real)
    shape = [n for count, few in zip(parts, looked) for n in (count, few)]
    shares = METHODS.mul(METHODS.reshape(values, shape), weights[0])
    # Past the end of an axis its last element was read again.
    shares = METHODS.masked_fill(shares, METHODS.eq(weights[0], 0), 0.0)
    return METHODS.sum(shares, tuple(range(1, len(shape), 2))), steps


def _as_rows(numbers: Any, dimensions: int) -> Any:
    for _ in range(2 - dimensions):
        numbers = METHODS.unsqueeze(numbers, 0)
    return numbers


def _finite(values: Any) -> Any:
    if not values.dtype.is_floating_point:
        return values
    return METHODS.__getitem__(values, METHODS.isfinite(values))


def _count(which: Any) -> int:
    return int(METHODS.item(METHODS.sum(which)))


def _text(number: Any) -> str:
    return str(number) if type(number) is bool else number_text(number)


def _told(number: float) -> Union[float, str]:
    """As JSON can say it, and no longer than a colour needs."""
    return float(f"{number:.6g}") if math.isfinite(number) else str(number)
