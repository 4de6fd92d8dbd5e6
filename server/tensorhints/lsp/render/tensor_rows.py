"""One tensor of the inspector, as the answer of the command `tensor` (docs/protocol.md)."""

from __future__ import annotations

from dataclasses import replace

from tensorhints.lsp.notifications import (
    BlockData,
    HeatMapData,
    HistogramData,
    ImageData,
    StatisticsData,
    TensorAnswer,
)
from tensorhints.model import inspections
from tensorhints.model.inspections import Inspection, NumericSummary
from tensorhints.model.values import Array, Tensor
from tensorhints.present.labels import LabelStyle, text_of
from tensorhints.present.text import printable
from tensorhints.present.user_messages import sentence


def tensor_answer(
    run: int, name: str, found: Inspection, style: LabelStyle, locale: str
) -> TensorAnswer:
    """Return what was found of a tensor at the end of a run."""
    value = found.value
    tensor = value if isinstance(value, Tensor) else None
    dense = value if isinstance(value, (Tensor, Array)) else None
    shape = None if dense is None or dense.shape is None else list(dense.shape)
    answer = TensorAnswer(
        run=run,
        name=printable(name),
        label=text_of(value, style),
        shape=shape,
        dtype="" if dense is None else dense.dtype,
        device=None if tensor is None else tensor.device,
        layout=None if tensor is None else tensor.layout,
        strides=None if found.strides is None else list(found.strides),
        requiresGrad=tensor is not None and tensor.requires_grad,
        grad=None if found.gradient is None else text_of(found.gradient, style),
        bytes=found.nbytes,
        reason=None if found.reason is None else sentence(found.reason, locale),
    )
    return answer if found.numbers is None else _with_numbers(answer, found.numbers)


def _with_numbers(answer: TensorAnswer, numbers: NumericSummary) -> TensorAnswer:
    return replace(
        answer,
        shows=numbers.content,
        sizes=list(numbers.sizes),
        indices=[None if at < 0 else at for at in numbers.indices],
        rowAxis=numbers.row_axis,
        columnAxis=numbers.column_axis,
        sampled=numbers.sampled,
        statistics=_statistics(numbers.statistics),
        histogram=_histogram(numbers.histogram),
        block=_block(numbers.block),
        heat=_heat(numbers.heat_map),
        image=_image(numbers.picture),
    )


def _statistics(found: inspections.Statistics) -> StatisticsData:
    return StatisticsData(
        looked=found.count,
        min=found.minimum,
        max=found.maximum,
        mean=found.mean,
        std=found.deviation,
        nan=found.nan,
        inf=found.inf,
        zeros=found.zeros,
        trues=found.trues,
    )


def _histogram(found: inspections.Histogram | None) -> HistogramData | None:
    return None if found is None else HistogramData(list(found.edges), list(found.counts))


def _block(found: inspections.Block) -> BlockData:
    return BlockData(found.row, found.column, [list(row) for row in found.rows])


def _heat(found: inspections.HeatMap | None) -> HeatMapData | None:
    if found is None:
        return None
    rows = [list(row) for row in found.rows]
    return HeatMapData(rows, found.minimum, found.maximum, found.row_step, found.column_step)


def _image(found: inspections.Picture | None) -> ImageData | None:
    return None if found is None else ImageData(**vars(found))
