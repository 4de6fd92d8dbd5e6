"""What a name was seen to hold: tensors, arrays, containers. No torch object stands in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple, Union


@dataclass(frozen=True)
class Tensor:
    """The signature of a tensor: two sightings of equal signatures are one and the same to a hint.

    `shape` holds one entry a dimension: an int, or a string where the size is symbolic; it is
    `None` for a tensor that has no shape (a nested one). `dtype` is torch's name without `torch.`,
    `device` torch's text (`cpu`, `cuda:0`), `layout` torch's name without `torch.`.
    `type_name` is the class (`Tensor`, `Parameter`, a subclass). `guessed` marks a value that a
    simulated run had to guess, or that follows from one. `placements` has, of a distributed tensor,
    for each dimension of its mesh where it lies: `S(0)` (sharded along dimension 0), `R`
    (replicated), `P(sum)` (partial); `shape` is then that of the whole.
    """

    shape: Optional[Tuple[Union[int, str], ...]]
    dtype: str
    device: str
    requires_grad: bool = False
    layout: str = "strided"
    type_name: str = "Tensor"
    guessed: bool = False
    placements: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Array:
    """A NumPy array. `dtype` is NumPy's name (`float64`); `guessed` as of a tensor."""

    shape: Tuple[int, ...]
    dtype: str
    guessed: bool = False


@dataclass(frozen=True)
class Sequence:
    """A tuple, list or other sequence. `length` counts all items, `items` holds the first few;
    `alike` says that every one of them all, kept or not, has the signature of the first.
    """

    type_name: str
    length: int
    items: Tuple[Value, ...]
    alike: bool = False


@dataclass(frozen=True)
class Mapping:
    """A dict. `length` counts all entries, `keys` and `items` hold the first few, side by side."""

    type_name: str
    length: int
    keys: Tuple[str, ...]
    items: Tuple[Value, ...]


@dataclass(frozen=True)
class Record:
    """A named tuple or dataclass: its class, its fields in order and what they hold."""

    type_name: str
    fields: Tuple[str, ...]
    items: Tuple[Value, ...]


@dataclass(frozen=True)
class OtherObject:
    """Anything else. `text` is a short repr of a plain constant or of a module, else `None`."""

    type_name: str
    text: Optional[str] = None


Value = Union[Tensor, Array, Sequence, Mapping, Record, OtherObject]


@dataclass(frozen=True)
class TensorDetails:
    """What may differ between two sightings of one signature; the last one seen is kept.

    `stride` counts elements, `nbytes` bytes. `scalar` is the value of a tensor without dimensions
    on the CPU, as text with four significant digits.
    """

    stride: Optional[Tuple[int, ...]] = None
    contiguous: Optional[bool] = None
    nbytes: Optional[int] = None
    grad_fn: Optional[str] = None
    scalar: Optional[str] = None


def holds_tensor(value: Value) -> bool:
    """Whether a value is, or contains among the items kept, a tensor or an array."""
    if isinstance(value, (Tensor, Array)):
        return True
    if isinstance(value, (Sequence, Mapping, Record)):
        return any(holds_tensor(item) for item in value.items)
    return False
