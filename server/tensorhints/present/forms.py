"""Values as labels see them: what several sightings have in common, and in what they differ.

A form is a value without what no label shows (the class of a tensor), and with every size that
was seen at a dimension. It knows nothing of a label's length or of settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tensorhints.model.values import Array, Mapping, Record, Sequence, Tensor, Value

Size = int | str
Sizes = tuple[Size, ...]  # every size seen at one dimension, ascending

# More distinct sizes than this stand as a range, which symbolic sizes cannot.
LISTED_SIZES = 3


@dataclass(frozen=True)
class Dense:
    """A tensor or, where `device` is None, a NumPy array. `dims` is None where it has no shape."""

    dims: tuple[Sizes, ...] | None
    dtype: str
    device: str | None
    requires_grad: bool = False
    layout: str = "strided"
    guessed: bool = False
    placements: tuple[str, ...] = ()

    @property
    def is_scalar(self) -> bool:
        return self.dims == () and self.device is not None


@dataclass(frozen=True)
class Items:
    """A tuple, list or other sequence; `known` where every item is there, `alike` where every
    item, there or not, was like the first.
    """

    type_name: str
    length: int
    items: tuple[Form, ...]
    alike: bool

    @property
    def known(self) -> bool:
        return len(self.items) == self.length


@dataclass(frozen=True)
class Fields:
    """A dict (`record` false) or a named tuple or dataclass; `length` counts all its fields."""

    type_name: str
    names: tuple[str, ...]
    items: tuple[Form, ...]
    length: int
    record: bool


@dataclass(frozen=True)
class Opaque:
    """Anything that holds no tensor: only its class is shown."""

    type_name: str


Form = Dense | Items | Fields | Opaque


def form(value: Value) -> Form:
    if isinstance(value, Tensor):
        dims = None if value.shape is None else tuple((size,) for size in value.shape)
        return Dense(
            dims,
            value.dtype,
            value.device,
            value.requires_grad,
            value.layout,
            value.guessed,
            value.placements,
        )
    if isinstance(value, Array):
        dims = tuple((size,) for size in value.shape)
        return Dense(dims, value.dtype, None, guessed=value.guessed)
    if isinstance(value, Sequence):
        items = tuple(map(form, value.items))
        alike = value.alike or (len(items) == value.length and len(set(items)) == 1)
        return Items(value.type_name, value.length, items, alike)
    if isinstance(value, Mapping):
        items = tuple(map(form, value.items))
        return Fields(value.type_name, value.keys, items, value.length, record=False)
    if isinstance(value, Record):
        items = tuple(map(form, value.items))
        return Fields(value.type_name, value.fields, items, len(value.fields), record=True)
    return Opaque(value.type_name)


def holds_tensor(seen: Form) -> bool:
    if isinstance(seen, Dense):
        return True
    return isinstance(seen, (Items, Fields)) and any(map(holds_tensor, seen.items))


def merged(values: Iterable[Value]) -> list[Form]:
    """The alternatives that are left once those that differ in sizes alone have become one.

    In the order of appearance, those without any tensor last.
    """
    alternatives: list[Form] = []
    for value in values:
        new = form(value)
        for index, old in enumerate(alternatives):
            both = _united(old, new)
            if both is not None:
                alternatives[index] = both
                break
        else:
            alternatives.append(new)
    return sorted(alternatives, key=lambda seen: not holds_tensor(seen))


def _united(a: Form, b: Form) -> Form | None:
    """One form for both, or None where they differ in more than the sizes of dimensions."""
    if a == b:
        return a
    if isinstance(a, Dense) and isinstance(b, Dense):
        return _united_dense(a, b)
    if isinstance(a, Items) and isinstance(b, Items):
        if (a.type_name, a.length) != (b.type_name, b.length):
            return None
        items = _united_items(a.items, b.items)
        return None if items is None else replace(a, items=items, alike=a.alike and b.alike)
    if isinstance(a, Fields) and isinstance(b, Fields):
        if (a.type_name, a.length, a.names) != (b.type_name, b.length, b.names):
            return None
        items = _united_items(a.items, b.items)
        return None if items is None else replace(a, items=items)
    return None


def _united_items(a: tuple[Form, ...], b: tuple[Form, ...]) -> tuple[Form, ...] | None:
    if len(a) != len(b):
        return None
    items = []
    for left, right in zip(a, b, strict=True):
        both = _united(left, right)
        if both is None:
            return None
        items.append(both)
    return tuple(items)


def _united_dense(a: Dense, b: Dense) -> Dense | None:
    guessed = a.guessed or b.guessed
    if replace(a, dims=None, guessed=guessed) != replace(b, dims=None, guessed=guessed):
        return None
    if a.dims is None or b.dims is None:
        return replace(a, guessed=guessed) if a.dims == b.dims else None
    if len(a.dims) != len(b.dims):
        return None
    dims = tuple(_united_sizes(x, y) for x, y in zip(a.dims, b.dims, strict=True))
    if any(len(sizes) > LISTED_SIZES and not _is_range(sizes) for sizes in dims):
        return None
    return replace(a, dims=dims, guessed=guessed)


def _united_sizes(a: Sizes, b: Sizes) -> Sizes:
    return tuple(sorted({*a, *b}, key=lambda size: (isinstance(size, str), size)))


def _is_range(sizes: Sizes) -> bool:
    return all(isinstance(size, int) for size in sizes)
