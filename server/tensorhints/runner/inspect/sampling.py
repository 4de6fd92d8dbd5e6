"""The numbers of a tensor or array, read from its memory whatever class it is of.

Only for a process that is thrown away, and called where torch's modes and functions are disabled:
torch's own methods are used, those written in C, which no program replaces.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Tuple

import torch

from ...model.inspections import MAGNITUDES, STORED, VALUES, SummaryContent
from ...model.user_messages import UserMessage
from ..observe import describe

METHODS: Any = type.__dict__["__mro__"].__get__(torch.Tensor)[1]

_DEQUANTIZED_AT_MOST = 1 << 24
_empty = torch.empty
_integers = torch.int64
_reals = torch.float64
_is_subclass = type.__subclasscheck__


class UnreadableError(Exception):
    """There are no numbers to show; `user_message` says why."""

    def __init__(self, code: str, detail: Optional[str] = None) -> None:
        super().__init__(code)
        self.user_message = UserMessage(code, detail)


@dataclass(frozen=True)
class Reading:
    """`read` takes an index for each dimension (an int, a slice or a tensor of indices) and gives
    a plain tensor of float64, int64, uint64, bool or complex128 numbers.
    """

    content: SummaryContent
    sizes: Tuple[int, ...]
    read: Callable[[Tuple[Any, ...]], Any]

    @property
    def count(self) -> int:
        count = 1
        for size in self.sizes:
            count *= size
        return count


def reading(value: Any) -> Reading:
    """Raises `UnreadableError`."""
    if _is_subclass(torch.Tensor, type(value)):
        return _of_tensor(value)
    return _of_array(value)


# ---- tensors ---------------------------------------------------------------------------------


def _of_tensor(value: Any) -> Reading:
    own = describe.attribute
    device = own(value, "device")
    if _is_simulated(value):
        raise UnreadableError("values-simulated")
    if device.type == "meta":
        raise UnreadableError("values-meta")
    if own(value, "is_nested"):
        raise UnreadableError("values-nested")
    if device.type != "cpu":
        raise UnreadableError("values-elsewhere", str(device))
    if describe.is_wrapped(value):
        raise UnreadableError("values-wrapped")
    if own(value, "layout") is not torch.strided:
        return _of_sparse(value)
    if own(value, "is_quantized"):
        return _of_quantized(value)
    return _of_strided(value)


def _is_simulated(value: Any) -> bool:
    module = sys.modules.get("torch._subclasses.fake_tensor")
    fake = getattr(module, "FakeTensor", None)
    return isinstance(fake, type) and _is_subclass(fake, type(value))


def _of_sparse(value: Any) -> Reading:
    stored = "_values" if describe.attribute(value, "layout") is torch.sparse_coo else "values"
    inner = _of_strided(getattr(METHODS, stored)(value))
    return Reading(STORED, inner.sizes, inner.read)


def _of_quantized(value: Any) -> Reading:
    if describe.attribute(value, "numel")() > _DEQUANTIZED_AT_MOST:
        raise UnreadableError("values-too-many")
    return _of_strided(METHODS.dequantize(value))


def _of_strided(value: Any) -> Reading:
    own = describe.attribute
    sizes, strides = tuple(own(value, "shape")), tuple(own(value, "stride")())
    if not all(type(size) is int for size in (*sizes, *strides)):
        raise UnreadableError("values-simulated")
    dtype = own(value, "dtype")
    width, offset = own(value, "element_size")(), own(value, "storage_offset")()
    storage = own(value, "untyped_storage")()
    beyond = offset + sum((size - 1) * step for size, step in zip(sizes, strides)) + 1
    if 0 not in sizes and not _holds(storage, beyond * width):
        raise UnreadableError("values-wrapped")
    conjugated, negated = own(value, "is_conj")(), own(value, "is_neg")()
    # What one byte holds is picked out as a byte: not every dtype can be indexed.
    carrier = torch.uint8 if width == 1 else dtype
    plain = METHODS.set_(_empty(0, dtype=carrier, device="cpu"), storage, offset, sizes, strides)

    def read(index: Tuple[Any, ...]) -> Any:
        found = METHODS.__getitem__(plain, index)
        if carrier is not dtype:
            found = METHODS.view(found, dtype)
        found = _widened(found, dtype)
        if conjugated:
            found = METHODS.conj_physical(found)
        return METHODS.neg(found) if negated else found

    return Reading(MAGNITUDES if dtype.is_complex else VALUES, sizes, read)


def _holds(storage: Any, size: int) -> bool:
    try:
        return bool(storage.nbytes() >= size and storage.data_ptr())
    except RuntimeError:  # a wrapper's own
        return False


def _widened(found: Any, dtype: torch.dtype) -> Any:
    if dtype is torch.bool or str(dtype) == "torch.uint64":
        return found
    wide = (
        torch.complex128 if dtype.is_complex else _reals if dtype.is_floating_point else _integers
    )
    try:
        return METHODS.to(found, wide)
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableError("values-unreadable", str(dtype)[6:]) from error


# ---- arrays ------------------------------------------------------------------------------------

_AS_TORCH: Dict[str, str] = {
    "b": "bool",
    "i": "int64",
    "u": "uint64",
    "f": "float64",
    "c": "complex128",
}


def _of_array(value: Any) -> Reading:
    numpy = sys.modules["numpy"]
    plain = numpy.ndarray.view(value, numpy.ndarray)
    wide = _AS_TORCH.get(plain.dtype.kind)
    if wide is None:
        raise UnreadableError("values-no-numbers", plain.dtype.name)
    if plain.dtype.kind == "u" and plain.dtype.itemsize < 8:
        wide = "int64"

    def read(index: Tuple[Any, ...]) -> Any:
        picked = tuple(METHODS.numpy(i) if isinstance(i, torch.Tensor) else i for i in index)
        found = numpy.array(plain[picked], dtype=wide, order="C")
        return torch.from_numpy(found)

    return Reading(MAGNITUDES if plain.dtype.kind == "c" else VALUES, plain.shape, read)
