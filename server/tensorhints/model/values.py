"""Values that a name was observed to hold: tensors, arrays, containers. None is a torch object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple, Union


@dataclass(frozen=True)
class Tensor:
    """The signature of a tensor. Hints do not distinguish tensors with equal signatures.

    Attributes:
        shape: One entry per dimension: an int, or a text if the size is symbolic. `None` for a
            nested tensor, which has no shape.
        dtype: torch's name without `torch.`, such as `float32`.
        device: torch's text, such as `cpu` or `cuda:0`.
        layout: torch's name without `torch.`, such as `strided` or `sparse_coo`.
        type_name: The name of the class: `Tensor`, `Parameter`, a subclass.
        guessed: Whether a simulated run guessed the value, or computed it from a guess.
        placements: For a distributed tensor, its placement along each dimension of the device
            mesh: `S(0)` (sharded along dimension 0), `R` (replicated), `P(sum)` (partial). `shape`
            is then the global shape.
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
    """The signature of a NumPy array. `dtype` is NumPy's name, such as `float64`."""

    shape: Tuple[int, ...]
    dtype: str
    guessed: bool = False


@dataclass(frozen=True)
class Sequence:
    """A tuple, a list or another sequence.

    Attributes:
        length: The number of all items.
        items: The first few of them.
        alike: Whether every item, not only those in `items`, has the signature of the first.
    """

    type_name: str
    length: int
    items: Tuple[Value, ...]
    alike: bool = False


@dataclass(frozen=True)
class Mapping:
    """A dict. `length` counts all entries; `keys` and `items` hold the first few, in one order."""

    type_name: str
    length: int
    keys: Tuple[str, ...]
    items: Tuple[Value, ...]


@dataclass(frozen=True)
class Record:
    """A named tuple or a dataclass: the names of its fields and their values, in one order."""

    type_name: str
    fields: Tuple[str, ...]
    items: Tuple[Value, ...]


@dataclass(frozen=True)
class OtherObject:
    """Any other object. `text` is the `repr` of a plain constant or of a module, else `None`."""

    type_name: str
    text: Optional[str] = None


Value = Union[Tensor, Array, Sequence, Mapping, Record, OtherObject]


@dataclass(frozen=True)
class TensorDetails:
    """Properties that may differ between tensors of equal signatures: those observed last.

    Attributes:
        stride: In elements, one per dimension.
        grad_fn: The name of the class of the tensor's autograd node, such as `MulBackward0`.
        scalar: The value of a tensor without dimensions on the CPU, with four significant digits.
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
