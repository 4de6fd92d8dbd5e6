"""Syntax nodes that call probes and test gates, and the registration of the probes they call."""

from __future__ import annotations

import ast
from typing import Any, List, Optional, Tuple, cast

from ...model.locations import PARAMETER, TARGET, HintLocation
from ..syntax.nodes import at
from ..syntax.program import Lines
from .context import Context
from .probe_registry import (
    ENTER,
    GATE,
    NARROW,
    OPERAND,
    PROBE,
    PROBE_FIELD,
    PROBE_LOCAL,
    PROBE_PARTS,
    STEADY,
    Probe,
    ProbeKind,
    ProbeRegistry,
)


class ProbeNodes:
    """Builds the probes and gates of one file. Every node gets the position of its anchor."""

    def __init__(self, path: str, lines: Lines, registry: ProbeRegistry) -> None:
        self.path = path
        self.lines = lines
        self.registry = registry

    # ---- gates -------------------------------------------------------------------------------

    def load(self, context: Context, name: str, anchor: ast.AST) -> ast.Name:
        """Load one of our names, declared `global` where the context asks for that."""
        if context.global_names is not None:
            context.global_names.add(name)
        return at(ast.Name(name, ast.Load()), anchor)

    def is_open(self, context: Context, gate: int, anchor: ast.AST) -> ast.expr:
        """Test a gate without counting the pass."""
        return self.load(context, f"{GATE}{gate}", anchor)

    def is_narrow(self, context: Context, gate: int, anchor: ast.AST) -> ast.expr:
        """Test whether a gate is in its narrow state."""
        return self.load(context, f"{NARROW}{gate}", anchor)

    def enter(self, context: Context, gate: int, anchor: ast.AST) -> ast.expr:
        """Count a pass through an open gate."""
        number = at(ast.Constant(gate), anchor)
        return at(ast.Call(self.load(context, ENTER, anchor), [number], []), anchor)

    def enters(self, context: Context, gate: int, anchor: ast.AST) -> ast.expr:
        """`gate and enter(gate)`: test a gate and count the pass, unless it is steady."""
        counted = self.enter(context, gate, anchor)
        if context.repeats and self.registry.gates[gate].drives:
            steady = self.load(context, f"{STEADY}{gate}", anchor)
            counted = at(ast.BoolOp(ast.Or(), [steady, counted]), anchor)
        tests = [self.is_open(context, gate, anchor), counted]
        return at(ast.BoolOp(ast.And(), tests), anchor)

    def either(self, context: Context, on: ast.expr, off: ast.expr) -> ast.expr:
        """`on` while the current gate is open, else `off`; `off` alone if both are the same."""
        if on is off:
            return off
        return at(ast.IfExp(self.enters(context, context.gate, off), on, off), off)

    # ---- registration ------------------------------------------------------------------------

    def new_probe(
        self,
        context: Context,
        kind: ProbeKind,
        node: Any,
        name: str = "",
        anchor: Any = None,
        annotated: bool = False,
    ) -> int:
        """Register a probe on `node` and return its id; the hint stands at the end of `anchor`."""
        probes = self.registry.probes
        span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        location = None
        if kind != OPERAND:
            end = anchor if anchor is not None else node
            line, column = self.lines.position(end.end_lineno, end.end_col_offset)
            first, last = context.statement_lines
            location = HintLocation(
                len(probes), self.path, kind, name, self.lines.span(node), line, column,
                first - 1, last - 1, ".".join(context.scope), annotated,
            )  # fmt: skip
        probes.append(Probe(self.path, context.gate, span, location))
        return len(probes) - 1

    def new_name_probe(self, context: Context, target: ast.Name, kind: ProbeKind = TARGET) -> int:
        """Register a probe on a name that is bound, spelt as in the source."""
        name = self.lines.identifier(target.lineno, target.col_offset)
        return self.new_probe(context, kind, target, name)

    def new_target_probe(self, context: Context, target: ast.expr) -> int:
        """Register a probe on an attribute or subscript that is assigned to."""
        return self.new_probe(context, TARGET, target, self.lines.segment(target))

    # ---- calls of probes ---------------------------------------------------------------------

    def probe(
        self, context: Context, probe_id: int, value: ast.expr, function: str = PROBE
    ) -> ast.expr:
        """Wrap `value` in a probe, which returns it."""
        number = at(ast.Constant(probe_id), value)
        return at(ast.Call(self.load(context, function, value), [number, value], []), value)

    def operand(self, context: Context, node: ast.expr, value: ast.expr) -> ast.expr:
        """Wrap `value`, which computes `node`, in a probe without a hint."""
        return self.probe(context, self.new_probe(context, OPERAND, node), value)

    def look_at(
        self, context: Context, probe_id: int, target: ast.Name, function: str = PROBE
    ) -> ast.expr:
        """Probe what a name holds now."""
        if context.in_class_body and function == PROBE:
            # A metaclass may supply the namespace; loading a name from it could run program code.
            arguments = [at(ast.Constant(probe_id), target), at(ast.Constant(target.id), target)]
            return at(ast.Call(self.load(context, PROBE_LOCAL, target), arguments, []), target)
        value = at(ast.Name(target.id, ast.Load()), target)
        return self.probe(context, probe_id, value, function)

    def look_at_after(self, context: Context, probe_id: int, target: ast.Name) -> ast.stmt:
        """Probe a name in a statement of its own."""
        return as_statement(self.look_at(context, probe_id, target))

    def parameter(self, context: Context, argument: ast.arg, anchor: ast.AST) -> ast.expr:
        """Probe a parameter; the code counts as part of `anchor`, where the body begins."""
        annotation = argument.annotation
        text = self.lines.identifier(argument.lineno, argument.col_offset)
        name = ast.copy_location(ast.Name(argument.arg, ast.Load()), argument)
        name.end_lineno = argument.lineno
        name.end_col_offset = argument.col_offset + len(text.encode())
        end = annotation if annotation is not None else argument
        lines = (argument.lineno, end.end_lineno or argument.lineno)
        probe_id = self.new_probe(
            context._replace(statement_lines=lines),
            PARAMETER, name, text, annotation, annotated=annotation is not None,
        )  # fmt: skip
        return self.probe(context, probe_id, at(ast.Name(argument.arg, ast.Load()), anchor))

    def parts(
        self,
        context: Context,
        table: List[Tuple[int, Tuple[Any, ...]]],
        value: ast.expr,
        function: str = PROBE_PARTS,
    ) -> ast.expr:
        """Probe the items of a tuple that is about to be unpacked, by the path to each."""
        constant = at(ast.Constant(cast(Any, tuple(table))), value)
        return at(ast.Call(self.load(context, function, value), [constant, value], []), value)

    def field(
        self,
        context: Context,
        probe_id: int,
        target: ast.expr,
        base: ast.expr,
        key: ast.expr,
        function: str = PROBE_FIELD,
    ) -> ast.stmt:
        """Probe `base.key` or `base[key]` after a statement, if reading it runs no code.

        `base` is a name with attributes: the name is loaded, the probe follows the attributes.
        """
        path: List[str] = []
        while isinstance(base, ast.Attribute):
            path.insert(0, base.attr)
            base = base.value
        assert isinstance(base, ast.Name)
        arguments = [
            at(ast.Constant(probe_id), target),
            at(ast.Name(base.id, ast.Load()), target),
            at(ast.Constant(cast(Any, tuple(path))), target),
            at(key, target),
        ]
        return as_statement(
            at(ast.Call(self.load(context, function, target), arguments, []), target)
        )


def as_statement(call: ast.expr, anchor: Optional[ast.AST] = None) -> ast.stmt:
    """An expression statement at the position of `anchor`, or of the call itself."""
    return at(ast.Expr(call), anchor or call)


def before(probes: List[ast.expr], value: ast.expr, anchor: ast.expr) -> ast.expr:
    """`(probe, …, value)[-1]`: evaluate the probes first, then yield `value`."""
    if not probes:
        return value
    holder = at(ast.Tuple([*probes, value], ast.Load()), anchor)
    return at(ast.Subscript(holder, at(ast.Constant(len(probes)), anchor), ast.Load()), anchor)
