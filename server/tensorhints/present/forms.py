"""Values as labels show them: what several observed values have in common, and how they differ.

A form is a value without what labels do not show (such as the class of a tensor), and with every
size seen at a dimension. It knows nothing about the length of labels or about settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tensorhints.model.values import Array, Mapping, Record, Sequence, Tensor, Value

Size = int | str
Sizes = tuple[Size, ...]  # every size seen at one dimension, ascending

# More distinct sizes than this are shown as a range, which symbolic sizes cannot be.
LISTED_SIZES = 3


@dataclass(frozen=True)
class Dense:
    """A tensor or, if `device` is None, a NumPy array. `dims` is None if it has no shape.

    `requires_grad` is None if only some of the values that the form shows require gradients.
    """

    dims: tuple[Sizes, ...] | None
    dtype: str
    device: str | None
    requires_grad: bool | None = False
    layout: str = "strided"
    guessed: bool = False
    placements: tuple[str, ...] = ()

    @property
    def holds_tensor(self) -> bool:
        """Always true."""
        return True

    @property
    def is_scalar(self) -> bool:
        """Whether it is a tensor without dimensions."""
        return self.dims == () and self.device is not None


@dataclass(frozen=True)
class Items:
    """A tuple, list or other sequence.

    `items` are the recorded ones; `alike` says that all `length` items are like the first.
    """

    type_name: str
    length: int
    items: tuple[Form, ...]
    alike: bool

    @property
    def holds_tensor(self) -> bool:
        """Whether any item is or contains a tensor."""
        return any(item.holds_tensor for item in self.items)

    @property
    def known(self) -> bool:
        """Whether every item was recorded."""
        return len(self.items) == self.length


@dataclass(frozen=True)
class Fields:
    """A dict (`record` is false), a named tuple or a dataclass. `length` counts all fields."""

    type_name: str
    names: tuple[str, ...]
    items: tuple[Form, ...]
    length: int
    record: bool

    @property
    def holds_tensor(self) -> bool:
        """Whether any field is or contains a tensor."""
        return any(item.holds_tensor for item in self.items)


@dataclass(frozen=True)
class Opaque:
    """Anything else: only its class is shown."""

    type_name: str

    @property
    def holds_tensor(self) -> bool:
        """Always false."""
        return False


Form = Dense | Items | Fields | Opaque


def form_of(value: Value) -> Form:
    """Convert one value."""
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
        items = tuple(map(form_of, value.items))
        alike = value.alike or (len(items) == value.length and len(set(items)) == 1)
        return Items(value.type_name, value.length, items, alike)
    if isinstance(value, Mapping):
        items = tuple(map(form_of, value.items))
        return Fields(value.type_name, value.keys, items, value.length, record=False)
    if isinstance(value, Record):
        items = tuple(map(form_of, value.items))
        return Fields(value.type_name, value.fields, items, len(value.fields), record=True)
    return Opaque(value.type_name)


def merged(values: Iterable[Value]) -> list[Form]:
    """Merge the forms that differ only in sizes and in requires_grad; return the alternatives.

    In order of appearance; those without tensors come last.
    """
    alternatives: list[Form] = []
    for value in values:
        new = form_of(value)
        for index, old in enumerate(alternatives):
            both = _merge_two(old, new)
            if both is not None:
                alternatives[index] = both
                break
        else:
            alternatives.append(new)
    return sorted(alternatives, key=lambda form: not form.holds_tensor)


def mixes_gradients(form: Form) -> bool:
    """Whether a form shows values of which only some require gradients."""
    if isinstance(form, Dense):
        return form.requires_grad is None
    return isinstance(form, (Items, Fields)) and any(map(mixes_gradients, form.items))


@dataclass(frozen=True)
class Folded:
    """All tensors among several alternatives, each difference by itself: a shape for each rank."""

    dtypes: tuple[str, ...]
    shapes: tuple[tuple[Sizes, ...], ...]
    devices: tuple[str, ...]
    requires_grad: bool | None
    guessed: bool


def folded(alternatives: Iterable[Form]) -> tuple[Folded, list[Form]] | None:
    """Fold the tensors among alternatives into one; return it and the other alternatives.

    None if there are not several tensors, or if they differ in more than shape, dtype and device.
    """
    tensors: list[Dense] = []
    others: list[Form] = []
    for form in alternatives:
        is_tensor = isinstance(form, Dense) and form.device is not None
        (tensors if is_tensor else others).append(form)  # type: ignore[arg-type]
    shapes: dict[int, tuple[Sizes, ...]] = {}
    for form in tensors:
        if form.dims is None or form.layout != "strided" or form.placements:
            return None
        rank = len(form.dims)
        shape = _merge_shapes(shapes.get(rank, form.dims), form.dims)
        if shape is None:
            return None
        shapes[rank] = shape
    if len(tensors) < 2:
        return None
    marks = {form.requires_grad for form in tensors}
    return Folded(
        tuple(dict.fromkeys(form.dtype for form in tensors)),
        tuple(shapes.values()),
        tuple(dict.fromkeys(str(form.device) for form in tensors)),
        marks.pop() if len(marks) == 1 else None,
        any(form.guessed for form in tensors),
    ), others


def _merge_two(a: Form, b: Form) -> Form | None:
    """Return one form for both, or None if they differ in more than sizes and requires_grad."""
    if a == b:
        return a
    if isinstance(a, Dense) and isinstance(b, Dense):
        return _merge_dense(a, b)
    if isinstance(a, Items) and isinstance(b, Items):
        if (a.type_name, a.length) != (b.type_name, b.length):
            return None
        items = _merge_items(a.items, b.items)
        return None if items is None else replace(a, items=items, alike=a.alike and b.alike)
    if isinstance(a, Fields) and isinstance(b, Fields):
        if (a.type_name, a.length, a.names) != (b.type_name, b.length, b.names):
            return None
        items = _merge_items(a.items, b.items)
        return None if items is None else replace(a, items=items)
    return None


def _merge_items(a: tuple[Form, ...], b: tuple[Form, ...]) -> tuple[Form, ...] | None:
    if len(a) != len(b):
        return None
    items = []
    for left, right in zip(a, b, strict=True):
        both = _merge_two(left, right)
        if both is None:
            return None
        items.append(both)
    return tuple(items)


def _merge_dense(a: Dense, b: Dense) -> Dense | None:
    if a != replace(b, dims=a.dims, guessed=a.guessed, requires_grad=a.requires_grad):
        return None
    if a.dims is None or b.dims is None:
        return _with_marks(a, a, b) if a.dims == b.dims else None
    dims = _merge_shapes(a.dims, b.dims)
    return None if dims is None else _with_marks(replace(a, dims=dims), a, b)


def _with_marks(form: Dense, a: Dense, b: Dense) -> Dense:
    requires_grad = a.requires_grad if a.requires_grad == b.requires_grad else None
    return replace(form, guessed=a.guessed or b.guessed, requires_grad=requires_grad)


def _merge_shapes(a: tuple[Sizes, ...], b: tuple[Sizes, ...]) -> tuple[Sizes, ...] | None:
    if len(a) != len(b):
        return None
    dims = tuple(_merge_sizes(x, y) for x, y in zip(a, b, strict=True))
    if any(len(sizes) > LISTED_SIZES and not _is_range(sizes) for sizes in dims):
        return None
    return dims


def _merge_sizes(a: Sizes, b: Sizes) -> Sizes:
    return tuple(sorted({*a, *b}, key=lambda size: (isinstance(size, str), size)))


def _is_range(sizes: Sizes) -> bool:
    return all(isinstance(size, int) for size in sizes)
