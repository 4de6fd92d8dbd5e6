"""Out of memory: on which device, and which names held the memory."""

from __future__ import annotations

from collections.abc import Iterator

from tensorhints.model.failures import Failure, Holder
from tensorhints.model.values import OtherObject

from .labels import text_of
from .quantities import memory
from .rules.reasons import Reason
from .text import printable, shortened
from .words import translate

TEXT_LIMIT = 60


def out_of_memory(device: str) -> Reason:
    """Return the reason for an out-of-memory failure of a device."""
    if device == "cpu":
        return Reason("explain.out-of-memory")
    return Reason(
        "explain.out-of-gpu-memory",
        {"device": printable(device)},
        advice="explain.advice.gpu-memory",
    )


def holders(failure: Failure, locale: str) -> Iterator[str]:
    """Yield a line for each name that held memory of that device, largest first."""
    if failure.holders:
        yield translate("explain.holders", locale, device=printable(failure.memory_of or ""))
    for holder in failure.holders:
        yield f"  {_holder(holder, locale)}"


def _holder(holder: Holder, locale: str) -> str:
    value = holder.value
    text = value.text or value.type_name if isinstance(value, OtherObject) else text_of(value)
    code = "explain.holder.function" if holder.function else "explain.holder"
    return translate(
        code,
        locale,
        name=printable(holder.name),
        function=printable(holder.function),
        value=shortened(printable(text), TEXT_LIMIT),
        memory=memory(holder.nbytes, locale),
    )
