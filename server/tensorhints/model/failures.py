"""The failure of a run: its exact position, the operation and its operands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Tuple

from .locations import Span
from .values import Value

OperandRole = Literal[
    "left", "right", "self", "callee", "argument", "keyword", "base", "index", "target"
]
OperationKind = Literal[
    "binary", "augmented", "call", "method", "subscript", "compare", "attribute", "other"
]
FailureCode = Literal["stdin-closed", "needs-real-values"]


@dataclass(frozen=True)
class Operand:
    """One operand of the failing operation.

    Attributes:
        role: What the operand is to the operation.
        text: Its source text.
        value: What it held, or `None` if that cannot be read without running code again.
        keyword: The argument's name if the role is `keyword`; `**` for unpacked arguments.
        exact: False if the value was seen in an earlier pass over the same expression.
    """

    role: OperandRole
    text: str
    value: Optional[Value]
    keyword: Optional[str] = None
    exact: bool = True


@dataclass(frozen=True)
class Operation:
    """The failing expression.

    Attributes:
        kind: The form of the expression.
        name: The operator (`@`, `+=`), the callee as written (`torch.cat`), or the name of the
            method or attribute (`view`).
        text: The source text of the whole expression.
        operands: In the order of the source text.
        callee: The qualified name of the function or class that was called, if it is known
            (`torch.nn.functional.cross_entropy`, `torch.nn.Linear`).
    """

    kind: OperationKind
    name: str
    text: str
    operands: Tuple[Operand, ...]
    callee: Optional[str] = None


@dataclass(frozen=True)
class InnerCall:
    """A call of a module's `forward` between the user's last frame and the error.

    Attributes:
        path: The module's dotted name in the module that holds it, such as `encoder.0`.
        module: The `repr` of the module.
        received: The first tensor that it was called with.
    """

    path: str
    module: str
    received: Optional[Value]


@dataclass(frozen=True)
class Frame:
    """A frame of the user's own code; `source` is the text of its line, stripped."""

    path: str
    function: str
    span: Span
    source: str


@dataclass(frozen=True)
class Holder:
    """A variable that keeps `nbytes` bytes of a device's memory alive.

    `value` is a tensor, a module with its parameters or a container. Memory that an earlier holder
    of the list keeps as well is not counted again.

    Attributes:
        function: The qualified name of the function whose variable it is; empty at the top level.
        device: torch's name for the device: `cpu`, `cuda:0`.
    """

    name: str
    function: str
    device: str
    nbytes: int
    value: Value


@dataclass(frozen=True)
class ProgramExit:
    """An exit with a status other than 0, which the program asked for.

    Attributes:
        status: The exit status.
        reason: Why, if the program or its argument parser gave a reason; else empty.
        printed: The last lines that it had written to stderr, the oldest first.
        by_arguments: Whether a parser of command-line arguments ended it.
    """

    status: int
    reason: str
    printed: Tuple[str, ...]
    by_arguments: bool


@dataclass(frozen=True)
class Failure:
    """An exception that ended the run.

    Attributes:
        exception: The name of the exception's class; qualified unless it is a built-in.
        path: The file of the last of `frames`.
        span: The failing expression in it.
        frames: The frames of the user's own code, outermost first. The last one raised the
            exception or called the code that did.
        inside: The modules that were called between there and the error, outermost first.
        user_message: The code of a sentence that explains the error better than its message does.
        memory_of: If memory ran out, the device: `cpu`, `cuda:0`.
        holders: If memory ran out, the variables that hold most of it, the largest first.
        exit: If the exception is a `SystemExit`: the exit.
    """

    exception: str
    message: str
    path: str
    span: Span
    frames: Tuple[Frame, ...]
    operation: Optional[Operation]
    inside: Tuple[InnerCall, ...]
    user_message: Optional[FailureCode] = None
    memory_of: Optional[str] = None
    holders: Tuple[Holder, ...] = ()
    exit: Optional[ProgramExit] = None


@dataclass(frozen=True)
class SyntaxProblem:
    """The parser's message about text that the user's Python cannot parse, and its range."""

    path: str
    message: str
    span: Span
