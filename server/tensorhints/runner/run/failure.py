"""Describes an exception as data: the exact expression, its operands, the calls inside of torch.

Nothing of the program is evaluated again: operands come from what the probes saw last, from the
frame's variables, and from attributes that can be read without running code.
"""

from __future__ import annotations

import ast
import builtins
import os
import re
import types
from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

import torch

from ...model.failures import (
    Failure,
    FailureCode,
    Frame,
    Holder,
    InnerCall,
    Operand,
    OperandRole,
    Operation,
    OperationKind,
)
from ...model.locations import Span
from ...model.values import Array, OtherObject, Sequence, Tensor, Value
from ..observe import describe, holdings, tensor_parts
from ..observe.static import MISSING, static_attribute, static_item
from ..simulated import activation
from ..simulated.branch_answers import NEEDS_REAL_VALUES, NeedsRealValues
from ..syntax.program import Lines, Program

SeenAt = Callable[[str, Tuple[int, int, int, int]], Optional[Tuple[Value, bool]]]
Position = Tuple[int, int, int, int]

_TENSOR_VIEWS = frozenset(("T", "mT", "H", "mH", "data", "grad", "real"))

MOST_HOLDERS = 5

_GPU_FULL = {
    "cuda:0": ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED"),
    "mps": ("MPS backend out of memory",),
}
"""Texts of the libraries below torch, in errors without a class of their own."""

_GPU_NAMED = re.compile(r"\bGPU (\d+)\b")

_OPERATORS: Dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^",
    ast.BitAnd: "&", ast.FloorDiv: "//", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip


def failure_of(
    error: BaseException, programs: Mapping[str, Program], seen_at: SeenAt
) -> Optional[Failure]:
    """Describe an exception whose traceback begins in the user's code.

    `seen_at` returns the value that a probe saw last at a span, and whether it is certainly the
    last one there.
    """
    steps = list(_steps(error.__traceback__))
    own = [
        index for index, (frame, _, _) in enumerate(steps) if frame.f_code.co_filename in programs
    ]
    message = _message(error)
    if (isinstance(error, SyntaxError) and error.filename in programs) or not own:
        return _without_frame(error, message, programs)
    frames = tuple(_frame(steps[index], programs) for index in own)
    frame, lasti, lineno = steps[own[-1]]
    program = programs[frame.f_code.co_filename]
    position = _position(frame.f_code, lasti) or _line_position(program, lineno)
    short = _short_of_memory(error, message)
    node = _node_at(program.tree, position)
    return Failure(
        exception=_exception_name(error),
        message=message,
        path=program.path,
        span=program.lines.span(node) if node is not None else _span(program.lines, position),
        frames=frames,
        operation=_Operands(program, frame, seen_at).operation(node) if node is not None else None,
        inside=tuple(_inner_calls(steps[own[-1] + 1 :])),
        user_message=_user_message(error),
        memory_of=short,
        holders=() if short is None else _holders(short, [steps[index][0] for index in own]),
    )


def _steps(traceback: Optional[types.TracebackType]) -> Iterator[Tuple[types.FrameType, int, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno
        traceback = traceback.tb_next


def _message(error: BaseException) -> str:
    try:
        return str(error)[:4000]
    except Exception:
        return ""


def _exception_name(error: BaseException) -> str:
    kind = type(error)
    name = str(type.__dict__["__qualname__"].__get__(kind))
    module = kind.__module__
    return (
        name
        if module in ("builtins", "__main__") or not isinstance(module, str)
        else f"{module}.{name}"
    )


def _user_message(error: BaseException) -> Optional[FailureCode]:
    if isinstance(error, EOFError) and "reading a line" in _message(error):
        return "stdin-closed"
    if isinstance(error, NeedsRealValues) or (activation.is_active() and _is_beyond_it(error)):
        return NEEDS_REAL_VALUES
    return None


def _is_beyond_it(error: BaseException) -> bool:
    """Whether FakeTensor does not support an operation: the program is not at fault."""
    files = [frame.f_code.co_filename for frame, _, _ in _steps(error.__traceback__)]
    inside = bool(files) and f"torch{os.sep}_subclasses{os.sep}" in files[-1]
    return inside or "Creating a new Tensor subclass" in _message(error)


def _short_of_memory(error: BaseException, message: str) -> Optional[str]:
    """Return the device whose memory ran out, if the error says so."""
    if isinstance(error, getattr(torch, "OutOfMemoryError", ())):
        gpu = _GPU_NAMED.search(message)
        return f"cuda:{gpu.group(1)}" if gpu is not None else "cuda:0"
    for device, texts in _GPU_FULL.items():
        if any(text in message for text in texts):
            return device
    if isinstance(error, MemoryError) or "can't allocate memory" in message:
        return "cpu"
    return None


def _holders(device: str, frames: List[types.FrameType]) -> Tuple[Holder, ...]:
    """Return the names that hold most memory, at the top level and in each function's frame."""
    scopes: List[Tuple[str, Mapping[str, Any]]] = [("", frames[0].f_globals)]
    for frame in frames:
        if frame.f_locals is not frame.f_globals:
            name = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
            scopes.append((name, frame.f_locals))
    found = [holder for holder in holdings.holders(scopes) if holder.device == device]
    found.sort(key=lambda holder: -holder.nbytes)
    return tuple(found[:MOST_HOLDERS])


def _without_frame(
    error: BaseException, message: str, programs: Mapping[str, Program]
) -> Optional[Failure]:
    path, span = next(iter(programs)), Span(0, 0, 0, 0)
    if isinstance(error, SyntaxError) and error.filename in programs:
        path = str(error.filename)
        line, column = max((error.lineno or 1) - 1, 0), max((error.offset or 1) - 1, 0)
        span = Span(line, column, line, column + 1)
        message = error.msg or message
    return Failure(_exception_name(error), message, path, span, (), None, (), _user_message(error))


def _frame(step: Tuple[types.FrameType, int, int], programs: Mapping[str, Program]) -> Frame:
    frame, lasti, lineno = step
    code = frame.f_code
    program = programs[code.co_filename]
    position = _position(code, lasti) or _line_position(program, lineno)
    lines = program.lines.lines
    source = lines[lineno - 1].strip() if 0 < lineno <= len(lines) else ""
    name = getattr(code, "co_qualname", code.co_name)
    return Frame(program.path, name, _span(program.lines, position), source)


def _span(lines: Lines, position: Position) -> Span:
    lineno, column, end_lineno, end_column = position
    return Span(*lines.position(lineno, column), *lines.position(end_lineno, end_column))


def _position(code: types.CodeType, lasti: int) -> Optional[Position]:
    """Look up an instruction in the code's position table (Python 3.11 and later)."""
    if not hasattr(code, "co_positions") or lasti < 0:
        return None
    for index, (line, end_line, column, end_column) in enumerate(code.co_positions()):
        if index == lasti // 2:
            if line is None or end_line is None or column is None or end_column is None:
                return None
            return line, column, end_line, end_column
    return None


def _line_position(program: Program, lineno: int) -> Position:
    """Return the position of a line's statement, for a Python without position tables."""
    best: Optional[ast.stmt] = None
    for node in ast.walk(program.tree):
        if not isinstance(node, ast.stmt):
            continue
        around = node.lineno <= lineno <= (node.end_lineno or node.lineno)
        if around and (best is None or node.lineno >= best.lineno):
            best = node
    if best is None:
        return lineno, 0, lineno, 0
    if hasattr(best, "body"):
        line = program.lines.lines[lineno - 1].encode("utf-8", "surrogatepass")
        return lineno, len(line) - len(line.lstrip()), lineno, len(line.rstrip())
    return best.lineno, best.col_offset, best.end_lineno or best.lineno, best.end_col_offset or 0


def _node_at(tree: ast.AST, position: Position) -> Optional[Any]:
    """Find the expression or augmented assignment at exactly this position.

    The position of a method call over several lines is that of its last part only, from the
    method's name to the end.
    """
    same_end: List[ast.Call] = []
    only: Optional[Any] = None
    for node in ast.walk(tree):
        at = _position_of(node)
        if at is None:
            continue
        if isinstance(node, ast.stmt):
            if at == position:
                if isinstance(node, ast.AugAssign):
                    return node
                only = node
        elif at == position:
            return node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and at[2:] == position[2:]
        ):
            same_end.append(node)
    for call in same_end:
        assert isinstance(call.func, ast.Attribute)
        name_end = _position_of(call.func)
        assert name_end is not None
        if position[0] == name_end[2] and position[1] == name_end[3] - len(call.func.attr.encode()):
            return call
    if isinstance(only, (ast.Expr, ast.Return, ast.Assign)) and isinstance(
        only.value, (ast.Call, ast.BinOp, ast.Subscript)
    ):
        return only.value
    return None


def _position_of(node: ast.AST) -> Optional[Position]:
    if isinstance(node, (ast.expr, ast.stmt)):
        return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
    return None


class _Operands:
    """Finds the values of one expression's operands in one frame."""

    def __init__(self, program: Program, frame: types.FrameType, seen_at: SeenAt) -> None:
        self._program = program
        self._frame = frame
        self._seen_at = seen_at

    def operation(self, node: Any) -> Optional[Operation]:
        text = self._text(node)
        if isinstance(node, ast.BinOp):
            operands = (self._operand("left", node.left), self._operand("right", node.right))
            return Operation("binary", _OPERATORS[type(node.op)], text, operands)
        if isinstance(node, ast.AugAssign):
            operands = (self._target(node.target), self._operand("right", node.value))
            return Operation("augmented", _OPERATORS[type(node.op)] + "=", text, operands)
        if isinstance(node, ast.Compare):
            values = [node.left, *node.comparators]
            found = tuple(self._operand("right" if i else "left", v) for i, v in enumerate(values))
            return Operation("compare", _OPERATORS[type(node.ops[0])], text, found)
        if isinstance(node, ast.Subscript):
            operands = (self._operand("base", node.value), self._operand("index", node.slice))
            return Operation("subscript", "[]", text, operands)
        if isinstance(node, ast.Attribute):
            return Operation("attribute", node.attr, text, (self._operand("self", node.value),))
        if isinstance(node, ast.Call):
            return self._call(node, text)
        if isinstance(node, ast.expr):
            return Operation("other", type(node).__name__, text, (self._operand("argument", node),))
        return None

    def _call(self, node: ast.Call, text: str) -> Operation:
        operands: List[Operand] = []
        function = self._static(node.func)
        kind: OperationKind = "call"
        name = self._text(node.func)
        if isinstance(node.func, ast.Attribute):
            of_namespace = isinstance(self._static(node.func.value), (types.ModuleType, type))
            if not of_namespace and not isinstance(function, torch.nn.Module):
                kind, name = "method", node.func.attr
                operands.append(self._operand("self", node.func.value))
        if kind == "call":
            operands.append(self._operand("callee", node.func))
        for argument in node.args:
            operands.append(self._operand("argument", argument))
        for keyword in node.keywords:
            operands.append(self._operand("keyword", keyword.value, keyword.arg or "**"))
        return Operation(kind, name, text, tuple(operands), _qualified_name(function))

    def _operand(self, role: OperandRole, node: ast.expr, keyword: Optional[str] = None) -> Operand:
        if isinstance(node, ast.Starred):
            node = node.value
        value, exact = self._value(node)
        return Operand(role, self._text(node), value, keyword, exact)

    def _target(self, node: Any) -> Operand:
        """The target of an augmented assignment: a probe has only seen that of an earlier pass."""
        if isinstance(node, ast.Subscript):
            base, key = self._static(node.value), self._key(node.slice)
            if base is not MISSING and key is not MISSING:
                found = static_item(base, key)
                value = _part(base, key) if found is MISSING else _described(found)
                if value is not None:
                    return Operand("target", self._text(node), value, None, True)
        operand = self._operand("target", node)
        return replace(operand, exact=False) if isinstance(node, ast.Subscript) else operand

    def _key(self, node: Any) -> Any:
        """The value of a subscript's key, if it is known without running code."""
        if isinstance(node, ast.Slice):
            bounds = [
                None if b is None else self._key(b) for b in (node.lower, node.upper, node.step)
            ]
            return MISSING if any(bound is MISSING for bound in bounds) else slice(*bounds)
        if isinstance(node, ast.Tuple):
            parts = [self._key(part) for part in node.elts]
            return MISSING if any(part is MISSING for part in parts) else tuple(parts)
        return self._static(node)

    def _value(self, node: ast.expr) -> Tuple[Optional[Value], bool]:
        held = self._static(node)
        if held is not MISSING:
            return _described(held), True
        if isinstance(node, (ast.List, ast.Tuple)):
            return self._literal(node)
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            value, exact = self._value(node.operand)
            return (value if isinstance(value, (Tensor, Array)) else None), exact
        location = _position_of(node)
        seen = self._seen_at(self._program.path, location) if location is not None else None
        return seen if seen is not None else (None, True)

    def _literal(self, node: Any) -> Tuple[Optional[Value], bool]:
        """Describe a list or tuple literal, some of whose items only the probes know."""
        items = [self._value(item) for item in node.elts]
        if any(value is None for value, _ in items):
            return None, True
        values = tuple(value for value, _ in items if value is not None)
        name = "list" if isinstance(node, ast.List) else "tuple"
        return Sequence(name, len(values), values[: describe.SHOWN_ITEMS]), all(
            exact for _, exact in items
        )

    def _static(self, node: ast.AST) -> Any:
        """Return the value of a name, constant or attribute chain, if reading it runs no code."""
        if isinstance(node, ast.Constant):
            return node.value
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
        ):
            number = node.operand.value
            return -number if isinstance(number, (int, float)) else MISSING
        if isinstance(node, ast.Name):
            for names in (self._frame.f_locals, self._frame.f_globals, vars(builtins)):
                if node.id in names:
                    return names[node.id]
            return MISSING
        if isinstance(node, ast.Attribute):
            owner = self._static(node.value)
            if owner is MISSING:
                return MISSING
            kind = type(owner)
            if kind in (torch.Tensor, torch.nn.Parameter):
                if node.attr in _TENSOR_VIEWS or node.attr in ("shape", "dtype", "device"):
                    with torch._C.DisableTorchFunction(), torch.no_grad():
                        try:
                            return getattr(owner, node.attr)
                        except Exception:
                            return MISSING
                return MISSING
            if isinstance(owner, type):
                found = owner.__dict__.get(node.attr, MISSING)
                return found.__func__ if isinstance(found, (staticmethod, classmethod)) else found
            return static_attribute(owner, node.attr)
        if isinstance(node, (ast.List, ast.Tuple)):
            items = [self._static(item) for item in node.elts]
            if any(item is MISSING for item in items):
                return MISSING
            return items if isinstance(node, ast.List) else tuple(items)
        return MISSING

    def _text(self, node: Any) -> str:
        text = " ".join(self._program.lines.segment(node).split())
        return text if len(text) <= 200 else text[:199] + "…"


def _part(base: Any, key: Any) -> Optional[Value]:
    return tensor_parts.signature(base, key) if tensor_parts.is_divisible(base) else None


def _described(value: Any) -> Value:
    text = describe.module_text(value)
    if text is not None:
        return OtherObject(type(value).__name__, text)
    return describe.describe(value)


def _qualified_name(function: Any) -> Optional[str]:
    """Return `torch.matmul`, or `torch.nn.Linear` for a class and for its instances."""
    if function is MISSING:
        return None
    if isinstance(function, torch.nn.Module):
        function = type(function)
    if isinstance(function, type):
        module, name = (
            str(function.__module__),
            str(type.__dict__["__qualname__"].__get__(function)),
        )
    elif isinstance(function, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        module = str(getattr(function, "__module__", None) or "")
        name = function.__qualname__
        owner = getattr(function, "__self__", None)
        if isinstance(owner, type) and not module:
            # torch's functions are methods of a class that is not public.
            name = function.__name__
            module = "torch" if hasattr(torch, name) else ""
    else:
        return None
    if module.startswith("torch.nn.modules."):
        module = "torch.nn"
    return name if module in ("", "builtins", "__main__") else f"{module}.{name}"


def _inner_calls(steps: List[Tuple[types.FrameType, int, int]]) -> Iterator[InnerCall]:
    """Yield the modules between the user's last frame and the error, each with its input."""
    outer: Any = None
    for frame, _, _ in steps:
        if frame.f_code.co_name != "forward":
            continue
        names = frame.f_locals
        module = names.get("self")
        if not isinstance(module, torch.nn.Module):
            continue
        received = next(
            (
                value
                for name, value in names.items()
                if name != "self" and isinstance(value, torch.Tensor)
            ),
            None,
        )
        yield InnerCall(
            _name_below(outer, module),
            describe.module_text(module) or type(module).__name__,
            None if received is None else describe.describe(received),
        )
        outer = module


def _name_below(outer: Any, module: Any) -> str:
    if outer is None:
        return ""
    return next((name for name, held in outer.named_modules() if held is module), "")
