"""`expect`: compares a value of the learner's with what a check expects.

The first difference is raised as data: its kind, and short texts for the placeholders of a sentence
that is defined elsewhere. Comparisons never broadcast and never change a value.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Optional, Sequence, Tuple, Union

import torch

from ...model.verdicts import (
    DEVICE,
    DTYPE,
    MISSING,
    RANK,
    REQUIRES_GRAD,
    SHAPE,
    TYPE,
    VALUES,
    DifferenceKind,
)

# Relative and absolute tolerance by dtype: wide enough for another order of the same operations,
# too narrow for another formula.
_TOLERANCES: Dict[Any, Tuple[float, float]] = {
    torch.float64: (1e-7, 1e-9),
    torch.float32: (1e-4, 1e-5),
    torch.float16: (1e-2, 1e-3),
    torch.bfloat16: (2e-2, 1e-2),
}
_REAL_PART = {torch.complex64: torch.float32, torch.complex128: torch.float64}
_COARSE = (2e-1, 1e-1)  # other floating-point dtypes, such as float8
_EXACT = (0.0, 0.0)

_LONGEST_TEXT = 60

_TENSOR = torch.Tensor
_without_torch_function = torch._C.DisableTorchFunction


class Difference(Exception):
    """The first difference between a value and what a check expects."""

    def __init__(self, kind: DifferenceKind, **fields: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.fields = fields


class Expectation:
    """The result of `expect(value)`. Each method compares one property and returns `self`.

    A method first checks what it depends on: a shape needs a tensor, values need the same shape. It
    raises `Difference` if the property is not as expected.
    """

    def __init__(self, value: Any, name: str) -> None:
        self._value = value
        self._name = name
        if value is ...:
            raise self._difference(MISSING)

    def tensor(self) -> Expectation:
        """Expect a tensor, not an array or a list of numbers."""
        if not _is_tensor(self._value):
            raise self._difference(TYPE, type_name(self._value), "Tensor")
        return self

    def rank(self, dimensions: int) -> Expectation:
        """Expect this number of dimensions."""
        actual = len(self._shape())
        if actual != dimensions:
            raise self._difference(
                RANK, str(actual), str(dimensions), shape=shape_text(self._shape())
            )
        return self

    def shape(self, *sizes: Any) -> Expectation:
        """Expect exactly these sizes; `None` stands for any size of one dimension."""
        if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
            sizes = tuple(sizes[0])
        actual = self._shape()
        fits = len(actual) == len(sizes) and all(
            wanted is None or size == wanted for size, wanted in zip(actual, sizes)
        )
        if not fits:
            raise self._difference(
                SHAPE,
                shape_text(actual),
                shape_text(sizes),
                actual_rank=str(len(actual)),
                expected_rank=str(len(sizes)),
            )
        return self

    def dtype(self, *dtypes: Any) -> Expectation:
        """Expect one of these dtypes."""
        self.tensor()
        with _without_torch_function():
            actual = self._value.dtype
        if actual not in dtypes:
            raise self._difference(DTYPE, str(actual), " | ".join(map(str, dtypes)))
        return self

    def device(self, device: Any) -> Expectation:
        """Expect this device. A device without an index matches any index of its type."""
        self.tensor()
        wanted = torch.device(device)
        with _without_torch_function():
            actual = self._value.device
        same = actual.type == wanted.type and wanted.index in (None, actual.index)
        if not same:
            raise self._difference(DEVICE, str(actual), str(wanted))
        return self

    def requires_grad(self, wanted: bool = True) -> Expectation:
        """Expect a tensor that requires gradients, or one that does not."""
        self.tensor()
        with _without_torch_function():
            actual = bool(self._value.requires_grad)
        if actual is not bool(wanted):
            raise self._difference(REQUIRES_GRAD, str(actual), str(bool(wanted)))
        return self

    def values(self, other: Any, tolerance: Optional[float] = None) -> Expectation:
        """Expect the shape and the elements of `other`, a tensor or a list of numbers.

        Dtypes may differ. `tolerance` is both relative and absolute; by default it depends on the
        dtypes.
        """
        self.tensor()
        expected = other if _is_tensor(other) else torch.as_tensor(other)
        self.shape(*_sizes(expected))
        with _without_torch_function(), torch.no_grad():
            actual, wanted, limits = _comparable(self._value, expected)
            if tolerance is not None:
                limits = (tolerance, tolerance)
            differs = ~_alike(actual, wanted, limits)
            count = int(differs.sum())
            if not count:
                return self
            index = tuple(int(number) for number in differs.nonzero()[0])
            texts = _number_texts(actual[index].item(), wanted[index].item())
            total = differs.numel()
        raise self._difference(
            VALUES,
            *texts,
            index=str(list(index)) if index else "",
            differing=str(count),
            total=str(total),
        )

    def equal(self, plain: Any) -> Expectation:
        """Expect this number or text, or this sequence of them.

        A tensor without dimensions counts as its number. A list, a tuple and a `torch.Size` with
        equal items are equal.
        """
        value = self._number(plain)
        if isinstance(plain, (list, tuple)) and isinstance(value, (list, tuple)):
            same = list(value) == list(plain)
        else:
            if not _same_kind(value, plain):
                raise self._difference(TYPE, type_name(value), type_name(plain))
            same = bool(value == plain)
        if not same:
            raise self._difference(VALUES, _plain_text(value), _plain_text(plain), index="")
        return self

    def near(self, number: Union[int, float], tolerance: float = 1e-4) -> Expectation:
        """Expect a number, or a tensor without dimensions, within `tolerance` of `number`.

        The tolerance is relative or absolute, whichever is larger.
        """
        value = self._number(number)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._difference(TYPE, type_name(value), "float")
        if not math.isclose(value, number, rel_tol=tolerance, abs_tol=tolerance) and not (
            math.isnan(value) and math.isnan(number)
        ):
            raise self._difference(VALUES, *_number_texts(value, number), index="")
        return self

    def is_true(self, condition: Any) -> Expectation:
        """Expect a condition on the value that no other method expresses."""
        if not condition:
            raise self._difference(VALUES, "False", "True", index="")
        return self

    # ---- the value ---------------------------------------------------------------------------

    def _shape(self) -> Tuple[int, ...]:
        self.tensor()
        return _sizes(self._value)

    def _number(self, like: Any) -> Any:
        """Return the value as a plain Python number if it is to be compared with one."""
        value = self._value
        if _is_tensor(value) and isinstance(like, (int, float, complex)):
            self.shape()
            with _without_torch_function():
                return value.detach().item()
        if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
            return value.item()
        return value

    def _difference(
        self, kind: DifferenceKind, actual: str = "", expected: str = "", **more: str
    ) -> Difference:
        fields = {"name": self._name, **more}
        if kind != MISSING:
            fields.update(actual=actual, expected=expected)
        return Difference(kind, **fields)


def type_name(value: Any) -> str:
    """Return the name of a value's class, without running code of a metaclass."""
    return str(type.__dict__["__name__"].__get__(type(value)))[:_LONGEST_TEXT]


def shape_text(sizes: Sequence[Any]) -> str:
    """Return a shape as Python writes a tuple, with `*` for `None`."""
    texts = ["*" if size is None else str(int(size)) for size in sizes]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def _is_tensor(value: Any) -> bool:
    return bool(type.__subclasscheck__(_TENSOR, type(value)))


def _sizes(tensor: Any) -> Tuple[int, ...]:
    with _without_torch_function():
        return tuple(int(size) for size in tensor.shape)


def _comparable(actual: Any, expected: Any) -> Tuple[Any, Any, Tuple[float, float]]:
    """Return both as plain tensors of one wide dtype on the CPU, and their tolerances."""
    pair = [_plain(tensor) for tensor in (actual, expected)]
    dtypes = [_REAL_PART.get(tensor.dtype, tensor.dtype) for tensor in pair]
    inexact = [dtype for dtype in dtypes if dtype.is_floating_point]
    limits = max((_TOLERANCES.get(dtype, _COARSE) for dtype in inexact), default=_EXACT)
    if any(tensor.is_complex() for tensor in pair):
        common = torch.complex128
    else:
        common = torch.float64 if inexact else torch.int64
    first, second = (tensor.to(common) for tensor in pair)
    return first, second, limits


def _plain(tensor: Any) -> Any:
    plain = tensor.detach()
    if plain.is_quantized:
        plain = plain.dequantize()
    if plain.layout is not torch.strided:
        plain = plain.to_dense()
    return plain.to("cpu")


def _alike(actual: Any, expected: Any, limits: Tuple[float, float]) -> Any:
    if limits == _EXACT and not actual.is_floating_point():
        return actual == expected
    relative, absolute = limits
    return torch.isclose(actual, expected, rtol=relative, atol=absolute, equal_nan=True)


def _same_kind(value: Any, plain: Any) -> bool:
    if isinstance(plain, bool) or isinstance(value, bool):
        return isinstance(plain, bool) and isinstance(value, bool)
    if isinstance(plain, (int, float, complex)):
        return isinstance(value, (int, float, complex))
    return plain is None or isinstance(value, type(plain)) or isinstance(plain, type(value))


def _number_texts(actual: Any, expected: Any) -> Tuple[str, str]:
    """Return the numbers as short texts that differ if the numbers do."""
    for digits in (4, 6, 9, 17):
        texts = _number_text(actual, digits), _number_text(expected, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _number_text(number: Any, digits: int) -> str:
    return f"{number:.{digits}g}" if isinstance(number, (float, complex)) else str(number)


def _plain_text(value: Any) -> str:
    """Return the `repr` of a built-in value; of any other its type, since its `repr` is code."""
    kinds = (int, float, complex, str, bool, type(None), torch.Size, torch.dtype, torch.device)
    own = type(value) in kinds
    if type(value) in (list, tuple):
        own = all(type(item) in kinds for item in value)
    text = (repr(tuple(value)) if type(value) is torch.Size else repr(value)) if own else None
    if text is None:
        return type_name(value)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
