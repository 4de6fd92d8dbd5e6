"""The tooltip of a hint, also shown on hover: everything observed at a location, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tensorhints.model.observations import Observation
from tensorhints.model.values import (
    Array,
    Mapping,
    Record,
    Sequence,
    Tensor,
    TensorDetails,
    Value,
    holds_tensor,
)

from .forms import merged, mixes_gradients
from .labels import text_of
from .markdown import code
from .quantities import memory
from .text import printable
from .words import knows, translate

LISTED_SIGNATURES = 100
LISTED_ITEMS = 20
NESTING = 3


def tooltip(observation: Observation, locale: str) -> str:
    """Return every signature with its count, the first and last ones, and details of the last."""
    blocks = [_heading(observation, locale)]
    if len(observation.values) > 1:
        blocks.append("\n".join(_signatures(observation, locale)))
    if 0 <= observation.last < len(observation.values):
        facts = "\n".join(_last(observation, locale))
        if facts:
            several = len(observation.values) > 1
            blocks.append(
                f"{translate('tooltip.last-seen', locale)}:\n\n{facts}" if several else facts
            )
    if any(map(_guessed, observation.values)):
        blocks.append(translate("tooltip.guessed", locale))
    if any(map(mixes_gradients, merged(observation.values))):
        blocks.append(translate("tooltip.some-require-grad", locale))
    return "\n\n".join(blocks)


def _heading(observation: Observation, locale: str) -> str:
    name = f"**{code(observation.location.name)}** " if observation.location.name else ""
    if len(observation.values) == 1:
        return f"{name}{code(text_of(observation.values[0]))} · {_count(observation, 0, locale)}"
    return name + translate("tooltip.signatures", locale, count=len(observation.values))


def _signatures(observation: Observation, locale: str) -> Iterator[str]:
    for index, value in enumerate(observation.values[:LISTED_SIGNATURES]):
        words = [code(text_of(value)), _count(observation, index, locale)]
        if index == 0:
            words.append(translate("tooltip.first", locale))
        if index == observation.last:
            words.append(translate("tooltip.last", locale))
        yield f"- {' · '.join(words)}"
    if len(observation.values) > LISTED_SIGNATURES:
        more = len(observation.values) - LISTED_SIGNATURES
        yield f"- {translate('tooltip.more', locale, count=more)}"


def _count(observation: Observation, index: int, locale: str) -> str:
    count = observation.counts[index] if index < len(observation.counts) else 1
    if observation.lower_bound:
        return translate("tooltip.count.lower-bound", locale, count=count)
    if count == 1:
        return translate("tooltip.once", locale)
    return translate("tooltip.count", locale, count=count)


def _last(observation: Observation, locale: str) -> Iterator[str]:
    value = observation.values[observation.last]
    if isinstance(value, Tensor):
        yield from _tensor(value, observation.details or TensorDetails(), locale)
    elif isinstance(value, Array):
        yield _fact("tooltip.shape", code(_numbers(value.shape)), locale)
        yield _fact("tooltip.dtype", code(value.dtype), locale)
        if observation.details is not None and observation.details.nbytes is not None:
            yield _fact("tooltip.memory", memory(observation.details.nbytes, locale), locale)
    else:
        yield from _items(value, 0, locale)


def _tensor(value: Tensor, details: TensorDetails, locale: str) -> Iterator[str]:
    no_shape = translate("tooltip.no-shape", locale)
    shape = no_shape if value.shape is None else code(_numbers(value.shape))
    yield _fact("tooltip.shape", shape, locale)
    yield _fact("tooltip.dtype", code(f"torch.{value.dtype}"), locale)
    yield _fact("tooltip.device", code(value.device), locale)
    if details.scalar is not None and value.shape == ():
        yield _fact("tooltip.value", code(details.scalar), locale)
    if value.placements:
        placements = ", ".join(_placement(one, locale) for one in value.placements)
        yield _fact("tooltip.placements", placements, locale)
    if value.type_name != "Tensor":
        yield _fact("tooltip.class", code(value.type_name), locale)
    if value.layout != "strided":
        yield _fact("tooltip.layout", code(value.layout), locale)
    yield from _memory(details, locale)
    yield _fact("tooltip.requires-grad", code(str(value.requires_grad)), locale)
    if details.grad_fn is not None:
        yield _fact("tooltip.grad-fn", code(details.grad_fn), locale)


def _placement(short: str, locale: str) -> str:
    """Return `S(0)` (sharded along dimension 0)."""
    kind, _, argument = short.removesuffix(")").partition("(")
    word = f"tooltip.placement.{kind}"
    if not knows(word):
        return code(short)
    return f"{code(short)} ({translate(word, locale, argument=printable(argument))})"


def _memory(details: TensorDetails, locale: str) -> Iterator[str]:
    words = []
    if details.stride is not None:
        words.append(code(_numbers(details.stride)))
    if details.contiguous is not None:
        contiguous = "tooltip.contiguous" if details.contiguous else "tooltip.not-contiguous"
        words.append(translate(contiguous, locale))
    if words:
        yield _fact("tooltip.stride", ", ".join(words), locale)
    if details.nbytes is not None:
        yield _fact("tooltip.memory", memory(details.nbytes, locale), locale)


def _fact(word: str, text: str, locale: str) -> str:
    return f"- {translate(word, locale)}: {text}"


def _numbers(sizes: tuple[int | str, ...]) -> str:
    inner = ", ".join(map(str, sizes))
    return f"({inner},)" if len(sizes) == 1 else f"({inner})"


def _items(value: Value, depth: int, locale: str) -> Iterator[str]:
    """Yield the items of a container as a nested list."""
    if depth >= NESTING or not holds_tensor(value):
        return
    indent = "  " * depth
    length, named = _named_items(value)
    for name, item in named[:LISTED_ITEMS]:
        yield f"{indent}- {code(name)}: {code(text_of(item))}"
        yield from _items(item, depth + 1, locale)
    hidden = length - min(len(named), LISTED_ITEMS)
    if hidden > 0:
        yield f"{indent}- {translate('tooltip.more', locale, count=hidden)}"


def _named_items(value: Value) -> tuple[int, list[tuple[str, Value]]]:
    if isinstance(value, Sequence):
        return value.length, [(f"[{index}]", item) for index, item in enumerate(value.items)]
    if isinstance(value, Mapping):
        return value.length, list(zip(value.keys, value.items, strict=False))
    if isinstance(value, Record):
        names = [f".{field}" for field in value.fields]
        return len(value.fields), list(zip(names, value.items, strict=False))
    return 0, []


def _guessed(value: Value) -> bool:
    if isinstance(value, (Tensor, Array)):
        return value.guessed
    return isinstance(value, (Sequence, Mapping, Record)) and any(map(_guessed, value.items))
