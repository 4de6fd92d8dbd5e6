"""Why a program failed, in one line that shows the operands, and what torch itself said.

The headline claims only what the operands prove; where no rule does, it is torch's own first line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorhints.model.failures import Failure, InnerCall, Operand, Operation
from tensorhints.model.user_messages import UserMessage
from tensorhints.model.values import OtherObject, Value, holds_tensor

from .cases import case_of, certain
from .labels import text_of
from .memory import holders, out_of_memory
from .rules import Reason, reason_for
from .text import first_line, printable, shortened
from .user_messages import sentence
from .words import knows, say

TEXT_LIMIT = 40
VALUE_LIMIT = 80
MESSAGE_LIMIT = 2000

# Of these the message says enough; any other class is named before its message.
_PLAIN = frozenset(("RuntimeError", "ValueError", "IndexError", "TypeError", "AttributeError"))


@dataclass(frozen=True)
class Explanation:
    """`headline` is one line; `detail` has what helps, where inside a module, torch's words."""

    headline: str
    detail: str


def explain(failure: Failure, locale: str) -> Explanation:
    reason = _reason(failure)
    return Explanation(
        _headline(failure, reason, locale), "\n".join(_detail(failure, reason, locale))
    )


def _reason(failure: Failure) -> Reason | None:
    if failure.memory_of is not None:
        return out_of_memory(failure.memory_of)
    case = case_of(failure)
    return None if case is None else reason_for(case)


def _headline(failure: Failure, reason: Reason | None, locale: str) -> str:
    if failure.user_message is not None and knows(failure.user_message):
        return sentence(UserMessage(failure.user_message), locale)
    drawn = "" if failure.operation is None else _drawn(failure.operation)
    if reason is not None:
        said = say(reason.code, locale, **reason.fields)
        return f"{drawn}: {said}" if drawn else said
    name, message = _exception(failure), first_line(failure.message)
    if not message:
        said = name
    elif drawn and name in _PLAIN:
        said = message
    else:
        said = f"{name}: {message}"
    return f"{drawn}: {said}" if drawn else said


def _detail(failure: Failure, reason: Reason | None, locale: str) -> Iterator[str]:
    if reason is not None and reason.advice is not None:
        yield say(reason.advice, locale, **reason.advice_fields)
    yield from holders(failure, locale)
    if failure.inside:
        yield _inside(failure.inside, locale)
    if failure.operation is not None:
        for operand in failure.operation.operands:
            if not operand.exact and operand.value is not None and holds_tensor(operand.value):
                yield say(
                    "explain.earlier", locale, name=_text(operand), value=_value(operand.value)
                )
    message = "\n".join(printable(line.strip()) for line in failure.message.strip().splitlines())
    yield f"{_exception(failure)}: {shortened(message, MESSAGE_LIMIT)}".removesuffix(": ")


def _inside(inside: tuple[InnerCall, ...], locale: str) -> str:
    """`inside Sequential > 3: Linear(…), which was given f32[8,64] cpu`."""
    last = inside[-1]
    path = [inside[0].module.partition("(")[0]] if len(inside) > 1 else []
    path += [call.path for call in inside[1:] if call.path]
    module = shortened(printable(last.module), VALUE_LIMIT)
    where = f"{' > '.join(map(printable, path))}: {module}" if path else module
    if last.received is None:
        return say("explain.inside", locale, module=where)
    return say("explain.inside-given", locale, module=where, value=_value(last.received))


def _exception(failure: Failure) -> str:
    return printable(failure.exception.rpartition(".")[2])


def _drawn(operation: Operation) -> str:
    """The operation with its operands' values, empty where none of them holds a tensor."""
    if not any(_shows_tensor(operand) for operand in operation.operands):
        return ""
    name = shortened(printable(operation.name), TEXT_LIMIT)
    if operation.kind in ("binary", "augmented", "compare"):
        return f" {name} ".join(map(_side, operation.operands))
    if operation.kind == "subscript" and len(operation.operands) == 2:
        base, index = operation.operands
        return f"{_enclosed(base)}[{_operand(index)}]"
    if operation.kind == "attribute":
        return f"{_enclosed(operation.operands[0])}.{name}"
    if operation.kind in ("method", "call"):
        return _drawn_call(operation, name)
    return ", ".join(map(_operand, operation.operands))


def _drawn_call(operation: Operation, name: str) -> str:
    given = [operand for operand in operation.operands if operand.role not in ("callee", "self")]
    owner = next((operand for operand in operation.operands if operand.role == "self"), None)
    called = name if owner is None else f"{_enclosed(owner)}.{name}"
    return f"{called}({', '.join(map(_argument, given))})"


def _argument(operand: Operand) -> str:
    if operand.keyword is None:
        return _operand(operand)
    if operand.keyword == "**":
        return f"**{_text(operand)}"
    return f"{printable(operand.keyword)}={_operand(operand)}"


def _side(operand: Operand) -> str:
    """An operand beside an operator: `(a * 2): f32[3] cpu`, to keep two operators apart."""
    drawn, text = _operand(operand), _text(operand)
    if " " not in text or drawn == text:
        return drawn
    return f"({text}){drawn.removeprefix(text)}"


def _enclosed(operand: Operand) -> str:
    drawn = _operand(operand)
    return f"({drawn})" if drawn != _text(operand) else drawn


def _operand(operand: Operand) -> str:
    """`x: f32[3] cpu`, `5`, `x.size(0): 2`."""
    text, value = _text(operand), operand.value
    if value is None or not certain(operand):
        return text
    if _shows_tensor(operand):
        return f"{text}: {_value(value)}"
    if (
        isinstance(value, OtherObject)
        and value.type_name == "int"
        and value.text not in (None, text)
    ):
        return f"{text}: {printable(value.text or '')}"
    return text


def _shows_tensor(operand: Operand) -> bool:
    return operand.value is not None and certain(operand) and holds_tensor(operand.value)


def _text(operand: Operand) -> str:
    return shortened(printable(operand.text), TEXT_LIMIT)


def _value(value: Value) -> str:
    return shortened(text_of(value), VALUE_LIMIT)
