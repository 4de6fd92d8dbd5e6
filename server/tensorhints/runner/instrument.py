"""AST in, AST out: which places of a program are watched, and probes put there, positions kept.

A straight run of simple statements `S` becomes `if gate: S′ else: S`, where `S′` carries probes:
calls of one function that looks at a value and hands it on. A gate is a name in `builtins`, so that
the module's own namespace stays as the program made it; the names contain characters that no source
text can spell. Where a gate is off the program costs one look-up more than before.

Sub-trees are shared between `S` and `S′`: nothing of the original tree is changed or copied.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, List, Optional, Sequence, Tuple, cast

from ..model.places import EXPRESSION, RETURN, TARGET
from .expressions import ExpressionProbes
from .nodes import (
    at,
    capture_name,
    docstring_length,
    drives_expression,
    first_line,
    is_constant_expression,
    parameters,
    prologue_length,
    replaced,
    statement_drives,
)
from .sites import OPERAND, PROBE_FIELD, PROBE_PARTS, PROBE_STORE

_FunctionNode = (ast.FunctionDef, ast.AsyncFunctionDef)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
_TRY = (ast.Try,) + ((ast.TryStar,) if hasattr(ast, "TryStar") else ())
_MATCH = getattr(ast, "Match", ())


class Instrumenter(ExpressionProbes):
    """Instruments one file: `module` a whole one, `statement` one top-level statement of it."""

    # ---- whole bodies ------------------------------------------------------------------------

    def statement(self, statement: ast.stmt, shallow: bool = False) -> List[ast.stmt]:
        """The statements to run in place of one top-level statement. `shallow`: no probes inside of
        expressions, for one that is nested too deeply to be rewritten. Raises `RecursionError`.
        """
        self._shallow = shallow
        return self._with_global(lambda: self._body([statement]), statement)

    def module(self, tree: ast.Module) -> ast.Module:
        start = prologue_length(tree.body)
        rest = tree.body[start:]
        if not rest:
            return tree
        body = self._with_global(lambda: self._body(rest), rest[0])
        return ast.Module(tree.body[:start] + body, tree.type_ignores)

    def _with_global(self, build: Callable[[], List[ast.stmt]], node: ast.stmt) -> List[ast.stmt]:
        """Names loaded outside functions are declared `global`: their look-up is then the cached
        one, and a class body's own namespace is never asked for them.
        """
        self._outer_names.append(set())
        body = build()
        names = self._outer_names.pop()
        if names:
            body = [at(ast.Global(sorted(names)), node), *body]
        return body

    def _body(
        self,
        statements: Sequence[ast.stmt],
        prologue: Sequence[ast.stmt] = (),
        prologue_gate: int = -1,
    ) -> List[ast.stmt]:
        """A suite. `prologue` (probes of the parameters) shares the gate of the first run."""
        result: List[ast.stmt] = []
        on: List[ast.stmt] = list(prologue)
        off: List[ast.stmt] = []
        gate = prologue_gate
        watched = len(on)

        def close() -> None:
            nonlocal on, off, gate, watched
            if watched:
                result.append(self._gated(gate, on, off))
            else:
                result.extend(off)
            on, off, gate, watched = [], [], -1, 0

        for statement in statements:
            if isinstance(statement, _SIMPLE) and not is_constant_expression(statement):
                drives = statement_drives(statement)
                if drives:
                    close()
                if gate < 0:
                    gate = self._registry.new_gate(drives)
                self._gate = gate
                statement = self._with_lambdas(statement)
                probed = self._simple(statement)
                off.append(statement)
                if probed is None:
                    on.append(statement)
                else:
                    on.extend(probed)
                    watched += 1
                if drives or isinstance(statement, ast.Return):
                    close()
            else:
                close()
                result.extend(self._compound(statement))
        close()
        return result

    def _gated(self, gate: int, on: List[ast.stmt], off: List[ast.stmt]) -> ast.stmt:
        anchor = on[0]
        node = ast.If(self._load(self._gate_name(gate), anchor), on, off)
        return at(node, anchor)

    # ---- simple statements -------------------------------------------------------------------

    def _simple(self, statement: ast.stmt) -> Optional[List[ast.stmt]]:
        """The statement with its probes, or `None` where there is nothing to watch."""
        self._extent(statement)
        if isinstance(statement, ast.Assign):
            return self._assign(statement)
        if isinstance(statement, ast.AugAssign):
            return self._augmented(statement)
        value = statement.value  # type: ignore[attr-defined]
        if value is None or isinstance(value, ast.Constant):
            return None
        if isinstance(statement, ast.Return):
            kind = RETURN
        else:
            kind = EXPRESSION
            if isinstance(value, (ast.Yield, ast.YieldFrom)):
                inner = self._expression(value)
                return None if inner is value else [replaced(statement, value=inner)]
        site = self._site(kind, value, anchor=statement)
        inner = self._root(value, chain_root=False)
        return [replaced(statement, value=self._probe(site, inner))]

    def _assign(self, statement: ast.Assign) -> Optional[List[ast.stmt]]:
        value = self._root(statement.value, chain_root=True)
        targets: List[ast.expr] = []
        after: List[ast.stmt] = []
        watched = value is not statement.value
        plain = isinstance(statement.value, (ast.Constant, ast.Lambda, ast.JoinedStr))
        for target in statement.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                target, names, parts = self._tuple_targets(target)
                after += [self._after(self._probe_name(TARGET, name)) for name in names]
                if parts:
                    value = self._parts_probe(parts, value)
                watched = watched or bool(names or parts)
                targets.append(target)
            elif plain:
                targets.append(target)
            elif isinstance(target, ast.Subscript):
                seen = self._site(OPERAND, statement.value)
                value = self._probe(seen, value)
                targets.append(self._store_probe(target, seen))
                watched = True
            else:
                name = target.id if isinstance(target, ast.Name) else self._lines.segment(target)
                value = self._probe(self._site(TARGET, target, name), value)
                if isinstance(target, ast.Attribute):
                    target = replaced(target, value=self._expression(target.value))
                targets.append(target)
                watched = True
        if not watched:
            return None
        return [replaced(statement, targets=targets, value=value), *after]

    def _parts_probe(self, parts: List[Tuple[int, Tuple[int, ...]]], value: ast.expr) -> ast.expr:
        table = at(ast.Constant(cast(Any, tuple(parts))), value)
        return at(ast.Call(self._load(PROBE_PARTS, value), [table, value], []), value)

    def _tuple_targets(
        self, target: ast.expr
    ) -> Tuple[ast.expr, List[ast.Name], List[Tuple[int, Tuple[int, ...]]]]:
        """A tuple target with probes on the bases of its subscripts, the names in it, and the sites
        of its attributes and subscripts with the path to each inside the value. A name is looked up
        after the statement; an attribute is not, for that may run code.
        """
        names: List[ast.Name] = []
        parts: List[Tuple[int, Tuple[int, ...]]] = []

        def walk(node: ast.expr, path: Optional[Tuple[int, ...]]) -> ast.expr:
            if isinstance(node, ast.Name):
                names.append(node)
            elif isinstance(node, ast.Starred):
                walk(node.value, None)
            elif isinstance(node, (ast.Tuple, ast.List)):
                star = next(
                    (i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)), None
                )
                elements = []
                for index, element in enumerate(node.elts):
                    inner = None
                    if path is not None and star != index:
                        after_star = star is not None and index > star
                        inner = (*path, index - len(node.elts) if after_star else index)
                    elements.append(walk(element, inner))
                return replaced(node, elts=elements)
            elif path is not None and isinstance(node, ast.Attribute):
                parts.append((self._site(TARGET, node, self._lines.segment(node)), path))
            elif path is not None and isinstance(node, ast.Subscript):
                seen = self._site(OPERAND, node)
                parts.append((seen, path))
                return self._store_probe(node, seen)
            return node

        return walk(target, ()), names, parts

    def _store_probe(self, target: ast.Subscript, seen: int) -> ast.expr:
        self._registry.sites[seen].detailed = True
        site = self._site(TARGET, target, self._lines.segment(target))
        base = self._expression(target.value)
        numbers = [at(ast.Constant(site), base), at(ast.Constant(seen), base)]
        call = at(ast.Call(self._load(PROBE_STORE, base), [*numbers, base], []), target.value)
        return replaced(target, value=call, slice=self._expression(target.slice))

    def _augmented(self, statement: ast.AugAssign) -> Optional[List[ast.stmt]]:
        value = self._expression(statement.value)
        if (
            not isinstance(statement.value, (ast.Name, ast.Constant, ast.Attribute))
            and value is statement.value
        ):
            value = self._operand(statement.value, value)
        target = statement.target
        after: List[ast.stmt] = []
        if isinstance(target, ast.Name):
            after.append(self._after(self._probe_name(TARGET, target)))
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            site = self._site(TARGET, target, self._lines.segment(target))
            after.append(self._field_probe(site, target, target.value, ast.Constant(target.attr)))
        elif (
            isinstance(target, ast.Subscript)
            and isinstance(target.value, ast.Name)
            and isinstance(target.slice, ast.Constant)
        ):
            site = self._site(TARGET, target, self._lines.segment(target))
            key = ast.Constant(cast(Any, (target.slice.value,)))
            after.append(self._field_probe(site, target, target.value, key))
        if value is statement.value and not after:
            return None
        return [replaced(statement, value=value), *after]

    def _field_probe(
        self, site: int, target: ast.expr, base: ast.Name, key: ast.Constant
    ) -> ast.stmt:
        call = ast.Call(
            self._load(PROBE_FIELD, target),
            [
                at(ast.Constant(site), target),
                at(ast.Name(base.id, ast.Load()), target),
                at(key, target),
            ],
            [],
        )
        return self._after(at(call, target))

    def _annotated(self, statement: ast.AnnAssign) -> ast.stmt:
        """Not doubled: only the value is gated, so that the annotation stands once."""
        value = statement.value
        if value is None or isinstance(value, (ast.Constant, ast.JoinedStr)):
            return statement
        self._extent(statement)
        self._gate = self._registry.new_gate(statement_drives(statement))
        off = self._lambdas(value)
        target = statement.target
        name = target.id if isinstance(target, ast.Name) else self._lines.segment(target)
        if isinstance(target, ast.Subscript):
            on = self._root(off, chain_root=True)
        else:
            site = self._site(TARGET, target, name, anchor=statement.annotation, annotated=True)
            on = self._probe(site, self._root(off, chain_root=True))
        return replaced(statement, value=self._either(on, off))

    def _header(self, value: ast.expr) -> ast.expr:
        """A condition or iterable: its sub-expressions are watched behind a gate of their own."""
        walrus = any(isinstance(node, ast.NamedExpr) for node in ast.walk(value))
        gate = self._gate = self._registry.new_gate(walrus or drives_expression(value))
        off = self._lambdas(value)
        on = self._expression(off)
        self._gate = gate
        if on is off:
            return off
        return self._either(on, off)

    # ---- compound statements -----------------------------------------------------------------

    def _compound(self, node: ast.stmt) -> List[ast.stmt]:
        if isinstance(node, _FunctionNode):
            return [self._function(node)]
        if isinstance(node, ast.ClassDef):
            return [self._class(node)]
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self._extent_of_head(node, node.body)
            iterable = self._header(node.iter)
            self._extent_of_head(node, node.body)
            body = self._target_probes([node.target]) + self._body(node.body)
            return [replaced(node, iter=iterable, body=body, orelse=self._body(node.orelse))]
        if isinstance(node, (ast.While, ast.If)):
            self._extent_of_head(node, node.body)
            test = self._header(node.test)
            return [
                replaced(
                    node, test=test, body=self._body(node.body), orelse=self._body(node.orelse)
                )
            ]
        if isinstance(node, (ast.With, ast.AsyncWith)):
            self._extent_of_head(node, node.body)
            items, targets = [], []
            for item in node.items:
                items.append(ast.withitem(self._header(item.context_expr), item.optional_vars))
                if item.optional_vars is not None:
                    targets.append(item.optional_vars)
            self._extent_of_head(node, node.body)
            return [
                replaced(
                    node, items=items, body=self._target_probes(targets) + self._body(node.body)
                )
            ]
        if isinstance(node, _TRY):
            handlers = [
                replaced(handler, body=self._body(handler.body)) for handler in node.handlers
            ]  # type: ignore[attr-defined]
            return [
                replaced(
                    node,
                    body=self._body(node.body),  # type: ignore[attr-defined]
                    handlers=handlers,
                    orelse=self._body(node.orelse),  # type: ignore[attr-defined]
                    finalbody=self._body(node.finalbody),  # type: ignore[attr-defined]
                )
            ]
        if _MATCH and isinstance(node, _MATCH):
            return [self._match(node)]
        if isinstance(node, ast.AnnAssign):
            return [self._annotated(node)]
        if isinstance(node, ast.Assert):
            self._extent(node)
            return [replaced(node, test=self._header(node.test))]
        return [node]

    def _extent_of_head(self, node: Any, body: Sequence[ast.stmt]) -> None:
        """A loop's target is void when the head changes, not when any line of its body does."""
        last = max(node.lineno, min(first_line(body[0]) - 1, node.end_lineno))
        head = [getattr(node, name, None) for name in ("iter", "target", "test", "subject")]
        head += [item.context_expr for item in getattr(node, "items", ())]
        ends = [part.end_lineno for part in head if part is not None]
        self._lines_of_statement = (node.lineno, max(ends) if ends else last)

    def _target_probes(self, targets: Sequence[ast.expr]) -> List[ast.stmt]:
        names = [
            part
            for target in targets
            for part in ast.walk(target)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        ]
        if not names:
            return []
        gate = self._gate = self._registry.new_gate(drives=True)
        on = [self._after(self._probe_name(TARGET, name)) for name in names]
        return [self._gated(gate, on, [])]

    def _match(self, node: Any) -> ast.stmt:
        self._extent(node.subject)
        subject = self._header(node.subject)
        cases = []
        for case in node.cases:
            captures = [
                p
                for p in ast.walk(case.pattern)
                if getattr(p, "name", None) and isinstance(p, (ast.MatchAs, ast.MatchStar))
            ]
            probes: List[ast.stmt] = []
            if captures:
                self._lines_of_statement = (case.pattern.lineno, case.pattern.end_lineno)
                gate = self._gate = self._registry.new_gate(drives=True)
                on: List[ast.stmt] = []
                for capture in captures:
                    name = capture_name(capture)
                    on.append(self._after(self._probe_name(TARGET, name)))
                probes = [self._gated(gate, on, [])]
            cases.append(replaced(case, body=probes + self._body(case.body)))
        return replaced(node, subject=subject, cases=cases)

    def _class(self, node: ast.ClassDef) -> ast.stmt:
        self._scope.append(node.name)
        start = docstring_length(node.body)
        rest = node.body[start:]
        body = self._with_global(lambda: self._body(rest), rest[0]) if rest else []
        self._scope.pop()
        return replaced(node, body=node.body[:start] + body)

    def _function(self, node: Any) -> ast.stmt:
        self._scope.append(node.name)
        outer, self._outer_names = self._outer_names, []
        try:
            start = docstring_length(node.body)
            rest = node.body[start:]
            probes: List[ast.stmt] = []
            gate = -1
            arguments = parameters(node.args)
            if arguments and arguments[0].arg in ("self", "cls"):
                arguments = arguments[1:]
            if arguments:
                gate = self._gate = self._registry.new_gate()
                probes = [self._after(self._probe_parameter(argument)) for argument in arguments]
            body = self._body(rest, probes, gate)
        finally:
            self._outer_names = outer
            self._scope.pop()
        return replaced(node, body=node.body[:start] + body)
