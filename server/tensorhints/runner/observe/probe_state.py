"""The state of the probes: the value each saw last, and a count per signature.

Comparing the next value with this state has to take next to no time, and nothing in it keeps an
object of the program alive.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

import torch

from ...model.values import Mapping, OtherObject, Record, Sequence, TensorDetails, Value
from ..instrument.probe_registry import ProbeRegistry
from . import describe, scalars


class LastSeen:
    """The value that a probe saw last.

    `kind` to `requires_grad` are set for plain tensors only, `pattern` for containers that
    `patterns` can compare. `size` (in bytes) is set if the hint shows the value itself: `bits` are
    that value, `words` all memory in words of that size. `index` is that of the signature among
    those of its probe, -1 while it is not counted.
    """

    __slots__ = (
        "bits",
        "device",
        "dtype",
        "index",
        "is_on_cpu",
        "kind",
        "pattern",
        "requires_grad",
        "shape",
        "size",
        "value",
        "words",
    )

    def __init__(self, value: Optional[Value]) -> None:
        self.kind: Optional[type] = None
        self.shape: Any = None
        self.dtype: Any = None
        self.device: Any = None
        self.is_on_cpu = False
        self.requires_grad = False
        self.pattern: Optional[Tuple[Any, ...]] = None
        self.size = 0
        self.words: Optional[memoryview] = None
        self.bits: Optional[int] = None
        self.index = -1
        self.value = value

    def remember(self, tensor: Any, kind: type) -> None:
        """Store a plain tensor's signature as torch has it, for quick comparison."""
        with torch._C.DisableTorchFunction():
            shape, dtype, device, requires_grad = (of(tensor) for of in describe.PLAIN_SIGNATURE)
            if any(type(size) is not int for size in shape):
                return
            self.shape, self.dtype = tuple(shape), dtype
            self.device, self.requires_grad = device, requires_grad
            self.is_on_cpu = device == _CPU
            self.kind = kind

    def show_value(self, tensor: Any) -> None:
        """Read the value too, now and at every later pass: the hint ends in it."""
        with torch._C.DisableTorchFunction():
            self.size = scalars.element_size_of(tensor)
            self.words = scalars.words_of(self.dtype, self.size)
            self.bits = scalars.bits_of(tensor, self.words, self.size)

    def number(self) -> Optional[str]:
        """The value as text, or `None` if it could not be read."""
        return scalars.text_of(self.bits, self.dtype, self.size)


_CPU = torch.device("cpu")
UNSEEN = LastSeen(None)


@dataclass
class ProbeState:
    """The state of all probes: in each list one entry per probe id.

    The probes bind these lists as closure variables, so they are only ever changed in place.
    """

    last: List[Any] = field(default_factory=list)
    """A plain number as it is, of a sequence of numbers `(class, length, first items)`, of anything
    else a `LastSeen`."""
    gate_of: List[int] = field(default_factory=list)
    signatures: List[Optional[Dict[Value, int]]] = field(default_factory=list)
    """The signatures seen, each with its index; `None` until a probe has seen a tensor."""
    counts: List[List[int]] = field(default_factory=list)
    """The number of times that each signature was seen, by index."""
    details: List[Optional[TensorDetails]] = field(default_factory=list)
    changed: Dict[int, None] = field(default_factory=dict)
    """The ids of the probes that counted something since the last tally."""

    def grow(self, registry: ProbeRegistry) -> None:
        """Add the probes that were registered since the last call."""
        for probe_id in range(len(self.last), len(registry.probes)):
            self.gate_of.append(registry.probes[probe_id].gate)
            self.signatures.append(None)
            self.counts.append([])
            self.details.append(None)
            self.last.append(UNSEEN)


def is_plain_tensor(kind: type) -> bool:
    """Whether a class is torch's own and its signature can be compared field by field."""
    return kind is torch.Tensor or kind is torch.nn.Parameter


def value_of(last: Any) -> Optional[Value]:
    """Describe an entry of `ProbeState.last`; `None` if the probe saw nothing."""
    if type(last) is LastSeen:
        return last.value
    if type(last) is tuple:
        return describe.numbers(*last)
    return describe.describe(last)


def without_value(value: Optional[Value]) -> Value:
    """Reduce a value to its signature: constants lose their texts, also inside containers.

    A pair of a tensor and a number is the same to a hint, whatever the number.
    """
    if isinstance(value, OtherObject):
        return value if value.text is None else OtherObject(value.type_name)
    if isinstance(value, (Sequence, Mapping, Record)):
        return dataclasses.replace(value, items=tuple(map(without_value, value.items)))
    return value or OtherObject("object")
