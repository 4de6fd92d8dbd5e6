"""Reads the value of a zero-dimensional CPU tensor from its memory.

This takes a fraction of the time of the smallest operation, and nothing is dispatched: no mode,
profiler or autograd graph sees it.
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
"""The address of the storage. `data_ptr` would materialise a copy-on-write tensor."""


def _words() -> Dict[int, memoryview]:
    """Views of the whole address space as words of each size: reading one is one index."""
    everything = memoryview((ctypes.c_uint8 * (1 << 56)).from_address(0)).cast("B")
    return {
        1: everything,
        2: everything.cast("H"),
        4: everything.cast("I"),
        8: everything.cast("Q"),
    }


_WORDS = _words() if address_of is not None and sys.maxsize > 1 << 32 else {}


def words_of(dtype: torch.dtype, size: int) -> Optional[memoryview]:
    """Return memory as words of `size` bytes; `None` if a number of that dtype is not one word."""
    return None if dtype.is_complex else _WORDS.get(size)


def bits_of(tensor: Any, words: Optional[memoryview], size: int) -> Optional[int]:
    """Return the bits of a zero-dimensional CPU tensor.

    `None` if they cannot be read, or differ from the tensor's number (a lazy negation). Call it
    with torch functions disabled.
    """
    if words is None or is_negative(tensor):
        return _slowly(tensor)
    assert address_of is not None
    try:
        address = address_of(tensor)
    except RuntimeError:  # a tensor of torch.func has no storage
        return None
    if not address or address % size:
        return _slowly(tensor)
    bits: int = words[address // size + offset_of(tensor)]
    return bits


def text_of(bits: Optional[int], dtype: torch.dtype, size: int) -> Optional[str]:
    """Format bits as a number of that dtype; `size` is in bytes."""
    if bits is None:
        return None
    return describe.scalar_text(bits.to_bytes(size, sys.byteorder), dtype)


def _slowly(tensor: Any) -> Optional[int]:
    memory = describe.scalar_bytes(tensor)
    return None if memory is None else int.from_bytes(memory, sys.byteorder)
