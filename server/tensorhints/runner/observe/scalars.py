"""The value of a CPU tensor without dimensions, read from its memory in a fraction of the time of
the smallest operation: nothing is dispatched, so no mode, profiler or autograd graph sees it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Dict, Optional

import torch

from . import describe

_own = type.__dict__["__mro__"].__get__(torch.Tensor)[1].__dict__
dtype_of = _own["dtype"].__get__
dimensions_of = _own["ndim"].__get__
is_on_cpu = _own["is_cpu"].__get__
is_negative = _own["is_neg"]
offset_of = _own["storage_offset"]
element_size_of = _own["element_size"]
address_of = getattr(torch._C, "_data_address", None)
"""The address of the storage. `data_ptr` would make a copy-on-write tensor copy."""


def _words() -> Dict[int, memoryview]:
    """All memory of the process as words of each size: one index, and no object in between."""
    everything = memoryview((ctypes.c_uint8 * (1 << 56)).from_address(0)).cast("B")
    return {
        1: everything,
        2: everything.cast("H"),
        4: everything.cast("I"),
        8: everything.cast("Q"),
    }


_WORDS = _words() if address_of is not None and sys.maxsize > 1 << 32 else {}


def words_of(dtype: torch.dtype, size: int) -> Optional[memoryview]:
    """Memory as words of a size, where a number of that type is one word."""
    return None if dtype.is_complex else _WORDS.get(size)


def bits_of(tensor: Any, words: Optional[memoryview], size: int) -> Optional[int]:
    """The bits of a CPU tensor without dimensions; `None` where they cannot be had, or hold another
    number than the tensor. Called where no torch function is active.
    """
    if words is None or is_negative(tensor):
        return _slowly(tensor)
    assert address_of is not None
    try:
        address = address_of(tensor)
    except RuntimeError:  # a tensor of torch.func has no memory of its own
        return None
    if not address or address % size:
        return _slowly(tensor)
    bits: int = words[address // size + offset_of(tensor)]
    return bits


def text_of(bits: Optional[int], dtype: torch.dtype, size: int) -> Optional[str]:
    if bits is None:
        return None
    return describe.scalar_text(bits.to_bytes(size, sys.byteorder), dtype)


def _slowly(tensor: Any) -> Optional[int]:
    memory = describe.scalar_bytes(tensor)
    return None if memory is None else int.from_bytes(memory, sys.byteorder)
