"""Describes objects of the running program as model values.

Reading has no side effects: no user code runs (`__torch_function__`, properties and `__iter__` are
not called), no torch mode sees it, no device is synchronised with, and no reference is kept.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from types import MemberDescriptorType
from typing import Any, Dict, List, Optional, Tuple

import torch

from ...model.values import (
    Array,
    Mapping,
    OtherObject,
    Record,
    Sequence,
    Tensor,
    TensorDetails,
    Value,
)
from ..simulated import taint

SHOWN_ITEMS = 8
SCANNED_ITEMS = 1024
DEPTH = 3

_TENSOR = torch.Tensor
_PARAMETER = torch.nn.Parameter
_MODULE = torch.nn.Module
_without_torch_function = torch._C.DisableTorchFunction
_mro = type.__dict__["__mro__"].__get__
_type_name = type.__dict__["__name__"].__get__
_class_dict = type.__dict__["__dict__"].__get__
_instance_dict = object.__getattribute__
_TORCHS_OWN = _class_dict(_mro(_TENSOR)[1])  # the attributes implemented in C

PLAIN_SIGNATURE = tuple(
    _TORCHS_OWN[name].__get__ for name in ("shape", "dtype", "device", "requires_grad")
)
"""Readers of what makes up a plain tensor's signature.

They are torch's own, even if a program replaces attributes of `torch.Tensor`.
"""

_CONSTANTS = (
    int, float, bool, complex, str, bytes, type(None), torch.dtype, torch.device,
)  # fmt: skip

NOTHING, TENSOR, COMPOUND = 0, 1, 2
"""The interest of a probe in a value, by its class: none, compare tensors, look inside."""


_is_subclass = type.__subclasscheck__  # of classes, without asking a metaclass
_flags = type.__dict__["__flags__"].__get__


def interest(kind: type) -> int:
    """Return which of the three a class needs. No code of the class or its metaclass runs."""
    if _is_subclass(_TENSOR, kind):
        return TENSOR
    if _is_subclass(tuple, kind) or _is_subclass(list, kind) or _is_subclass(dict, kind):
        return COMPOUND
    if _is_array_class(kind):
        return COMPOUND
    if _is_subclass(_MODULE, kind):
        return NOTHING
    return COMPOUND if _dataclass_fields(_mro(kind)) else NOTHING


def is_shared_class(kind: type) -> bool:
    """Whether a class outlives every program, so that its id may be kept."""
    return kind is _TENSOR or kind is _PARAMETER or not _flags(kind) & (1 << 9)


def _is_array_class(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    array = getattr(numpy, "ndarray", None)
    return isinstance(array, type) and _is_subclass(array, kind)


def describe(value: Any) -> Value:
    """Return the signature of any object. Never raises."""
    try:
        with _without_torch_function():
            return _describe(value, 0, set())
    except Exception:
        return OtherObject(_safe_name(type(value)))


def numbers(kind: type, length: int, first: List[Any]) -> Sequence:
    """Return the signature of a list or tuple of numbers, by its first items."""
    return Sequence(_type_name(kind), length, tuple(map(describe, first)))


def tensor(value: Any) -> Tensor:
    """Return the signature of a tensor. Call it with torch functions disabled."""
    kind = type(value)
    return Tensor(
        _shape(value),
        dtype_name(_own(value, "dtype")),
        str(_own(value, "device")),
        bool(_own(value, "requires_grad")),
        _layout(value),
        _class_name(value, kind),
        taint.is_guessed(value),
        () if kind is _TENSOR or kind is _PARAMETER else _placements(value, kind),
    )


def _class_name(value: Any, kind: type) -> str:
    """Return the name of a tensor's class.

    The tensors that a torch.func transform passes to a function are `torch.Tensor` to Python; they
    get the names that their repr shows.
    """
    if kind is _TENSOR:
        wrappers = _WRAPPERS if _is_wrapped(value) else ()
        return next((name for name, is_one in wrappers if is_one(value)), "Tensor")
    if _is_subclass(_fake_class(), kind):
        own = _instance_dict(value, "__dict__")
        if type(own.get("fake_mode")) is not _fake_mode_class():
            # A tensor of a simulated run: the program itself never sees a FakeTensor.
            return "Parameter" if own.get("_is_param") else "Tensor"
    return _type_name(kind)


def _placements(value: Any, kind: type) -> Tuple[str, ...]:
    """Return the placements of a `DTensor` on its mesh: `S(0)`, `R`, `P(sum)`."""
    spec = _slot(value, kind, "_spec")
    if spec is None:
        return ()
    return tuple(map(_placement, _instance_dict(spec, "__dict__")["placements"]))


def _slot(value: Any, kind: type, name: str) -> Any:
    """Read a slot of one of torch's own classes, such as `DTensor`; `None` for all others."""
    for ancestor in _mro(kind):
        attributes = _class_dict(ancestor)
        slot = attributes.get(name)
        if isinstance(slot, MemberDescriptorType) and _is_torchs(attributes):
            return slot.__get__(value, kind)
    return None


def _placement(placement: Any) -> str:
    kind = type(placement)
    return str(placement) if _is_torchs(_class_dict(kind)) else str(_type_name(kind))


def _is_torchs(attributes: Any) -> bool:
    return str(attributes.get("__module__")).startswith("torch.")


def _fake_class(name: str = "FakeTensor") -> type:
    found = getattr(sys.modules.get("torch._subclasses.fake_tensor"), name, None)
    return found if isinstance(found, type) else type(None)


def _fake_mode_class() -> type:
    return _fake_class("FakeTensorMode")


def _own(value: Any, name: str) -> Any:
    """Read an attribute of a tensor as torch defines it.

    An override by a class of the program, or by the program in `torch.Tensor`, is program code.
    """
    kind = type(value)
    if kind is not _TENSOR and kind is not _PARAMETER:
        for ancestor in _mro(kind):
            if ancestor is _TENSOR:
                break
            attributes = _class_dict(ancestor)
            if name in attributes and _is_torchs(attributes):
                return attributes[name].__get__(value, kind)
    return _TORCHS_OWN[name].__get__(value, kind)


def dtype_name(dtype: torch.dtype) -> str:
    """Return the name of a dtype without `torch.`."""
    return str(dtype)[6:]


def details(value: Any) -> Optional[TensorDetails]:
    """Return what a tooltip shows beside the signature; `None` if there is nothing."""
    try:
        with _without_torch_function():
            return _details(value)
    except Exception:
        return None


def scalar(value: Any) -> Optional[str]:
    """Return the value of a zero-dimensional CPU tensor as text, read from its memory.

    Nothing is dispatched, so no mode, profiler or autograd graph sees it. `None` if it cannot be
    read that way.
    """
    try:
        with _without_torch_function():
            return _scalar(value)
    except Exception:
        return None


def is_scalar(value: Any) -> bool:
    """Whether a value is a plain zero-dimensional tensor on the CPU."""
    kind = type(value)
    if kind is not _TENSOR and kind is not _PARAMETER:
        return False
    with _without_torch_function():
        return bool(_own(value, "dim")() == 0 and _own(value, "device").type == "cpu")


def storage(value: Any) -> Tuple[int, int]:
    """Return the bytes of a tensor's elements, and an id that tensors over one storage share."""
    with _without_torch_function():
        nbytes = _own(value, "numel")() * _own(value, "element_size")()
        try:
            return nbytes, _own(value, "untyped_storage")()._cdata
        except Exception:
            return nbytes, id(value)


def held(value: Any) -> Tuple[str, int, int]:
    """Return the device of a tensor's storage, an id for that storage, and its size in bytes.

    The size is 0 if the tensor has no storage. Call it with torch functions disabled.
    """
    device = str(_own(value, "device"))
    local = _slot(value, type(value), "_local_tensor")
    if local is not None:  # the local shard of a distributed tensor
        return held(local)
    try:
        memory = _own(value, "untyped_storage")()
        return device, memory._cdata, memory.nbytes()
    except Exception:
        return device, id(value), 0


def attribute(value: Any, name: str) -> Any:
    """Read an attribute of a tensor as torch defines it. Call it with torch functions disabled."""
    return _own(value, name)


def gradient(value: Any) -> Any:
    """Return the `grad` of a tensor that has one, else `None`."""
    with _without_torch_function():
        # Reading `grad` of any other tensor makes torch warn.
        keeps = _own(value, "is_leaf") or _own(value, "retains_grad")
        return _own(value, "grad") if keeps else None


def module_text(value: Any) -> Optional[str]:
    """Return how to show a `torch.nn.Module`; `None` for any other object.

    That is `Linear(in_features=10, out_features=5, bias=True)` for torch's own modules without
    children. A module of the program is shown by its class: its `extra_repr` is program code.
    """
    kind = type(value)
    if not _is_subclass(_MODULE, kind):
        return None
    module = _class_dict(kind).get("__module__")
    own = isinstance(module, str) and module.startswith("torch.")
    if own and not value._modules:
        try:
            return f"{_type_name(kind)}({value.extra_repr()})"
        except Exception:
            pass  # A broken module of the program: its type name is shown.
    return _type_name(kind)


def _describe(value: Any, depth: int, above: set) -> Value:
    kind = type(value)
    if _is_subclass(_TENSOR, kind):
        return tensor(value)
    if any(kind is constant for constant in _CONSTANTS):
        return OtherObject(_type_name(kind), _short(repr(value)))
    if depth >= DEPTH or id(value) in above:
        return OtherObject(_safe_name(kind))
    inner = above | {id(value)}
    ancestors = _mro(kind)
    if _is_subclass(tuple, kind):
        fields = tuple_fields(kind)
        items = list(tuple.__iter__(value))
        if fields is not None and len(fields) == len(items):
            return Record(
                _type_name(kind),
                tuple(fields[:SHOWN_ITEMS]),
                tuple(_describe(item, depth + 1, inner) for item in items[:SHOWN_ITEMS]),
            )
        return _sequence(kind, items, depth, inner)
    if _is_subclass(list, kind):
        return _sequence(
            kind,
            list.__getitem__(value, slice(SCANNED_ITEMS + 1)),
            depth,
            inner,
            list.__len__(value),
        )
    if _is_subclass(dict, kind):
        keys: List[str] = []
        held: List[Value] = []
        for key, item in dict.items(value):
            keys.append(
                key
                if type(key) is str
                else _short(repr(key))
                if type(key) in (int, float, bool, tuple)
                else _safe_name(type(key))
            )
            held.append(_describe(item, depth + 1, inner))
            if len(held) == SHOWN_ITEMS:
                break
        return Mapping(_type_name(kind), dict.__len__(value), tuple(keys), tuple(held))
    if _is_array_class(kind):
        array = sys.modules["numpy"].ndarray
        shape, dtype = array.shape.__get__(value), array.dtype.__get__(value)
        return Array(tuple(shape), dtype.name, taint.state.tainted)
    if _is_subclass(_MODULE, kind):
        return OtherObject(_type_name(kind))
    names = _dataclass_fields(ancestors)
    if names:
        return _dataclass(value, kind, ancestors, names, depth, inner)
    return OtherObject(_safe_name(kind))


def _sequence(
    kind: type, items: List[Any], depth: int, above: set, length: Optional[int] = None
) -> Value:
    length = len(items) if length is None else length
    kept = tuple(_describe(item, depth + 1, above) for item in items[:SHOWN_ITEMS])
    alike = False
    if kept and length <= SCANNED_ITEMS and isinstance(kept[0], (Tensor, Array)):
        first = kept[0]
        alike = all(item == first for item in kept) and all(
            _describe(item, depth + 1, above) == first for item in items[SHOWN_ITEMS:]
        )
    return Sequence(_type_name(kind), length, kept, alike)


def tuple_fields(kind: type) -> Optional[Tuple[str, ...]]:
    """Return the field names of a class of named tuples, else `None`."""
    if kind is tuple:
        return None
    for ancestor in _mro(kind):
        attributes = _class_dict(ancestor)
        found = attributes.get("_fields")
        if found is None and "n_sequence_fields" in attributes:  # such as torch.return_types.max
            found = attributes.get("__match_args__")
        if type(found) is tuple and all(type(name) is str for name in found):
            return found
    return None


def _dataclass_fields(ancestors: Tuple[type, ...]) -> Tuple[str, ...]:
    for ancestor in ancestors:
        fields = _class_dict(ancestor).get("__dataclass_fields__")
        if type(fields) is dict:
            return tuple(
                name
                for name, field in fields.items()
                if str(getattr(field, "_field_type", "")) == "_FIELD"
            )
    return ()


def _dataclass(
    value: Any,
    kind: type,
    ancestors: Tuple[type, ...],
    names: Tuple[str, ...],
    depth: int,
    above: set,
) -> Value:
    try:
        own: Dict[str, Any] = _instance_dict(value, "__dict__")
    except AttributeError:
        own = {}
    fields, items = [], []
    for name in names:
        if name in own:
            item = own[name]
        else:
            slot = next((_class_dict(a)[name] for a in ancestors if name in _class_dict(a)), None)
            if not isinstance(slot, MemberDescriptorType):
                continue
            try:
                item = slot.__get__(value, kind)
            except AttributeError:
                continue
        fields.append(name)
        items.append(_describe(item, depth + 1, above))
        if len(items) == SHOWN_ITEMS:
            break
    return Record(_type_name(kind), tuple(fields), tuple(items))


def _shape(value: Any) -> Optional[Tuple[Any, ...]]:
    try:
        sizes = tuple(_own(value, "shape"))
    except RuntimeError:  # a nested tensor has no shape
        return None
    # A symbolic size is named, never compared: a comparison would add a guard.
    return (
        sizes
        if all(type(size) is int for size in sizes)
        else tuple(size if type(size) is int else str(size) for size in sizes)
    )


def _layout(value: Any) -> str:
    if _own(value, "is_nested"):
        return "nested"
    return str(_own(value, "layout"))[6:].lstrip("_")


def _details(value: Any) -> Optional[TensorDetails]:
    kind = type(value)
    if not _is_subclass(_TENSOR, kind):
        if _is_array_class(kind):
            array = sys.modules["numpy"].ndarray
            return TensorDetails(
                contiguous=bool(array.flags.__get__(value).c_contiguous),
                nbytes=int(array.nbytes.__get__(value)),
            )
        return None
    node = _own(value, "grad_fn")
    stride: Optional[Tuple[int, ...]] = None
    contiguous: Optional[bool] = None
    nbytes: Optional[int] = None
    # Other layouts take more or less memory than their number of elements says.
    if _own(value, "layout") is torch.strided and not _own(value, "is_nested"):
        steps = _own(value, "stride")()
        if all(type(step) is int for step in steps):
            stride = tuple(steps)
            contiguous = bool(_own(value, "is_contiguous")())
        count = _own(value, "numel")()
        is_whole = type(count) is int and _slot(value, kind, "_spec") is None
        nbytes = count * _own(value, "element_size")() if is_whole else None
    return TensorDetails(
        stride,
        contiguous,
        nbytes,
        None if node is None else _type_name(type(node)),
        _scalar(value),
    )


_READERS = {
    torch.float32: "f", torch.float64: "d", torch.float16: "e",
    torch.int8: "b", torch.int16: "h", torch.int32: "i", torch.int64: "q",
    torch.uint8: "B", torch.bool: "?", torch.complex64: "ff", torch.complex128: "dd",
}  # fmt: skip
for _name, _format in (("uint16", "H"), ("uint32", "I"), ("uint64", "Q")):
    if hasattr(torch, _name):
        _READERS[getattr(torch, _name)] = _format

_address = getattr(torch._C, "_data_address", None)
_is_wrapped = torch._C._functorch.is_functorch_wrapped_tensor
_WRAPPERS = (
    ("BatchedTensor", torch._C._functorch.is_batchedtensor),
    ("GradTrackingTensor", torch._C._functorch.is_gradtrackingtensor),
)


def _scalar(value: Any) -> Optional[str]:
    if not is_scalar(value) or value.layout is not torch.strided:
        return None
    return scalar_text(scalar_bytes(value), value.dtype)


def is_wrapped(value: Any) -> bool:
    """Whether a tensor is a `torch.func` wrapper around the one that holds the numbers."""
    return _is_wrapped(value) or torch._is_functional_tensor(value)


def scalar_bytes(value: Any) -> Optional[bytes]:
    """Return the memory of a zero-dimensional CPU tensor; `None` if it cannot be read.

    Call it with torch functions disabled.
    """
    if is_wrapped(value):
        return None
    if value.is_neg() or value.is_conj():  # lazy: the memory does not hold the number
        return None
    size = value.element_size()
    if _address is not None:
        # The address of the storage. `data_ptr` would materialise a copy-on-write tensor.
        start = _address(value)
        at = start + value.storage_offset() * size if start else 0
    else:
        at = value.data_ptr()
    return ctypes.string_at(at, size) if at else None


def scalar_text(memory: Optional[bytes], dtype: torch.dtype) -> Optional[str]:
    """Format the memory of one element; `None` for a dtype without a reader."""
    if memory is None:
        return None
    if dtype is torch.bfloat16:
        return number_text(struct.unpack("<f", b"\0\0" + memory)[0])
    code = _READERS.get(dtype)
    if code is None:
        return None
    parts = struct.unpack("=" + code, memory)
    return number_text(complex(*parts) if len(parts) == 2 else parts[0])


def number_text(number: Any) -> str:
    """Format a float with four significant digits, anything else as Python does."""
    if type(number) is complex:
        real, imaginary = number_text(number.real), number_text(number.imag)
        return f"{real}{'' if imaginary.startswith('-') else '+'}{imaginary}j"
    if type(number) is not float:
        return str(number)
    text = f"{number:.4g}"
    return text + ".0" if text.lstrip("-").isdigit() else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _safe_name(kind: type) -> str:
    return str(_type_name(kind))
