"""A failed operation as the rules read it: which torch function, and which operands.

Only certain values are provided: an operand whose value comes from an earlier pass, or from text
that the run did not evaluate as a whole, counts as unknown. Nothing is judged here.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property

from tensorhints.model.failures import Failure, InnerCall, Operand, Operation
from tensorhints.model.values import OtherObject, Sequence, Tensor, Value

OPERATORS = {
    "@": "matmul",
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "//": "floor_divide",
    "%": "remainder",
    "**": "pow",
    "&": "bitwise_and",
    "|": "bitwise_or",
    "^": "bitwise_xor",
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
_TORCH_ALIASES = ("torch.", "F.", "nn.", "functional.")
_UNARY_OPERATORS = ("-", "+", "~", "not ")

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Argument:
    """An operand and its value, which is None unless it is certain."""

    text: str
    value: Value | None

    @property
    def tensor(self) -> Tensor | None:
        """The value if it is a tensor, else None."""
        return self.value if isinstance(self.value, Tensor) else None

    @property
    def shape(self) -> Shape | None:
        """The shape of a tensor if every size is a number, else None."""
        if self.tensor is None or self.tensor.shape is None:
            return None
        sizes = tuple(size for size in self.tensor.shape if isinstance(size, int))
        return sizes if len(sizes) == len(self.tensor.shape) else None

    @property
    def dtype(self) -> str | None:
        """The dtype of a tensor, such as `float32`, else None."""
        return None if self.tensor is None else self.tensor.dtype

    @property
    def integer(self) -> int | None:
        """The value if it is an int (not a bool), else None."""
        return integer(self.value)

    @property
    def constant(self) -> object:
        """The value of a plain constant, else Ellipsis."""
        return constant(self.value)

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The items of a tuple or list if all are known, else None."""
        if isinstance(self.value, Sequence) and len(self.value.items) == self.value.length:
            return self.value.items
        return None


@dataclass(frozen=True)
class Module:
    """One of torch's own modules, parsed from its repr: `Conv2d(3, 8, kernel_size=(3, 3))`."""

    kind: str
    arguments: tuple[object, ...]
    keywords: dict[str, object]

    def number(self, position: int, keyword: str) -> int | None:
        """Return an integer argument by keyword or position, or None."""
        found = self.keywords.get(keyword)
        if found is None and position < len(self.arguments):
            found = self.arguments[position]
        return found if type(found) is int else None


@dataclass(frozen=True)
class Case:
    """A failure and the operation that failed. The rules read it."""

    failure: Failure
    operation: Operation
    message: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", self.failure.message)

    @cached_property
    def function(self) -> str | None:
        """The short name of the torch function or method: `matmul` for `@` and for `.matmul_`."""
        name = self._torch_name()
        if name is not None and name.endswith("_") and not name.endswith("__"):
            return name[:-1]
        return name

    @cached_property
    def in_place(self) -> bool:
        """Whether the operation changes its first operand."""
        if self.operation.kind == "augmented":
            return True
        name = self.operation.name
        return self.operation.kind == "method" and name.endswith("_") and not name.endswith("__")

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """Positional arguments in order; for a method, its object comes first."""
        found = []
        for operand in self.operation.operands:
            if operand.role in ("callee", "keyword"):
                continue
            if operand.role == "argument" and self._is_unpacked(operand):
                break  # the positions of all later arguments are unknown
            found.append(argument(operand))
        return tuple(found)

    @cached_property
    def keywords(self) -> dict[str, Argument]:
        """Keyword arguments by name."""
        operands = self.operation.operands
        return {o.keyword: argument(o) for o in operands if o.keyword is not None}

    def given(self, position: int, keyword: str) -> Argument | None:
        """Return an argument by keyword or position, or None."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        return self.arguments[position] if position < len(self.arguments) else None

    def pair(self, left: str = "input", right: str = "other") -> tuple[Argument, Argument] | None:
        """Return the two tensors of a binary operation if both shapes are known, else None."""
        a, b = self.given(0, left), self.given(1, right)
        if a is None or b is None or a.shape is None or b.shape is None:
            return None
        return a, b

    @cached_property
    def inner(self) -> InnerCall | None:
        """The innermost torch module that failed, and its input."""
        return self.failure.inside[-1] if self.failure.inside else None

    @cached_property
    def module(self) -> Module | None:
        """The innermost torch module, parsed, or None."""
        if self.inner is not None:
            return parsed_module(self.inner.module)
        return None

    @cached_property
    def received(self) -> Argument | None:
        """The input of the innermost module, or None."""
        if self.inner is None or self.inner.received is None:
            return None
        return Argument("", self.inner.received)

    @cached_property
    def called_module(self) -> str | None:
        """The class of the torch module that the user's own line called, or None.

        None as well if a module inside it failed: the operands are then not that module's.
        """
        if len(self.failure.inside) != 1 or self.module is None:
            return None
        names = {(self.operation.callee or "").rpartition(".")[2]}
        for operand in self.operation.operands:
            if operand.role == "callee" and isinstance(operand.value, OtherObject):
                names.add(operand.value.type_name)
        return self.module.kind if self.module.kind in names else None

    def _is_unpacked(self, operand: Operand) -> bool:
        unpacked = r"[(,]\s*\*" + re.escape(operand.text)
        return re.search(unpacked, self.operation.text) is not None

    def _torch_name(self) -> str | None:
        operation = self.operation
        if operation.kind in ("binary", "augmented", "compare"):
            if not any(isinstance(o.value, Tensor) for o in operation.operands):
                return None
            symbol = operation.name
            if operation.kind == "augmented":
                symbol = symbol.removesuffix("=")
            return OPERATORS.get(symbol)
        if operation.kind == "method":
            on_tensor = any(
                o.role == "self" and isinstance(o.value, Tensor) for o in operation.operands
            )
            in_torch = operation.callee is not None and operation.callee.startswith("torch")
            return operation.name if on_tensor or in_torch else None
        if operation.kind == "call":
            if operation.callee is not None:
                name = operation.callee
                return name.rpartition(".")[2] if name.startswith("torch.") else None
            if operation.name.startswith(_TORCH_ALIASES):
                return operation.name.rpartition(".")[2]
        return None


def case_of(failure: Failure) -> Case | None:
    """Return the case of a failure, or None if the operation is unknown."""
    return None if failure.operation is None else Case(failure, failure.operation)


def argument(operand: Operand) -> Argument:
    """Convert an operand; its value is kept only if it is certain."""
    return Argument(operand.text, operand.value if certain(operand) else None)


def certain(operand: Operand) -> bool:
    """Whether an operand's value is exactly what its text evaluated to.

    For `-n` the run recorded the value of `n`: right about a tensor's shape, wrong as a number.
    """
    if not operand.exact:
        return False
    if operand.text.startswith(_UNARY_OPERATORS) and isinstance(operand.value, OtherObject):
        return operand.text == operand.value.text
    return True


def integer(value: Value | None) -> int | None:
    """Return the value if it is an int (not a bool), else None."""
    found = constant(value)
    return found if type(found) is int else None


def constant(value: Value | None) -> object:
    """Return the value of a plain constant, else Ellipsis."""
    if isinstance(value, OtherObject) and value.text is not None:
        try:
            return ast.literal_eval(value.text)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            return ...
    return ...


def parsed_module(text: str) -> Module | None:
    """Parse a module's repr; None unless it is a call with constant arguments."""
    try:
        call = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    try:
        return Module(
            call.func.id,
            tuple(_literal(item) for item in call.args),
            {item.arg: _literal(item.value) for item in call.keywords if item.arg is not None},
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)  # `padding=same`, `dtype=torch.int8`
