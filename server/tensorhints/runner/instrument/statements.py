"""Probes on simple statements: what they bind, what they return, what their expressions compute."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ...model.locations import EXPRESSION, RETURN, TARGET, LocationKind
from ..syntax.nodes import at, calls, drives_expression, is_chain, replaced, stored_names
from .context import Context
from .expressions import Expressions
from .probe_nodes import ProbeNodes, as_statement
from .probe_registry import KEYS, PROBE_NUMBER, PROBE_PART, PROBE_PART_NUMBERS

Path = Tuple[Any, ...]
"""The way to an item of a nested tuple: indices, and for a starred target a pair of counts."""


class Forms(NamedTuple):
    """A statement in one form for each state of its gate.

    `probed` carries all probes, or is `None` where there is nothing to look at. `narrow` only reads
    the values of numbers; `narrows` is whether it does. `late` looks at the targets after a
    statement during which the gate opened.
    """

    probed: Optional[List[ast.stmt]]
    narrow: List[ast.stmt]
    late: Sequence[ast.stmt] = ()
    narrows: bool = False


@dataclass
class _Assignment:
    """The forms of one assignment, built up target by target."""

    value: ast.expr
    narrow_value: ast.expr
    is_probed: bool
    bound: FrozenSet[str]
    """The names that the statement binds."""
    bound_again: FrozenSet[str]
    """Those that it binds more than once."""
    targets: List[ast.expr] = field(default_factory=list)
    after: List[ast.stmt] = field(default_factory=list)
    narrow_after: List[ast.stmt] = field(default_factory=list)
    late: List[ast.stmt] = field(default_factory=list)

    def may_be_rebound(self, target: ast.expr) -> bool:
        """Whether a name in `target` is bound by the statement, maybe after the target."""
        names = (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
        return any(name in self.bound for name in names)


class SimpleStatements:
    """Rewrites statements without a body. The context's gate guards each of them."""

    def __init__(self, nodes: ProbeNodes, expressions: Expressions) -> None:
        self._nodes = nodes
        self._expressions = expressions

    def forms(self, context: Context, statement: ast.stmt) -> Forms:
        """The forms of an assignment, an augmented one, a `return` or an expression."""
        if isinstance(statement, ast.Assign):
            return self._assign(context, statement)
        if isinstance(statement, ast.AugAssign):
            return self._augmented(context, statement)
        value = statement.value  # type: ignore[attr-defined]
        if value is None or isinstance(value, ast.Constant):
            return Forms(None, [statement])
        if isinstance(value, (ast.Yield, ast.YieldFrom)) and isinstance(statement, ast.Expr):
            inner = self._expressions.expression(context, value)
            probed = None if inner is value else [replaced(statement, value=inner)]
            return Forms(probed, [statement])
        kind = _result_kind(statement)
        probe_id = self._nodes.new_probe(context, kind, value, anchor=statement)
        inner = self._expressions.root(context, value, chain_root=False)
        narrow = replaced(statement, value=self.read_number(context, probe_id, value))
        probed = [replaced(statement, value=self._nodes.probe(context, probe_id, inner))]
        return Forms(probed, [narrow], narrows=True)

    # ---- assignments -------------------------------------------------------------------------

    def _assign(self, context: Context, statement: ast.Assign) -> Forms:
        original = statement.value
        value = self._expressions.root(context, original, chain_root=True)
        bound = [name.id for target in statement.targets for name in stored_names(target)]
        again = frozenset(name for name in bound if bound.count(name) > 1)
        built = _Assignment(value, original, value is not original, frozenset(bound), again)
        is_plain = isinstance(original, (ast.Constant, ast.Lambda, ast.JoinedStr))
        for target in statement.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                self._assign_tuple(context, built, target)
            elif is_plain:
                built.targets.append(target)
            else:
                self._assign_one(context, built, target, original)
        if not built.is_probed:
            return Forms(None, [statement])
        probed = [replaced(statement, targets=built.targets, value=built.value), *built.after]
        narrow = [replaced(statement, value=built.narrow_value), *built.narrow_after]
        narrows = built.narrow_value is not original or bool(built.narrow_after)
        return Forms(probed, narrow, self._late(context, statement, built.late), narrows)

    def _assign_tuple(self, context: Context, built: _Assignment, target: ast.expr) -> None:
        rewritten, names, parts = self._tuple_targets(context, target, built.bound_again)
        probe_ids = [self._nodes.new_name_probe(context, name) for name in names]
        for probe_id, name in zip(probe_ids, names):
            built.after.append(self._nodes.look_at_after(context, probe_id, name))
            built.late.append(self._nodes.look_at_after(context, probe_id, name))
            built.narrow_after.append(self._read_number_after(context, probe_id, name))
        if parts:
            built.value = self._nodes.parts(context, parts, built.value)
            built.narrow_value = self._read_numbers(context, parts, built.narrow_value)
        built.is_probed = built.is_probed or bool(names or parts)
        built.targets.append(rewritten)

    def _assign_one(
        self, context: Context, built: _Assignment, target: Any, original: ast.expr
    ) -> None:
        """A name, attribute or subscript, which gets the whole value."""
        nodes = self._nodes
        if isinstance(target, ast.Name):
            probe_id = nodes.new_name_probe(context, target)
            if target.id not in built.bound_again:
                built.late.append(nodes.look_at_after(context, probe_id, target))
            built.targets.append(target)
        else:
            probe_id = nodes.new_target_probe(context, target)
            key = _readable_key(context, target, original)
            if key is not None and is_chain(target.value) and not built.may_be_rebound(target):
                built.late.append(nodes.field(context, probe_id, target, target.value, key))
            built.targets.append(self._inside(context, target))
        built.value = nodes.probe(context, probe_id, built.value)
        built.narrow_value = self.read_number(context, probe_id, built.narrow_value)
        built.is_probed = True

    def _tuple_targets(
        self, context: Context, target: ast.expr, again: FrozenSet[str]
    ) -> Tuple[ast.expr, List[ast.Name], List[Tuple[int, Path]]]:
        """Split a tuple target: rewritten target, its names, and probe ids with paths of the rest.

        Names are looked up after the statement. Attributes and subscripts are not, for that may run
        code, nor are names that the statement binds `again`: they are found inside the value before
        it is unpacked.
        """
        nodes = self._nodes
        names: List[ast.Name] = []
        parts: List[Tuple[int, Path]] = []

        def walk(node: ast.expr, path: Path) -> ast.expr:
            if isinstance(node, ast.Name):
                if node.id in again:
                    parts.append((nodes.new_name_probe(context, node), path))
                else:
                    names.append(node)
            elif isinstance(node, ast.Starred):
                return replaced(node, value=walk(node.value, path))
            elif isinstance(node, (ast.Tuple, ast.List)):
                steps = _steps(node.elts)
                elements = [walk(part, (*path, step)) for part, step in zip(node.elts, steps)]
                return replaced(node, elts=elements)
            elif isinstance(node, (ast.Attribute, ast.Subscript)):
                parts.append((nodes.new_target_probe(context, node), path))
                return self._inside(context, node)
            return node

        return walk(target, ()), names, parts

    def _inside(self, context: Context, target: Any) -> ast.expr:
        """An attribute or subscript that is assigned to, its base and key probed."""
        parts = {"value": self._expressions.expression(context, target.value)}
        if isinstance(target, ast.Subscript):
            parts["slice"] = self._expressions.expression(context, target.slice)
        return replaced(target, **parts)  # type: ignore[no-any-return]

    def _augmented(self, context: Context, statement: ast.AugAssign) -> Forms:
        nodes, original, target = self._nodes, statement.value, statement.target
        value = self._expressions.expression(context, original)
        is_plain = isinstance(original, (ast.Name, ast.Constant, ast.Attribute))
        if not is_plain and value is original:
            value = nodes.operand(context, original, value)
        after: List[ast.stmt] = []
        narrow_after: List[ast.stmt] = []
        if isinstance(target, ast.Name):
            probe_id = nodes.new_name_probe(context, target)
            after.append(nodes.look_at_after(context, probe_id, target))
            narrow_after.append(self._read_number_after(context, probe_id, target))
        elif is_chain(target.value):
            after += self._look_at_result(context, target, original)
        if value is original and not after:
            return Forms(None, [statement])
        probed = [replaced(statement, value=value), *after]
        narrow = [statement, *narrow_after]
        return Forms(probed, narrow, self._late(context, statement, after), bool(narrow_after))

    def _look_at_result(self, context: Context, target: Any, value: ast.expr) -> Sequence[ast.stmt]:
        """Look at an attribute or subscript after `target += value`, if that runs no code."""
        nodes = self._nodes
        if isinstance(target, ast.Attribute):
            probe_id = nodes.new_target_probe(context, target)
            key: ast.expr = ast.Constant(target.attr)
            return [nodes.field(context, probe_id, target, target.value, key)]
        if not _is_settled_index(context, target.slice, value):
            return []
        probe_id = nodes.new_target_probe(context, target)
        keys = nodes.load(context, KEYS, target)
        key = ast.Subscript(keys, target.slice, ast.Load())
        return [nodes.field(context, probe_id, target, target.value, key, PROBE_PART)]

    def annotated(self, context: Context, statement: ast.AnnAssign) -> ast.stmt:
        """Probe the value of an annotated assignment.

        The statement is not doubled: only its value is gated, so that the annotation stands once.
        """
        nodes, value = self._nodes, statement.value
        if value is None or isinstance(value, (ast.Constant, ast.JoinedStr)):
            return statement
        gate = nodes.registry.new_gate(calls(value) or drives_expression(value))
        context = context.at_lines_of(statement).at_gate(gate)
        off = self._expressions.lambdas(context, value)
        on = self._expressions.root(context, off, chain_root=True)
        target = statement.target
        name = nodes.lines.segment(target)
        probe_id = nodes.new_probe(context, TARGET, target, name, statement.annotation, True)
        on = nodes.probe(context, probe_id, on)
        return replaced(statement, value=nodes.either(context, on, off))

    # ---- the narrow and the late form --------------------------------------------------------

    def read_number(self, context: Context, probe_id: int, value: ast.expr) -> ast.expr:
        """Wrap `value` in a probe that only reads a number, if the code has a narrow form."""
        if not context.repeats:
            return value
        self._nodes.registry.probes[probe_id].narrows = True
        return self._nodes.probe(context, probe_id, value, PROBE_NUMBER)

    def _read_numbers(
        self, context: Context, parts: List[Tuple[int, Path]], value: ast.expr
    ) -> ast.expr:
        """As `read_number`, for the items of a tuple that is about to be unpacked."""
        if not context.repeats:
            return value
        for probe_id, _ in parts:
            self._nodes.registry.probes[probe_id].narrows = True
        return self._nodes.parts(context, parts, value, PROBE_PART_NUMBERS)

    def _read_number_after(self, context: Context, probe_id: int, target: ast.Name) -> ast.stmt:
        if context.in_class_body or not context.repeats:  # its namespace may be the program's
            return at(ast.Pass(), target)  # type: ignore[no-any-return]
        name = at(ast.Name(target.id, ast.Load()), target)
        return as_statement(self.read_number(context, probe_id, name))

    def _late(self, context: Context, statement: Any, probes: List[ast.stmt]) -> List[ast.stmt]:
        """`probes` for after a statement whose own call may have opened the gate."""
        if not context.repeats or not probes or not calls(statement.value):
            return []
        is_open = self._nodes.is_open(context, context.gate, statement)
        return [at(ast.If(is_open, probes, []), statement)]

    # ---- conditional expressions: a gate for each branch, in every form ----------------------

    def chooses(self, statement: ast.stmt) -> bool:
        """Whether a statement's value is a conditional expression that `choice` can split."""
        value = getattr(statement, "value", None)
        if not isinstance(value, ast.IfExp) or isinstance(statement, ast.AugAssign):
            return False
        if isinstance(statement, ast.Assign):
            return all(isinstance(t, (ast.Name, ast.Attribute)) for t in statement.targets)
        return isinstance(statement, (ast.Return, ast.Expr))

    def choice(self, context: Context, statement: Any) -> ast.stmt:
        """`x = a if c else b`: which branch runs may change, so each has a gate of its own."""
        nodes = self._nodes
        context = context.at_lines_of(statement).at_gate(nodes.registry.new_gate())
        if isinstance(statement, ast.Assign):
            probe_ids = [
                nodes.new_name_probe(context, target)
                if isinstance(target, ast.Name)
                else nodes.new_target_probe(context, target)
                for target in statement.targets
            ]
        else:
            kind = _result_kind(statement)
            probe_ids = [nodes.new_probe(context, kind, statement.value, anchor=statement)]
        return replaced(statement, value=self._branches(context, statement.value, probe_ids))

    def _branches(self, context: Context, value: ast.expr, probe_ids: List[int]) -> ast.expr:
        nodes = self._nodes
        if isinstance(value, ast.IfExp):
            return replaced(
                value,
                test=self._expressions.header(context, value.test),
                body=self._branches(context, value.body, probe_ids),
                orelse=self._branches(context, value.orelse, probe_ids),
            )
        owner = nodes.registry.probes[probe_ids[0]].gate
        context = context.at_gate(nodes.registry.new_gate(drives=True, owner=owner))
        off = self._expressions.lambdas(context, value)
        on = self._expressions.root(context, off, chain_root=True)
        for probe_id in probe_ids:
            on = nodes.probe(context, probe_id, on)
        return nodes.either(context, on, off)


def _result_kind(statement: ast.stmt) -> LocationKind:
    return RETURN if isinstance(statement, ast.Return) else EXPRESSION


def _steps(elements: Sequence[ast.expr]) -> List[Any]:
    """The step of a path that leads to each element of a tuple target."""
    star = next((i for i, e in enumerate(elements) if isinstance(e, ast.Starred)), None)
    count = len(elements)
    steps: List[Any] = list(range(count))
    if star is not None:
        steps[star] = (star, count - star - 1)
        steps[star + 1 :] = [index - count for index in range(star + 1, count)]
    return steps


def _readable_key(context: Context, target: ast.expr, value: ast.expr) -> Optional[ast.expr]:
    """The key by which a probe can read an augmented target, if that runs no code."""
    if isinstance(target, ast.Attribute):
        return ast.Constant(target.attr)
    if isinstance(target, ast.Subscript) and _is_settled(context, target.slice, value):
        return ast.Tuple([target.slice], ast.Load())
    return None


def _is_settled(context: Context, key: ast.expr, value: ast.expr) -> bool:
    """Whether evaluating `key` again after `value` gives the same and runs no code."""
    if isinstance(key, ast.Name):
        return not context.in_class_body and not calls(value)
    if isinstance(key, ast.UnaryOp):
        key = key.operand
    return isinstance(key, ast.Constant)


def _is_settled_index(context: Context, key: ast.expr, value: ast.expr) -> bool:
    """As `_is_settled`, for a key that may have slices and several dimensions."""
    if isinstance(key, (ast.Slice, ast.Tuple)):
        parts = key.elts if isinstance(key, ast.Tuple) else (key.lower, key.upper, key.step)
        return all(part is None or _is_settled_index(context, part, value) for part in parts)
    return _is_settled(context, key, value)
