"""What a site saw last, kept so that the next value is compared in no time and nothing of the
program is kept alive.
"""

from __future__ import annotations

from typing import Any, Optional

import torch

from ...model.values import OtherObject, Value
from . import describe, scalars


class Known:
    """The fields from `kind` to `requires_grad` are set for plain tensors only. `size`, in
    bytes, is set where the value itself is shown; `bits` are that value, `words` all memory in its
    size. `index` is that of the signature at its
    place, -1 where it is not counted.
    """

    __slots__ = (
        "bits",
        "device",
        "dtype",
        "index",
        "kind",
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
        self.requires_grad = False
        self.size = 0
        self.words: Optional[memoryview] = None
        self.bits: Optional[int] = None
        self.index = -1
        self.value = value

    def remember(self, tensor: Any, kind: type) -> None:
        with torch._C.DisableTorchFunction():
            shape, dtype, device, requires_grad = (of(tensor) for of in describe.PLAIN_SIGNATURE)
            if any(type(size) is not int for size in shape):
                return
            self.shape, self.dtype = tuple(shape), dtype
            self.device, self.requires_grad = device, requires_grad
            self.kind = kind

    def show_value(self, tensor: Any) -> None:
        """The label of this place ends in the value: it is read anew at every pass from now on."""
        with torch._C.DisableTorchFunction():
            self.size = scalars.element_size_of(tensor)
            self.words = scalars.words_of(self.dtype, self.size)
            self.bits = scalars.bits_of(tensor, self.words, self.size)

    def number(self) -> Optional[str]:
        return scalars.text_of(self.bits, self.dtype, self.size)


UNSEEN = Known(None)
NUMBERS = frozenset(map(id, (int, float, bool, type(None))))
"""Of these a site keeps the object itself, until somebody asks for its description."""


def is_plain_tensor(kind: type) -> bool:
    return kind is torch.Tensor or kind is torch.nn.Parameter


def value_of(known: Any) -> Optional[Value]:
    return known.value if type(known) is Known else describe.describe(known)


def bare(value: Optional[Value]) -> Value:
    """Of what is no tensor only the class counts at a place."""
    return (
        OtherObject(value.type_name)
        if isinstance(value, OtherObject)
        else value or OtherObject("object")
    )
