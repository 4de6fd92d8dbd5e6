"""Records what programs really bind, by `sys.settrace`: the truth that hints are compared with.

It shares no code with the product and must never import it. Run as a script, it imports torch once,
forks for each program and writes one JSON file for each:

    python recorder.py OUT ROOT PROGRAM [PROGRAM…]

Names are read from the frame after each instruction that stores one, parameters when a function is
entered, results when it returns. Bare expression statements, and the lines of call chains that are
written over several lines, have no name to read: the source is rewritten so that their values pass
through a function, which changes nothing else.

A value is described as nested JSON: `{"is": "tensor"|"array"|"sequence"|"mapping"|"record"|"other",
…}`. Lines and columns count from 0, columns in code points.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import dis
import importlib.machinery
import io
import json
import os
import re
import sys
import threading
import time
import tokenize
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

OBSERVE = "__truth_observe__"
DEPTH = 5
ITEMS = 64

ByteSpan = tuple[int, int, int, int]  # lines from 1, columns in UTF-8 bytes, as ast and dis have it
Signature = dict[str, Any]


# ---- values ------------------------------------------------------------------------------------


def describe(value: Any, depth: int = DEPTH) -> Signature:
    torch: Any = sys.modules["torch"]
    if isinstance(value, torch.Tensor):
        with torch._C.DisableTorchFunction():
            return {
                "is": "tensor",
                "shape": [int(size) for size in value.shape],
                "dtype": str(value.dtype).removeprefix("torch."),
                "device": str(value.device),
                "grad": bool(value.requires_grad),
            }
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return {"is": "array", "shape": list(value.shape), "dtype": value.dtype.name}
    kind = type(value)
    if depth == 0:
        return {"is": "other", "type": kind.__name__}
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return _record(kind, kind._fields, list(value), depth)
    if isinstance(value, tuple) and hasattr(kind, "n_sequence_fields"):  # torch.return_types.max
        return _sequence(kind, list(value), depth)
    if kind in (tuple, list):
        return _sequence(kind, value, depth)
    if isinstance(value, dict):
        keys = list(value)[:ITEMS]
        items = [describe(value[key], depth - 1) for key in keys]
        return {
            "is": "mapping",
            "type": kind.__name__,
            "length": len(value),
            "keys": [str(key) for key in keys],
            "items": items,
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value)]
        return _record(kind, fields, [getattr(value, field, None) for field in fields], depth)
    return {"is": "other", "type": kind.__name__}


def _sequence(kind: type, items: Any, depth: int) -> Signature:
    return {
        "is": "sequence",
        "type": kind.__name__,
        "length": len(items),
        "items": [describe(item, depth - 1) for item in items[:ITEMS]],
    }


def _record(kind: type, fields: Any, items: list[Any], depth: int) -> Signature:
    return {
        "is": "record",
        "type": kind.__name__,
        "fields": list(fields),
        "items": [describe(item, depth - 1) for item in items],
    }


# ---- locations of a file -----------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Spot:
    """A hint location. It begins at (`line`, `column`); its hint belongs at (`hint_line`, …)."""

    kind: str  # target, parameter, return, expression, chain
    name: str
    line: int
    column: int
    hint_line: int
    hint_column: int


BINDING = (ast.AugAssign, ast.NamedExpr, ast.comprehension, ast.For, ast.AsyncFor)


class Source:
    """A file's text and tree, and its spots by the spans in the positions of bytecode."""

    def __init__(self, path: str) -> None:
        raw = Path(path).read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
        self.path = path
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if text.startswith("\ufeff"):
            self.lines[0] = self.lines[0].lstrip("\ufeff")
        self.tree = ast.parse(raw, path)
        self.targets: dict[ByteSpan, ast.expr] = {}
        self.annotations: dict[ByteSpan, ast.expr] = {}
        self.patterns: list[ast.pattern] = []
        self.returns: dict[ByteSpan, ast.Return] = {}
        self.functions: dict[tuple[int, str], list[Any]] = {}
        self.lambdas: list[ast.Lambda] = []
        for node in ast.walk(self.tree):
            self._read(node)

    def _read(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            self._bind(*node.targets)
        elif isinstance(node, ast.AnnAssign):
            self._bind(node.target)
            self.annotations[_span(node.target)] = node.annotation
        elif isinstance(node, BINDING):
            self._bind(node.target)
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None:
                self._bind(node.optional_vars)
        elif isinstance(node, ast.match_case):
            self.patterns.append(node.pattern)
        elif isinstance(node, ast.Return):
            self.returns[_span(node)] = node
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            self.functions.setdefault((first, node.name), []).append(node)
        elif isinstance(node, ast.Lambda):
            self.lambdas.append(node)

    def _bind(self, *targets: ast.expr) -> None:
        for target in targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                self._bind(*target.elts)
            elif isinstance(target, ast.Starred):
                self._bind(target.value)
            else:
                self.targets[_span(target)] = target

    def spot(self, kind: str, name: str, begin: tuple[int, int], end: tuple[int, int]) -> Spot:
        return Spot(kind, name, *self._point(*begin), *self._point(*end))

    def _point(self, line: int, column: int) -> tuple[int, int]:
        before = self.lines[line - 1].encode()[:column]
        return line - 1, len(before.decode())

    def stored(self, span: ByteSpan, name: str) -> Spot | None:
        """Return the spot of the name or target that an instruction with this span stores."""
        target = self.targets.get(span)
        if target is not None:
            annotation = self.annotations.get(span, target)
            text = ast.get_source_segment("\n".join(self.lines), target) or name
            return self.spot("target", text, span[:2], _span(annotation)[2:])
        for pattern in self.patterns:
            if _span(pattern) == span or _inside(span, _span(pattern)):
                found = self._captured(pattern, name)
                if found is not None:
                    return found
        return None

    def _captured(self, pattern: ast.pattern, name: str) -> Spot | None:
        for node in ast.walk(pattern):
            captures = getattr(node, "rest", None) or getattr(node, "name", None)
            if captures == name and isinstance(node, (ast.MatchAs, ast.MatchStar)):
                line, end = node.end_lineno, node.end_col_offset
                begin = end - len(name.encode())
                return self.spot("target", name, (line, begin), (line, end))
        return None

    def parameters(self, code: types.CodeType) -> dict[str, Spot]:
        """Return the parameters of the function that `code` was compiled from, by name."""
        found = self._function(code)
        if found is None:
            return {}
        a = found.args
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
        spots = {}
        for arg in every:
            # The span of an `arg` includes its annotation; the hint stands at its end.
            spots[arg.arg] = self.spot("parameter", self._name_at(arg), *_ends(arg))
        return spots

    def _name_at(self, arg: ast.arg) -> str:
        """Return the name as the source spells it: the tree has it in Unicode's normal form."""
        rest = self.lines[arg.lineno - 1].encode()[arg.col_offset :].decode()
        found = re.match(r"\w+", rest)
        return found[0] if found else arg.arg

    def _function(self, code: Any) -> Any:
        if code.co_name != "<lambda>":
            candidates = self.functions.get((code.co_firstlineno, code.co_name), [])
            return candidates[0] if candidates else None
        spans = [
            (start, column, end, end_column)
            for start, end, column, end_column in code.co_positions()
            if None not in (start, end, column, end_column) and end_column
        ]
        fitting = [
            node
            for node in self.lambdas
            if node.lineno == code.co_firstlineno
            and all(_inside(span, _span(node)) for span in spans)
        ]
        return min(fitting, key=lambda node: len(ast.dump(node)), default=None)


def _span(node: Any) -> ByteSpan:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _ends(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    line, column, end_line, end_column = _span(node)
    return (line, column), (end_line, end_column)


def _inside(inner: ByteSpan, outer: ByteSpan) -> bool:
    return inner[:2] >= outer[:2] and inner[2:] <= outer[2:]


# ---- expressions -------------------------------------------------------------------------------


class Observed(ast.NodeTransformer):
    """Wraps bare expressions, and the calls that end a line of a chain, in calls of `OBSERVE`."""

    def __init__(self, source: Source, register: Callable[[Spot], int]) -> None:
        self.source = source
        self.register = register

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        plain = (ast.Constant, ast.JoinedStr, ast.Yield, ast.YieldFrom)
        wanted = not isinstance(node.value, plain)
        spot = self.source.spot("expression", "", *_ends(node)) if wanted else None
        self.generic_visit(node)
        if spot is not None:
            node.value = self._around(node.value, spot)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        # `x.view(…)` where the next `.name` of the chain begins on a later line.
        value = node.value
        assert value.end_lineno is not None
        rest = self.source.lines[value.end_lineno - 1].encode()[value.end_col_offset :].strip()
        broken = isinstance(value, ast.Call) and (not rest or rest.startswith((b"#", b"\\")))
        spot = self.source.spot("chain", "", *_ends(value)) if broken else None
        self.generic_visit(node)
        if spot is not None:
            node.value = self._around(node.value, spot)
        return node

    def _around(self, value: ast.expr, spot: Spot) -> ast.expr:
        number = ast.Constant(self.register(spot))
        call = ast.Call(ast.Name(OBSERVE, ast.Load()), [number, value], [])
        for node in (call, call.func, number):
            ast.copy_location(node, value)
        return call


# ---- the recorder ------------------------------------------------------------------------------

STORES = frozenset(("STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF"))
PAIRS = {
    "STORE_FAST_STORE_FAST": (0, 1),  # 3.13: argval names both, in the order of storing
    "STORE_FAST_LOAD_FAST": (0,),
}
TARGETS = frozenset(("STORE_ATTR", "STORE_SUBSCR"))


@dataclasses.dataclass(frozen=True)
class Store:
    """An instruction that binds: the spot of what it binds, and how to read the value back."""

    spot: Spot
    read: Callable[[types.FrameType], Any]


class Unknown(Exception):
    """The value cannot be read back without running code of the program."""


class CodeSpots:
    """The stores, parameters and returns of one code object."""

    def __init__(self, source: Source, code: types.CodeType) -> None:
        self.source = source
        self.stores: dict[int, list[Store]] = {}
        self.returns: dict[int, Spot] = {}
        self.entry: int | None = None
        self.parameters = source.parameters(code)
        for instruction in dis.get_instructions(code):
            self._read(instruction)

    def _read(self, instruction: Any) -> None:
        name, offset = instruction.opname, instruction.offset
        if name == "RESUME" and instruction.arg == 0:
            self.entry = offset
        positions = instruction.positions
        if positions is None or None in positions:
            return
        start, end, column, end_column = positions
        span: Any = (start, column, end, end_column)
        if name in STORES:
            spot = self.source.stored(span, instruction.argval)
            if spot is not None:
                self.stores[offset] = [Store(spot, _reader(name, instruction.argval))]
        elif name in PAIRS:
            for index in PAIRS[name]:
                stored = instruction.argval[index]
                spot = self.source.stored(span, stored)
                if spot is not None:
                    store = Store(spot, _reader("STORE_FAST", stored))
                    self.stores.setdefault(offset, []).append(store)
        elif name in TARGETS:
            target = self.source.targets.get(span)
            spot = self.source.stored(span, "")
            if target is not None and spot is not None:
                self.stores[offset] = [Store(spot, lambda frame: _value_of(target, frame))]
        elif name in ("RETURN_VALUE", "RETURN_CONST"):
            node = self.source.returns.get(span)
            if node is not None and node.value is not None:
                # The statement ends after the parentheses around its expression, if there are any.
                self.returns[offset] = self.source.spot("return", "", *_ends(node))


def _reader(opname: str, name: str) -> Callable[[types.FrameType], Any]:
    if opname == "STORE_GLOBAL":
        return lambda frame: frame.f_globals[name]
    return lambda frame: frame.f_locals[name]


def _value_of(node: ast.expr, frame: types.FrameType) -> Any:
    """Return what a target holds: a name, an attribute, or an item of a plain container."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        for names in (frame.f_locals, frame.f_globals):
            if node.id in names:
                return names[node.id]
        raise Unknown
    if isinstance(node, ast.Attribute) and not node.attr.startswith("__"):
        return getattr(_value_of(node.value, frame), node.attr)
    if isinstance(node, ast.Subscript):
        base = _value_of(node.value, frame)
        if type(base) in (dict, list) and not isinstance(node.slice, ast.Slice):
            return base[_value_of(node.slice, frame)]
    raise Unknown


class Recorder:
    """Traces one program and counts the signatures at each spot of the files below `root`."""

    def __init__(self, root: str) -> None:
        self.root = os.path.join(os.path.realpath(root), "")
        self.sources: dict[str, Source | None] = {}
        self.codes: dict[types.CodeType, CodeSpots | None] = {}
        self.pending: dict[types.FrameType, list[Store]] = {}
        self.seen: dict[tuple[str, Spot], dict[str, int]] = {}
        self.observed: list[tuple[str, Spot]] = []

    # -- files

    def source(self, path: str) -> Source | None:
        if path not in self.sources:
            watched = os.path.realpath(path).startswith(self.root) and path.endswith(".py")
            self.sources[path] = Source(path) if watched else None
        return self.sources[path]

    def compile(self, path: str) -> types.CodeType:
        source = self.source(path)
        assert source is not None

        def register(spot: Spot) -> int:
            self.observed.append((path, spot))
            return len(self.observed) - 1

        tree = Observed(source, register).visit(ast.parse(Path(path).read_bytes(), path))
        code: types.CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code

    # -- values

    def note(self, path: str, spot: Spot, value: Any) -> None:
        signature = json.dumps(describe(value))
        counts = self.seen.setdefault((path, spot), {})
        counts[signature] = counts.get(signature, 0) + 1

    def observe(self, number: int, value: Any) -> Any:
        self.note(*self.observed[number], value)
        return value

    # -- tracing

    def spots(self, code: types.CodeType) -> CodeSpots | None:
        if code not in self.codes:
            source = self.source(code.co_filename)
            self.codes[code] = CodeSpots(source, code) if source else None
        return self.codes[code]

    def trace(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        spots = self.spots(code)
        if spots is None:
            return None
        if frame.f_lasti == spots.entry:
            values = frame.f_locals
            for name, spot in spots.parameters.items():
                if name in values:
                    self.note(code.co_filename, spot, values[name])
        frame.f_trace_opcodes = True
        return self.trace_inside

    def trace_inside(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        spots = self.codes[code]
        assert spots is not None
        bound = self.pending.pop(frame, None)
        if bound is not None and event != "exception":
            for store in bound:
                try:
                    value = store.read(frame)
                except Exception:
                    continue  # deleted or not readable: not part of the truth
                self.note(code.co_filename, store.spot, value)
        if event == "opcode":
            stores = spots.stores.get(frame.f_lasti)
            if stores is not None:
                self.pending[frame] = stores
        elif event == "return":
            spot = spots.returns.get(frame.f_lasti)
            if spot is not None:
                self.note(code.co_filename, spot, arg)
        return self.trace_inside

    # -- result

    def report(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for path, source in self.sources.items():
            if source is not None:
                found[path] = []
        for (path, spot), counts in self.seen.items():
            values = [{"value": json.loads(text), "count": n} for text, n in counts.items()]
            found[path].append({**dataclasses.asdict(spot), "values": values})
        return found


def run(path: str, root: str) -> dict[str, Any]:
    """Run the program at `path` as `__main__` and return what each of its spots held."""
    recorder = Recorder(root)
    plain = importlib.machinery.SourceFileLoader.source_to_code

    def source_to_code(self: Any, data: Any, filename: Any, **options: Any) -> Any:
        if recorder.source(filename) is not None:
            return recorder.compile(filename)
        return plain(self, data, filename, **options)

    setattr(importlib.machinery.SourceFileLoader, "source_to_code", source_to_code)  # noqa: B010
    sys.dont_write_bytecode = True
    setattr(builtins, OBSERVE, recorder.observe)
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=path, __builtins__=builtins)
    sys.modules["__main__"] = main
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    os.chdir(os.path.dirname(path))
    code = recorder.compile(path)
    status: str | None = None
    threading.settrace(recorder.trace)
    sys.settrace(recorder.trace)
    try:
        exec(code, main.__dict__)
    except SystemExit as error:
        status = f"SystemExit: {error.code}"
    except BaseException:
        sys.settrace(None)
        status = traceback.format_exc()
    finally:
        sys.settrace(None)
        threading.settrace(None)
    return {"failure": status, "files": recorder.report()}


def _each(programs: list[str], root: str, out: str) -> Iterator[int]:
    for number, program in enumerate(programs):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            begun = time.perf_counter()
            try:
                result = run(os.path.abspath(program), root)
                result["program"] = os.path.abspath(program)
                result["seconds"] = time.perf_counter() - begun
                Path(out, f"{number}.json").write_text(json.dumps(result), encoding="utf-8")
                sys.stdout.flush()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        yield os.waitpid(pid, 0)[1]


def main() -> int:
    out, root, *programs = sys.argv[1:]
    del sys.path[0]  # the folder of this file is not on a program's path
    import torch
    import torch._dynamo
    import torch.optim

    assert torch.optim
    return int(any(list(_each(programs, root, out))))


if __name__ == "__main__":
    sys.exit(main())
