"""Why a program failed: one line that shows the operands, and torch's own message.

The headline claims only what the operands prove. If no rule proves anything, it is the first line
of torch's message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tensorhints.model.failures import Failure, InnerCall, Operand, Operation, ProgramExit
from tensorhints.model.user_messages import UserMessage
from tensorhints.model.values import OtherObject, Value, holds_tensor

from .cases import case_of, certain
from .labels import text_of
from .memory import holders, out_of_memory
from .rules import Reason, reason_for
from .rules.devices import NO_CUDA
from .text import first_line, printable, shortened
from .user_messages import sentence
from .words import knows, translate

TEXT_LIMIT = 40
VALUE_LIMIT = 80
MESSAGE_LIMIT = 2000

# The messages of these are clear enough; any other class is named before its message.
_PLAIN = frozenset(("RuntimeError", "ValueError", "IndexError", "TypeError", "AttributeError"))


@dataclass(frozen=True)
class Explanation:
    """The explanation of a failure.

    `headline` is one line. `detail` has advice, the module that failed, and torch's message.
    """

    headline: str
    detail: str


def explain(failure: Failure, locale: str, *, on_command_line: bool = False) -> Explanation:
    """Explain a failure in the user's language.

    `on_command_line`: the program was run by `tensorhints run`, not from an editor.
    """
    if failure.exit is not None:
        return _exit_explanation(failure.exit, locale, on_command_line)
    reason = _reason(failure)
    return Explanation(
        _headline(failure, reason, locale), "\n".join(_detail(failure, reason, locale))
    )


def remedying_device(failure: Failure) -> str | None:
    """Return the device on which a run would not fail so: `simulated` if a GPU was missing."""
    reason = _reason(failure)
    return "simulated" if reason is not None and reason.code == NO_CUDA else None


def _exit_explanation(left: ProgramExit, locale: str, on_command_line: bool) -> Explanation:
    printed = [printable(line) for line in left.printed]
    reason = first_line(left.reason) or (printed[-1].strip() if printed else "")
    if reason:
        headline = translate(
            "exit.reason", locale, status=left.status, reason=shortened(reason, MESSAGE_LIMIT)
        )
    else:
        headline = translate("exit.silent", locale, status=left.status)
    advice = []
    if left.by_arguments:
        advice.append(
            translate("cli.exit.arguments" if on_command_line else "exit.arguments", locale)
        )
    return Explanation(headline, "\n".join((*advice, *printed)))


def _reason(failure: Failure) -> Reason | None:
    if failure.memory_of is not None:
        return out_of_memory(failure.memory_of)
    case = case_of(failure)
    return None if case is None else reason_for(case)


def _headline(failure: Failure, reason: Reason | None, locale: str) -> str:
    if failure.user_message is not None and knows(failure.user_message):
        return sentence(UserMessage(failure.user_message), locale)
    operation = "" if failure.operation is None else _operation_text(failure.operation)
    if reason is not None:
        text = translate(reason.code, locale, **reason.fields)
        return f"{operation}: {text}" if operation else text
    name, message = _exception(failure), first_line(failure.message)
    if not message:
        text = name
    elif operation and name in _PLAIN:
        text = message
    else:
        text = f"{name}: {message}"
    return f"{operation}: {text}" if operation else text


def _detail(failure: Failure, reason: Reason | None, locale: str) -> Iterator[str]:
    if reason is not None and reason.advice is not None:
        yield translate(reason.advice, locale, **reason.advice_fields)
    yield from holders(failure, locale)
    if failure.inside:
        yield _inside(failure.inside, locale)
    if failure.operation is not None:
        for operand in failure.operation.operands:
            if not operand.exact and operand.value is not None and holds_tensor(operand.value):
                yield translate(
                    "explain.earlier",
                    locale,
                    name=_source_text(operand),
                    value=_value_text(operand.value),
                )
    message = "\n".join(printable(line.strip()) for line in failure.message.strip().splitlines())
    yield f"{_exception(failure)}: {shortened(message, MESSAGE_LIMIT)}".removesuffix(": ")


def _inside(inside: tuple[InnerCall, ...], locale: str) -> str:
    """Return `inside Sequential > 3: Linear(…), which was given f32[8,64] cpu`."""
    last = inside[-1]
    path = [inside[0].module.partition("(")[0]] if len(inside) > 1 else []
    path += [call.path for call in inside[1:] if call.path]
    module = shortened(printable(last.module), VALUE_LIMIT)
    if path:
        module = f"{' > '.join(map(printable, path))}: {module}"
    if last.received is None:
        return translate("explain.inside", locale, module=module)
    return translate(
        "explain.inside-given", locale, module=module, value=_value_text(last.received)
    )


def _exception(failure: Failure) -> str:
    return printable(failure.exception.rpartition(".")[2])


def _operation_text(operation: Operation) -> str:
    """Return the operation with its operands' values, or an empty string if none is a tensor."""
    if not any(_shows_tensor(operand) for operand in operation.operands):
        return ""
    name = shortened(printable(operation.name), TEXT_LIMIT)
    if operation.kind in ("binary", "augmented", "compare"):
        return f" {name} ".join(map(_side_text, operation.operands))
    if operation.kind == "subscript" and len(operation.operands) == 2:
        base, index = operation.operands
        return f"{_object_text(base)}[{_operand_text(index)}]"
    if operation.kind == "attribute":
        return f"{_object_text(operation.operands[0])}.{name}"
    if operation.kind in ("method", "call"):
        return _call_text(operation, name)
    return ", ".join(map(_operand_text, operation.operands))


def _call_text(operation: Operation, name: str) -> str:
    given = [operand for operand in operation.operands if operand.role not in ("callee", "self")]
    owner = next((operand for operand in operation.operands if operand.role == "self"), None)
    called = name if owner is None else f"{_object_text(owner)}.{name}"
    return f"{called}({', '.join(map(_argument_text, given))})"


def _argument_text(operand: Operand) -> str:
    if operand.keyword is None:
        return _operand_text(operand)
    if operand.keyword == "**":
        return f"**{_source_text(operand)}"
    return f"{printable(operand.keyword)}={_operand_text(operand)}"


def _side_text(operand: Operand) -> str:
    """Return an operand of an operator, `(a * 2): f32[3] cpu`, in parentheses if it has spaces."""
    whole, text = _operand_text(operand), _source_text(operand)
    if " " not in text or whole == text:
        return whole
    return f"({text}){whole.removeprefix(text)}"


def _object_text(operand: Operand) -> str:
    whole = _operand_text(operand)
    return f"({whole})" if whole != _source_text(operand) else whole


def _operand_text(operand: Operand) -> str:
    """Return `x: f32[3] cpu`, `5` or `x.size(0): 2`."""
    text, value = _source_text(operand), operand.value
    if value is None or not certain(operand):
        return text
    if _shows_tensor(operand):
        return f"{text}: {_value_text(value)}"
    if (
        isinstance(value, OtherObject)
        and value.type_name == "int"
        and value.text not in (None, text)
    ):
        return f"{text}: {printable(value.text or '')}"
    return text


def _shows_tensor(operand: Operand) -> bool:
    return operand.value is not None and certain(operand) and holds_tensor(operand.value)


def _source_text(operand: Operand) -> str:
    return shortened(printable(operand.text), TEXT_LIMIT)


def _value_text(value: Value) -> str:
    return shortened(text_of(value), VALUE_LIMIT)
