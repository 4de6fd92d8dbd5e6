"""Labels: the text of the hint after a name, of at most 43 UTF-16 units.

docs/protocol.md has the rules under *Labels*. A label never claims what was not observed: what does
not fit is replaced with an ellipsis, and the tooltip has everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tensorhints.model import locations
from tensorhints.model.observations import Observation
from tensorhints.model.values import Tensor, TensorDetails, Value

from .forms import (
    LISTED_SIZES,
    Dense,
    Fields,
    Folded,
    Form,
    Items,
    Opaque,
    Sizes,
    folded,
    form_of,
    merged,
)
from .text import ELLIPSIS, printable, shortened, utf16_length

LIMIT = 43  # UTF-16 units, `: ` included: what VS Code shows of one line's hints by default
ALTERNATIVES = 3
LISTED_ITEMS = 4

SHORT_DTYPES = {
    "float16": "f16",
    "bfloat16": "bf16",
    "float32": "f32",
    "float64": "f64",
    "int8": "i8",
    "int16": "i16",
    "int32": "i32",
    "int64": "i64",
    "uint8": "u8",
    "uint16": "u16",
    "uint32": "u32",
    "uint64": "u64",
    "complex64": "c64",
    "complex128": "c128",
}


@dataclass(frozen=True, eq=False)
class LabelStyle:
    """The settings `hints.*`: what is shown, and how.

    Each field is named like its setting, except `long_dtypes` (`hints.dtype`) and `show_device`
    (`hints.device`). Labels are cached by the identity of the style: keep one instance for as long
    as the settings are unchanged.
    """

    enabled: bool = True
    assignments: bool = True
    parameters: bool = True
    comprehensions: bool = True
    returns: bool = True
    expressions: bool = True
    chains: bool = True
    values: bool = True
    long_dtypes: bool = False
    show_device: bool = True

    def shows(self, kind: locations.LocationKind) -> bool:
        """Whether hints at locations of this kind are shown."""
        return self.enabled and kind not in self._hidden

    @cached_property
    def _hidden(self) -> frozenset[str]:
        shown = {
            locations.TARGET: self.assignments,
            locations.PARAMETER: self.parameters,
            locations.COMPREHENSION: self.comprehensions,
            locations.RETURN: self.returns,
            locations.EXPRESSION: self.expressions,
            locations.CHAIN: self.chains,
        }
        return frozenset(kind for kind, is_shown in shown.items() if not is_shown)


DEFAULT_STYLE = LabelStyle()


def label(observation: Observation, style: LabelStyle = DEFAULT_STYLE) -> str | None:
    """Return the label including its separator, or None if there is nothing to show."""
    location = observation.location
    if not style.shows(location.kind):
        return None
    scalar = _scalar(observation) if style.values else None
    return _label(beginning(location), observation.values, scalar, style)


@lru_cache(maxsize=8192)
def _label(
    start: str, values: tuple[Value, ...], scalar: str | None, style: LabelStyle
) -> str | None:
    """Return a cached label: a file has few distinct ones, and each edit requests all of them."""
    alternatives = merged(values)
    if not any(form.holds_tensor for form in alternatives):
        return None
    limit = LIMIT - utf16_length(start)
    if len(alternatives) > 1:
        scalar = None
    for text in _candidates(alternatives, style, scalar):
        if utf16_length(text) <= limit:
            return start + text
    return start + shortened(_text(alternatives[0], _Cut(style, fields=0)), limit)


def beginning(location: locations.HintLocation) -> str:
    """Return the separator between the code and the label."""
    if location.kind not in locations.BINDING_KINDS:
        return " → "
    return " " if location.annotated else ": "


def text_of(
    value: Value, style: LabelStyle = DEFAULT_STYLE, details: TensorDetails | None = None
) -> str:
    """Return one value as labels write it, of any length."""
    scalar = None
    if details is not None and isinstance(value, Tensor) and value.shape == ():
        scalar = details.scalar
    return _text(form_of(value), _Cut(style, scalar=scalar))


def dtype_text(dtype: str, style: LabelStyle = DEFAULT_STYLE) -> str:
    """Return a dtype as labels write it: `f32` or `float32`."""
    return printable(dtype if style.long_dtypes else SHORT_DTYPES.get(dtype, dtype))


def _scalar(observation: Observation) -> str | None:
    if observation.details is None or not 0 <= observation.last < len(observation.values):
        return None
    value = observation.values[observation.last]
    if isinstance(value, Tensor) and value.shape == () and value.device == "cpu":
        return observation.details.scalar
    return None


@dataclass(frozen=True)
class _Cut:
    """The limits on the length of a form: at most `fields` of a container and `dims` of a shape."""

    style: LabelStyle
    scalar: str | None = None
    fields: int | None = None
    dims: int | None = None
    ranges: bool = False


def _candidates(alternatives: list[Form], style: LabelStyle, scalar: str | None) -> Iterator[str]:
    """Yield possible texts, most informative first.

    Those that name everything come first, then alternatives are cut, then fields.
    """
    whole, ranges = _Cut(style, scalar), _Cut(style, scalar, ranges=True)
    if len(alternatives) <= ALTERNATIVES:
        yield _alternatives(alternatives, len(alternatives), whole)
        yield _alternatives(alternatives, len(alternatives), ranges)
    fold = folded(alternatives)
    if fold is not None and len(fold[1]) < ALTERNATIVES:
        yield _folded(*fold, whole)
        yield _folded(*fold, ranges)
    for count in range(min(len(alternatives) - 1, ALTERNATIVES), 0, -1):
        yield _alternatives(alternatives, count, whole)
        yield _alternatives(alternatives, count, ranges)
    for fields in range(_widest(alternatives[0]) - 1, -1, -1):
        yield _alternatives(alternatives, 1, _Cut(style, scalar, fields, ranges=True))
    for dims in range(8, 0, -1):
        yield _alternatives(alternatives, 1, _Cut(style, scalar, 1, dims, ranges=True))
        yield _alternatives(alternatives, 1, _Cut(style, scalar, 0, dims, ranges=True))


def _widest(form: Form) -> int:
    if isinstance(form, (Items, Fields)):
        return max((len(form.items), *map(_widest, form.items)), default=0)
    return 0


def _alternatives(alternatives: list[Form], count: int, cut: _Cut) -> str:
    texts = [_text(form, cut) for form in alternatives[:count]]
    if len(alternatives) > count:
        texts.append(f"{ELLIPSIS}+{len(alternatives) - count}")
    return " | ".join(texts)


def _folded(tensors: Folded, others: list[Form], cut: _Cut) -> str:
    """Return `f32|bf16[64,10]|[10] cpu ∇?`: all dtypes, shapes and devices side by side."""
    dtypes = "|".join(dtype_text(dtype, cut.style) for dtype in tensors.dtypes)
    shapes = "|".join(f"[{_shape(dims, cut)}]" for dims in tensors.shapes)
    words = [("≈" if tensors.guessed else "") + dtypes + shapes]
    if cut.style.show_device:
        words.append("|".join(map(printable, tensors.devices)))
    words += _gradient_mark(tensors.requires_grad)
    return " | ".join([" ".join(words), *(_text(form, cut) for form in others)])


def _gradient_mark(requires_grad: bool | None) -> list[str]:
    if requires_grad is None:
        return ["∇?"]
    return ["∇"] if requires_grad else []


def _text(form: Form, cut: _Cut) -> str:
    if isinstance(form, Dense):
        return _dense(form, cut)
    if isinstance(form, Items):
        return _sequence(form, cut)
    if isinstance(form, Fields):
        return _fields(form, cut)
    return _opaque(form)


def _opaque(form: Opaque) -> str:
    return "None" if form.type_name == "NoneType" else printable(form.type_name)


def _dense(form: Dense, cut: _Cut) -> str:
    shape = "[?]" if form.dims is None else f"[{_shape(form.dims, cut)}]"
    words = [("≈" if form.guessed else "") + dtype_text(form.dtype, cut.style) + shape]
    if form.device is None:
        return f"ndarray {words[0]}"
    if cut.style.show_device:
        words.append(printable(form.device))
    if form.layout != "strided":
        words.append(printable(form.layout))
    elif form.dims is None:
        words.append("nested")
    if form.placements:
        words.append(printable(",".join(form.placements)))
    if cut.scalar is not None and form.is_scalar:
        words.append(f"= {printable(cut.scalar)}")
    return " ".join([*words, *_gradient_mark(form.requires_grad)])


def _shape(dims: tuple[Sizes, ...], cut: _Cut) -> str:
    texts = [_sizes(sizes, cut.ranges) for sizes in dims]
    if cut.dims is not None and len(texts) > cut.dims:
        texts[cut.dims :] = [ELLIPSIS]
    return ",".join(texts)


def _sizes(sizes: Sizes, ranges: bool) -> str:
    # A range of two sizes would not be shorter than the list.
    numbers = all(isinstance(size, int) for size in sizes)
    if len(sizes) > LISTED_SIZES or (ranges and numbers and len(sizes) == LISTED_SIZES):
        return f"{sizes[0]}..{sizes[-1]}"
    return "|".join(printable(str(size)) for size in sizes)


def _sequence(form: Items, cut: _Cut) -> str:
    plain = form.type_name in ("tuple", "list")
    nested = any(isinstance(item, (Items, Fields)) for item in form.items)
    is_cut = cut.fields is not None and cut.fields < form.length
    if form.alike and is_cut:
        plain = False  # `list[2] of …` says more than `[…, …+1]`.
    if plain and not nested and form.known and form.length <= LISTED_ITEMS:
        parts = [(item.holds_tensor, _text(item, cut)) for item in form.items]
        shown = _shown(parts, form.length, cut.fields)
        inner = ", ".join(shown)
        return f"[{inner}]" if form.type_name == "list" else f"({inner})"
    name = f"{printable(form.type_name)}[{form.length}]"
    if form.alike and form.items and (cut.fields is None or cut.fields > 0):
        return f"{name} of {_text(form.items[0], cut)}"
    return name


def _fields(form: Fields, cut: _Cut) -> str:
    separator = "=" if form.record else ": "
    parts = [
        (item.holds_tensor, f"{printable(name)}{separator}{_text(item, cut)}")
        for name, item in zip(form.names, form.items, strict=False)
    ]
    inner = ", ".join(_shown(parts, form.length, cut.fields))
    return f"{printable(form.type_name)}({inner})" if form.record else f"{{{inner}}}"


def _shown(parts: list[tuple[bool, str]], length: int, count: int | None) -> list[str]:
    """Return the first `count` parts in order, preferring those with tensors."""
    if count is None or count > len(parts):
        count = len(parts)
    ranked = sorted(range(len(parts)), key=lambda index: not parts[index][0])
    kept = sorted(ranked[:count])
    shown = [parts[index][1] for index in kept]
    if length > len(shown):
        shown.append(f"{ELLIPSIS}+{length - len(shown)}")
    return shown
