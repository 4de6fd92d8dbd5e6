"""The inspector's rows: the tensors that a program's global names hold, and their memory.

The caller maps locations to positions: it knows how the text has moved and how the client counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypedDict

from tensorhints.model.locations import BINDING_KINDS, COMPREHENSION, HintLocation
from tensorhints.model.messages import DeviceMemory, LiveTensor
from tensorhints.model.observations import Observation
from tensorhints.model.values import Array, Tensor, Value

from .labels import DEFAULT_STYLE, LabelStyle, text_of
from .text import printable

# The current position of a location for the client (document, line, character); None if deleted.
Position = Callable[[HintLocation], tuple[str, int, int] | None]


class TensorRow(TypedDict):
    """One name of the program's top level and the tensor or NumPy array that it is bound to."""

    name: str
    uri: str | None
    """The document, or the notebook's cell, in which the name is bound.

    Like `line` and `character`, it is null once the binding's line has been edited.
    """
    line: int | None
    character: int | None
    label: str
    shape: list[int | str] | None
    dtype: str
    device: str | None
    requiresGrad: bool
    bytes: int | None
    """Null while it is not known."""
    alive: bool | None
    """Whether the program still holds it at the end; null while the program runs."""


class DeviceTotal(TypedDict):
    """The memory of one device, in bytes."""

    tensors: int
    """The number of rows."""
    bytes: int
    """The memory of the rows; memory that several tensors share counts once."""
    allocated: int | None
    """Everything that the program holds on the device; null while it is not known.

    For a GPU it is what PyTorch reports, from when the program first uses the GPU; for the CPU and
    for simulated devices, what the names of the top level hold at the end (tensors, modules,
    optimizers, containers).
    """
    reserved: int | None
    """Null unless the device is a GPU."""
    peak: int | None
    """Null unless the device is a GPU."""


class Inspection(TypedDict):
    """All rows, and the totals by device."""

    rows: list[TensorRow]
    totals: dict[str, DeviceTotal]


def inspection(
    tensors: Iterable[LiveTensor] | None,
    observations: Iterable[Observation],
    position: Position,
    style: LabelStyle = DEFAULT_STYLE,
    memory: Iterable[DeviceMemory] = (),
) -> Inspection:
    """Return one row per name.

    First the names that are alive at the end, as in `tensors` and in that order, then those that
    the top level bound to a tensor and that no longer hold one. `tensors` is None before the end.
    """
    bound = _last_bindings(observations)
    live = list(tensors or ())
    rows = [_live_row(tensor, bound.get(tensor.name), position, style) for tensor in live]
    names = {tensor.name for tensor in live}
    for name, observation in bound.items():
        if name not in names:
            row = _bound_row(name, observation, position, style, tensors is None)
            if row is not None:
                rows.append(row)
    return {"rows": rows, "totals": _totals(live, memory)}


def _last_bindings(observations: Iterable[Observation]) -> dict[str, Observation]:
    """Return the last observation, top to bottom, that binds each global name."""
    found: dict[str, Observation] = {}
    for observation in observations:
        location = observation.location
        if location.kind in BINDING_KINDS and location.kind != COMPREHENSION and not location.scope:
            found[location.name] = observation
    return found


def _live_row(
    tensor: LiveTensor, observation: Observation | None, position: Position, style: LabelStyle
) -> TensorRow:
    location = None if observation is None else observation.location
    row = _row(tensor.name, tensor.value, location, position, style)
    row["bytes"], row["alive"] = tensor.nbytes, True
    return row


def _bound_row(
    name: str, observation: Observation, position: Position, style: LabelStyle, running: bool
) -> TensorRow | None:
    if not 0 <= observation.last < len(observation.values):
        return None
    value = observation.values[observation.last]
    if not isinstance(value, (Tensor, Array)):
        return None
    row = _row(name, value, observation.location, position, style)
    row["bytes"] = observation.details.nbytes if observation.details is not None else None
    row["alive"] = None if running else False
    return row


def _row(
    name: str, value: Value, location: HintLocation | None, position: Position, style: LabelStyle
) -> TensorRow:
    found = None if location is None else position(location)
    uri, line, character = (None, None, None) if found is None else found
    tensor = value if isinstance(value, Tensor) else None
    dense = value if isinstance(value, (Tensor, Array)) else None
    shape = None if dense is None or dense.shape is None else list(dense.shape)
    return {
        "name": printable(name),
        "uri": uri,
        "line": line,
        "character": character,
        "label": text_of(value, style),
        "shape": shape,
        "dtype": "" if dense is None else dense.dtype,
        "device": None if tensor is None else tensor.device,
        "requiresGrad": tensor is not None and tensor.requires_grad,
        "bytes": None,
        "alive": None,
    }


def _totals(tensors: list[LiveTensor], memory: Iterable[DeviceMemory]) -> dict[str, DeviceTotal]:
    totals: dict[str, DeviceTotal] = {}
    for used in memory:
        totals[used.device] = _total(used.allocated, used.reserved, used.peak)
    shared: dict[tuple[str, int], int] = {}
    for tensor in tensors:
        if not isinstance(tensor.value, Tensor):
            continue
        device = tensor.value.device
        total = totals.setdefault(device, _total())
        total["tensors"] += 1
        # 0 means a tensor without identifiable storage (`meta`, simulated, empty).
        known = shared.get((device, tensor.storage), 0) if tensor.storage else 0
        total["bytes"] += max(tensor.nbytes - known, 0)
        if tensor.storage:
            shared[device, tensor.storage] = max(known, tensor.nbytes)
    return totals


def _total(
    allocated: int | None = None, reserved: int | None = None, peak: int | None = None
) -> DeviceTotal:
    return {"tensors": 0, "bytes": 0, "allocated": allocated, "reserved": reserved, "peak": peak}
