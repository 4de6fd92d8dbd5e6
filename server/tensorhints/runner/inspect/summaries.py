"""Summaries of a tensor: statistics, a histogram, a window of elements, a heat map, a picture.

The conditions of `element_reader` apply. A large tensor is sampled evenly with jitter: one element
at a varying offset in each stretch, so that periods in the tensor do not bias the sample.
"""

from __future__ import annotations

import base64
import math
from typing import Any, List, Optional, Sequence, Tuple, Union

import torch

from ...model.inspections import Block, HeatMap, Histogram, Picture, Statistics
from ..observe.describe import number_text
from .element_reader import METHODS, ElementReader

MOST_READ = 1 << 20
"""The most elements that are read: larger tensors are sampled."""

BINS = 64  # at most, of a histogram
BLOCK = 64  # rows and columns of a window
HEAT_MAP = 128  # rows and columns of a heat map, at most
PICTURE = 256  # height and width of a picture, at most

_GOLDEN = 0.6180339887498949
_arange, _tensor, _stack, _bucketize = torch.arange, torch.tensor, torch.stack, torch.bucketize
_float64, _int64 = torch.float64, torch.int64


def sample(reader: ElementReader) -> Tuple[Any, bool]:
    """Return the elements in one dimension, and whether they are only a sample."""
    if reader.count <= MOST_READ:
        everything = reader.read((slice(None),) * len(reader.sizes))
        return METHODS.reshape(everything, (-1,)), False
    index = _arange(MOST_READ, dtype=_float64)
    stretch = reader.count / MOST_READ
    jitter = METHODS.remainder(METHODS.mul(index, _GOLDEN), 1.0)
    flat = METHODS.to(METHODS.mul(METHODS.add(index, jitter), stretch), _int64)
    positions: List[Any] = []
    for size in reversed(reader.sizes):
        positions.append(METHODS.remainder(flat, size))
        flat = METHODS.floor_divide(flat, size)
    positions[-1] = METHODS.clamp(positions[-1], max=reader.sizes[0] - 1)
    return reader.read(tuple(reversed(positions))), True


def reals(numbers: Any) -> Any:
    """Return real numbers: magnitudes of complex ones, 0 and 1 for booleans; integers as int64."""
    dtype = numbers.dtype
    if dtype.is_complex:
        return METHODS.abs(numbers)
    if dtype is torch.bool:
        return METHODS.to(numbers, _int64)
    if dtype.is_floating_point or dtype is _int64:
        return numbers
    signed = METHODS.view(numbers, _int64)  # uint64
    fits = not METHODS.numel(signed) or METHODS.item(METHODS.amin(signed)) >= 0
    return signed if fits else METHODS.to(numbers, _float64)


def statistics(numbers: Any) -> Statistics:
    """Return the statistics of one-dimensional numbers."""
    values = reals(numbers)
    finite = _finite(values)
    count = METHODS.numel(finite)
    mean, deviation = _moments(METHODS.to(finite, _float64))
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
    """Return mean and standard deviation, without overflow even if the squares overflow."""
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
    """Return the histogram of the finite numbers, or `None` if there are none."""
    values = _finite(reals(numbers))
    count = METHODS.numel(values)
    if not count:
        return None
    low, high = METHODS.item(METHODS.amin(values)), METHODS.item(METHODS.amax(values))
    edges = _edges(low, high, count, is_whole=not values.dtype.is_floating_point)
    inner = _tensor(edges[1:-1], dtype=_float64)
    bins = _bucketize(METHODS.to(values, _float64), inner, right=True)
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


def block(reader: ElementReader, window: Sequence[Any], row: int, column: int) -> Block:
    """Return a window of at most `BLOCK` × `BLOCK` elements that begins at (`row`, `column`).

    `window` has an index for each dimension: a slice for those that are shown, else an int.
    """
    shown = [axis for axis, part in enumerate(window) if isinstance(part, slice)]
    starts = dict(zip(reversed(shown), (column, row)))
    index = tuple(
        slice(starts[axis], starts[axis] + BLOCK) if axis in starts else part
        for axis, part in enumerate(window)
    )
    rows = _as_rows(reader.read(index), len(shown))
    return Block(row, column, tuple(tuple(map(_text, line)) for line in METHODS.tolist(rows)))


def heat_map(reader: ElementReader, window: Sequence[Any]) -> Optional[HeatMap]:
    """Return the heat map of a slice (see `block`), or `None` if there is nothing to draw."""
    shown = [axis for axis, part in enumerate(window) if isinstance(part, slice)]
    sizes = [reader.sizes[axis] for axis in shown]
    if not shown or 0 in sizes:
        return None
    means, steps = _pooled(reader, window, shown, HEAT_MAP)
    rows = [
        [_json_number(number) for number in row]
        for row in METHODS.tolist(_as_rows(means, len(shown)))
    ]
    finite = [number for row in rows for number in row if not isinstance(number, str)]
    return HeatMap(
        tuple(map(tuple, rows)),
        min(finite, default=None),
        max(finite, default=None),
        steps[0] if len(shown) == 2 else 1,
        steps[-1],
    )


def picture(reader: ElementReader, leading: Sequence[int]) -> Optional[Picture]:
    """Return the last three dimensions as an image, or `None` if none of them looks like channels.

    `leading` has an index for each dimension before them.
    """
    first = len(reader.sizes) - 3
    if first < 0 or 0 in reader.sizes:
        return None
    sizes = reader.sizes[first:]
    if sizes[0] in (1, 3):
        channel = first
    elif sizes[2] in (1, 3):
        channel = first + 2
    else:
        return None
    across = [axis for axis in range(first, first + 3) if axis != channel]
    if min(reader.sizes[axis] for axis in across) < 2:
        return None
    planes = []
    for number in range(reader.sizes[channel]):
        window: List[Any] = [*leading, slice(None), slice(None), slice(None)]
        window[channel] = number
        planes.append(_pooled(reader, window, across, PICTURE)[0])
    points = _stack(planes, dim=-1)
    kind = reader.read((0,) * len(reader.sizes)).dtype
    low, high = _brightness_range(points, kind)
    scaled = METHODS.mul(METHODS.sub(points, low), 255 / (high - low) if high > low else 0.0)
    clean = METHODS.clamp(METHODS.nan_to_num(scaled, nan=0.0), 0, 255)
    data = METHODS.tolist(METHODS.reshape(METHODS.to(METHODS.round(clean), torch.uint8), (-1,)))
    height, width, channels = points.shape
    text = base64.b64encode(bytes(data)).decode("ascii")
    return Picture(width, height, channels, low, high, text)


def _brightness_range(points: Any, dtype: torch.dtype) -> Tuple[float, float]:
    """Return the values drawn as black and white: 0 to 1 or 255 if all points lie in that range."""
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
    reader: ElementReader, window: Sequence[Any], axes: Sequence[int], most: int
) -> Tuple[Any, List[int]]:
    """Return the means over tiles of a slice, and the size of a tile along each of `axes`.

    There are at most `most` tiles along an axis. Of very large tiles only some elements are read.
    """
    sizes = [reader.sizes[axis] for axis in axes]
    steps = [-(-size // most) for size in sizes]
    read = [min(step, max(1, math.isqrt(MOST_READ // (most * most)))) for step in steps]
    if math.prod(sizes) <= MOST_READ:
        read = steps
    parts = [-(-size // step) for size, step in zip(sizes, steps)]
    index, weights = list(window), []
    for axis, size, step, few, count in zip(axes, sizes, steps, read, parts):
        starts = METHODS.unsqueeze(METHODS.mul(_arange(count), step), 1)
        positions = METHODS.add(starts, METHODS.floor_divide(METHODS.mul(_arange(few), step), few))
        inside = METHODS.to(METHODS.lt(positions, size), _float64)
        weights.append(METHODS.div(inside, METHODS.sum(inside, 1, keepdim=True)))
        index[axis] = METHODS.reshape(METHODS.clamp(positions, max=size - 1), (-1,))
    if len(axes) == 2:
        index[axes[0]] = METHODS.unsqueeze(index[axes[0]], 1)
        down = METHODS.reshape(weights[0], (parts[0], read[0], 1, 1))
        weights = [METHODS.mul(down, weights[1])]
    values = METHODS.to(reals(reader.read(tuple(index))), _float64)
    shape = [n for count, few in zip(parts, read) for n in (count, few)]
    shares = METHODS.mul(METHODS.reshape(values, shape), weights[0])
    # Beyond the end of an axis its last element was read: leave it out.
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


def _json_number(number: float) -> Union[float, str]:
    """Return a number as JSON can hold it, as precise as a colour needs."""
    return float(f"{number:.6g}") if math.isfinite(number) else str(number)
