"""Reads the elements of a tensor or an array from its memory, whatever its class.

Only for a process that ends afterwards, and only while torch's modes and `__torch_function__` are
disabled. Only methods of torch that are written in C are used: no program can replace them.
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
"""`torch._C.TensorBase`: the methods of a tensor that are written in C."""

_MOST_DEQUANTIZED = 1 << 24  # elements of a quantized tensor
_empty = torch.empty
_int64 = torch.int64
_float64 = torch.float64
_is_subclass = type.__subclasscheck__


class UnreadableError(Exception):
    """The elements cannot be read; `user_message` says why."""

    def __init__(self, code: str, detail: Optional[str] = None) -> None:
        super().__init__(code)
        self.user_message = UserMessage(code, detail)


@dataclass(frozen=True)
class ElementReader:
    """Access to the elements of a tensor of shape `sizes`.

    `read` takes an index for each dimension (an int, a slice or a tensor of indices) and returns a
    plain tensor of dtype float64, int64, uint64, bool or complex128.
    """

    content: SummaryContent
    sizes: Tuple[int, ...]
    read: Callable[[Tuple[Any, ...]], Any]

    @property
    def count(self) -> int:
        """The number of elements."""
        count = 1
        for size in self.sizes:
            count *= size
        return count


def element_reader(value: Any) -> ElementReader:
    """Return a reader for a tensor or an array. Raises `UnreadableError`."""
    if _is_subclass(torch.Tensor, type(value)):
        return _of_tensor(value)
    return _of_array(value)


# ---- tensors ---------------------------------------------------------------------------------


def _of_tensor(value: Any) -> ElementReader:
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


def _of_sparse(value: Any) -> ElementReader:
    stored = "_values" if describe.attribute(value, "layout") is torch.sparse_coo else "values"
    inner = _of_strided(getattr(METHODS, stored)(value))
    return ElementReader(STORED, inner.sizes, inner.read)


def _of_quantized(value: Any) -> ElementReader:
    if describe.attribute(value, "numel")() > _MOST_DEQUANTIZED:
        raise UnreadableError("values-too-many")
    return _of_strided(METHODS.dequantize(value))


def _of_strided(value: Any) -> ElementReader:
    own = describe.attribute
    sizes, strides = tuple(own(value, "shape")), tuple(own(value, "stride")())
    if not all(type(size) is int for size in (*sizes, *strides)):
        raise UnreadableError("values-simulated")
    dtype = own(value, "dtype")
    width, offset = own(value, "element_size")(), own(value, "storage_offset")()
    storage = own(value, "untyped_storage")()
    end = offset + sum((size - 1) * step for size, step in zip(sizes, strides)) + 1
    if 0 not in sizes and not _holds(storage, end * width):
        raise UnreadableError("values-wrapped")
    conjugated, negated = own(value, "is_conj")(), own(value, "is_neg")()
    # Elements of one byte are indexed as bytes, since some dtypes (float8) support no indexing.
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

    return ElementReader(MAGNITUDES if dtype.is_complex else VALUES, sizes, read)


def _holds(storage: Any, size: int) -> bool:
    """Whether a storage has memory for `size` bytes."""
    try:
        return bool(storage.nbytes() >= size and storage.data_ptr())
    except RuntimeError:  # the storage of a wrapper subclass
        return False


def _widened(found: Any, dtype: torch.dtype) -> Any:
    """Convert elements to the widest dtype of their kind."""
    if dtype is torch.bool or str(dtype) == "torch.uint64":
        return found
    wide = torch.complex128 if dtype.is_complex else _float64 if dtype.is_floating_point else _int64
    try:
        return METHODS.to(found, wide)
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableError("values-unreadable", str(dtype)[6:]) from error


# ---- arrays ------------------------------------------------------------------------------------

_WIDE_DTYPES: Dict[str, str] = {
    "b": "bool",
    "i": "int64",
    "u": "uint64",
    "f": "float64",
    "c": "complex128",
}


def _of_array(value: Any) -> ElementReader:
    numpy = sys.modules["numpy"]
    plain = numpy.ndarray.view(value, numpy.ndarray)
    wide = _WIDE_DTYPES.get(plain.dtype.kind)
    if wide is None:
        raise UnreadableError("values-no-numbers", plain.dtype.name)
    if plain.dtype.kind == "u" and plain.dtype.itemsize < 8:
        wide = "int64"

    def read(index: Tuple[Any, ...]) -> Any:
        picked = tuple(METHODS.numpy(i) if isinstance(i, torch.Tensor) else i for i in index)
        found = numpy.array(plain[picked], dtype=wide, order="C")
        return torch.from_numpy(found)

    return ElementReader(MAGNITUDES if plain.dtype.kind == "c" else VALUES, plain.shape, read)
