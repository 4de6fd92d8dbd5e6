"""AST in, AST out: which places of a program are watched, and probes put there, positions kept.

A straight run of simple statements `S` becomes `if gate: S′ else: S`, where `S′` carries probes:
calls of one function that looks at a value and hands it on. A gate is a name in `builtins`, so that
the module's own namespace stays as the program made it; the names contain characters that no source
text can spell. Where a gate is off the program costs one look-up more than before.

Sub-trees are shared between `S` and `S′`: nothing of the original tree is changed or copied.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple, cast

from ..model.places import EXPRESSION, RETURN, TARGET
from .expressions import ExpressionProbes
from .nodes import (
    at,
    calls,
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
        parameters_: Sequence[ast.arg] = (),
    ) -> List[ast.stmt]:
        """A suite. Probes of `parameters_` stand before its first statement, behind its gate.

        A run of statements ends with the first that may run other code of the program: what that
        code shows can open the gate again, which is asked for anew after it.
        """
        result: List[ast.stmt] = []
        on: List[ast.stmt] = []
        off: List[ast.stmt] = []
        gate = -1
        watched = False
        if parameters_:
            gate = self._gate = self._registry.new_gate()
            anchor = statements[0]
            on = [self._after(self._probe_parameter(p, anchor), anchor) for p in parameters_]
            watched = True

        def close() -> None:
            nonlocal on, off, gate, watched
            if watched:
                result.append(self._gated(gate, on, off))
            else:
                result.extend(off)
            on, off, gate, watched = [], [], -1, False

        for statement in statements:
            if not isinstance(statement, _SIMPLE) or is_constant_expression(statement):
                close()
                result.extend(self._compound(statement))
                continue
            if self._chooses(statement):
                close()
                result.append(self._choice(statement))
                continue
            drives = statement_drives(statement)
            if drives:
                close()
            if gate < 0:
                gate = self._registry.new_gate(drives)
            self._gate = gate
            statement = self._with_lambdas(statement)
            probed, late = self._simple(statement)
            off.append(statement)
            off.extend(late)
            on.extend(probed or [statement])
            watched = watched or probed is not None
            if drives or isinstance(statement, ast.Return) or calls(statement.value):
                close()
        close()
        return result

    def _gated(self, gate: int, on: List[ast.stmt], off: List[ast.stmt]) -> ast.stmt:
        anchor = off[0] if off else on[0]
        return at(ast.If(self._enters(gate, anchor), on, off), anchor)

    # ---- simple statements -------------------------------------------------------------------

    def _simple(self, statement: ast.stmt) -> Tuple[Optional[List[ast.stmt]], List[ast.stmt]]:
        """The statement with its probes, or `None` where there is nothing to watch; and what looks
        at its targets late, where the gate was closed before it and is open after it.
        """
        self._extent(statement)
        if isinstance(statement, ast.Assign):
            return self._assign(statement)
        if isinstance(statement, ast.AugAssign):
            return self._augmented(statement)
        value = statement.value  # type: ignore[attr-defined]
        if value is None or isinstance(value, ast.Constant):
            return None, []
        if isinstance(value, (ast.Yield, ast.YieldFrom)) and isinstance(statement, ast.Expr):
            inner = self._expression(value)
            return (None if inner is value else [replaced(statement, value=inner)]), []
        site = self._site(self._result_kind(statement), value, anchor=statement)
        inner = self._root(value, chain_root=False)
        return [replaced(statement, value=self._probe(site, inner))], []

    def _result_kind(self, statement: ast.stmt) -> str:
        return RETURN if isinstance(statement, ast.Return) else EXPRESSION

    def _assign(self, statement: ast.Assign) -> Tuple[Optional[List[ast.stmt]], List[ast.stmt]]:
        value = self._root(statement.value, chain_root=True)
        targets: List[ast.expr] = []
        after: List[ast.stmt] = []
        late: List[ast.stmt] = []
        watched = value is not statement.value
        plain = isinstance(statement.value, (ast.Constant, ast.Lambda, ast.JoinedStr))
        for target in statement.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                target, names, parts = self._tuple_targets(target)
                sites = [self._name_site(name) for name in names]
                after += [self._looks_at(s, n) for s, n in zip(sites, names)]
                late += [self._looks_at(s, n) for s, n in zip(sites, names)]
                if parts:
                    value = self._parts_probe(parts, value)
                watched = watched or bool(names or parts)
            elif plain:
                pass
            elif isinstance(target, ast.Subscript):
                seen = self._site(OPERAND, statement.value)
                value = self._probe(seen, value)
                site, stored = self._store_probe(target, seen)
                if _is_chain(target.value) and self._is_settled(target.slice, statement.value):
                    key = ast.Tuple([target.slice], ast.Load())
                    late.append(self._field_probe(site, target, target.value, key))
                target = stored
                watched = True
            elif isinstance(target, ast.Name):
                site = self._name_site(target)
                value = self._probe(site, value)
                late.append(self._looks_at(site, target))
                watched = True
            elif isinstance(target, ast.Attribute):
                site = self._site(TARGET, target, self._lines.segment(target))
                value = self._probe(site, value)
                if isinstance(target.value, ast.Name):
                    name = ast.Constant(target.attr)
                    late.append(self._field_probe(site, target, target.value, name))
                target = replaced(target, value=self._expression(target.value))
                watched = True
            targets.append(target)
        if not watched:
            return None, []
        probed = [replaced(statement, targets=targets, value=value), *after]
        return probed, self._late(statement, late)

    def _late(self, statement: Any, probes: List[ast.stmt]) -> List[ast.stmt]:
        """`probes` for after a statement whose own call may have opened the gate."""
        if not probes or not calls(statement.value):
            return []
        is_open = self._is_open(self._gate, statement)
        return [at(ast.If(is_open, probes, []), statement)]

    def _name_site(self, target: ast.Name) -> int:
        name = self._lines.identifier(target.lineno, target.col_offset)
        return self._site(TARGET, target, name)

    def _looks_at(self, site: int, target: ast.Name) -> ast.stmt:
        return self._after(self._look(site, target))

    # ---- conditional expressions: each branch behind a gate of its own, in `S` and `S′` alike ----

    def _chooses(self, statement: ast.stmt) -> bool:
        value = getattr(statement, "value", None)
        if not isinstance(value, ast.IfExp) or isinstance(statement, ast.AugAssign):
            return False
        if isinstance(statement, ast.Assign):
            return all(isinstance(t, (ast.Name, ast.Attribute)) for t in statement.targets)
        return isinstance(statement, (ast.Return, ast.Expr))

    def _choice(self, statement: Any) -> ast.stmt:
        """`x = a if c else b`: which is taken may change, so that each is watched by itself."""
        self._extent(statement)
        gate = self._gate = self._registry.new_gate()
        sites: List[int] = []
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    sites.append(self._name_site(target))
                else:
                    sites.append(self._site(TARGET, target, self._lines.segment(target)))
        else:
            kind = self._result_kind(statement)
            sites.append(self._site(kind, statement.value, anchor=statement))
        self._gate = gate
        return replaced(statement, value=self._branches(statement.value, sites))

    def _branches(self, value: ast.expr, sites: List[int]) -> ast.expr:
        if isinstance(value, ast.IfExp):
            return replaced(
                value,
                test=self._header(value.test),
                body=self._branches(value.body, sites),
                orelse=self._branches(value.orelse, sites),
            )
        owner = self._registry.sites[sites[0]].gate
        self._gate = self._registry.new_gate(drives=True, owner=owner)
        off = self._lambdas(value)
        on = self._root(off, chain_root=True)
        for site in sites:
            on = self._probe(site, on)
        return self._either(on, off)

    def _parts_probe(self, parts: List[Tuple[int, Tuple[Any, ...]]], value: ast.expr) -> ast.expr:
        table = at(ast.Constant(cast(Any, tuple(parts))), value)
        return at(ast.Call(self._load(PROBE_PARTS, value), [table, value], []), value)

    def _tuple_targets(
        self, target: ast.expr
    ) -> Tuple[ast.expr, List[ast.Name], List[Tuple[int, Tuple[Any, ...]]]]:
        """A tuple target with probes on the bases of its subscripts, the names in it, and the sites
        of its attributes and subscripts with the path to each inside the value. A name is looked up
        after the statement; an attribute is not, for that may run code.
        """
        names: List[ast.Name] = []
        parts: List[Tuple[int, Tuple[Any, ...]]] = []

        def walk(node: ast.expr, path: Tuple[Any, ...]) -> ast.expr:
            if isinstance(node, ast.Name):
                names.append(node)
            elif isinstance(node, ast.Starred):
                return replaced(node, value=walk(node.value, path))
            elif isinstance(node, (ast.Tuple, ast.List)):
                star = next(
                    (i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)), None
                )
                elements = []
                for index, element in enumerate(node.elts):
                    step: Any = index
                    if star is not None and index == star:
                        step = (index, len(node.elts) - index - 1)
                    elif star is not None and index > star:
                        step = index - len(node.elts)
                    elements.append(walk(element, (*path, step)))
                return replaced(node, elts=elements)
            elif isinstance(node, ast.Attribute):
                parts.append((self._site(TARGET, node, self._lines.segment(node)), path))
            elif isinstance(node, ast.Subscript):
                seen = self._site(OPERAND, node)
                parts.append((seen, path))
                return self._store_probe(node, seen)[1]
            return node

        return walk(target, ()), names, parts

    def _store_probe(
        self, target: ast.Subscript, seen: int, anchor: Any = None, annotated: bool = False
    ) -> Tuple[int, ast.expr]:
        """The site of a subscript target, and the target with its base looked at."""
        self._registry.sites[seen].detailed = True
        site = self._site(TARGET, target, self._lines.segment(target), anchor, annotated)
        base = self._expression(target.value)
        numbers = [at(ast.Constant(site), base), at(ast.Constant(seen), base)]
        call = at(ast.Call(self._load(PROBE_STORE, base), [*numbers, base], []), target.value)
        return site, replaced(target, value=call, slice=self._expression(target.slice))

    def _augmented(
        self, statement: ast.AugAssign
    ) -> Tuple[Optional[List[ast.stmt]], List[ast.stmt]]:
        value = self._expression(statement.value)
        if (
            not isinstance(statement.value, (ast.Name, ast.Constant, ast.Attribute))
            and value is statement.value
        ):
            value = self._operand(statement.value, value)
        target = statement.target
        after: List[ast.stmt] = []
        if isinstance(target, ast.Name):
            after.append(self._looks_at(self._name_site(target), target))
        elif isinstance(target, ast.Attribute) and _is_chain(target.value):
            site = self._site(TARGET, target, self._lines.segment(target))
            after.append(self._field_probe(site, target, target.value, ast.Constant(target.attr)))
        elif (
            isinstance(target, ast.Subscript)
            and _is_chain(target.value)
            and self._is_settled(target.slice, statement.value)
        ):
            site = self._site(TARGET, target, self._lines.segment(target))
            key = ast.Tuple([target.slice], ast.Load())
            after.append(self._field_probe(site, target, target.value, key))
        if value is statement.value and not after:
            return None, []
        return [replaced(statement, value=value), *after], self._late(statement, after)

    def _is_settled(self, key: ast.expr, value: ast.expr) -> bool:
        """Whether a key says the same once more after `value` was computed, and asks nobody."""
        if isinstance(key, ast.Name):
            return not self._in_class_body and not calls(value)
        if isinstance(key, ast.UnaryOp):
            key = key.operand
        return isinstance(key, ast.Constant)

    def _field_probe(self, site: int, target: ast.expr, base: ast.expr, key: ast.expr) -> ast.stmt:
        """Looks at `base.key` or `base[key]` after the statement, where that runs no code. `base`
        is a name and attributes: the name is loaded, the attributes are left to the probe.
        """
        path: List[str] = []
        while isinstance(base, ast.Attribute):
            path.insert(0, base.attr)
            base = base.value
        assert isinstance(base, ast.Name)
        arguments = [
            at(ast.Constant(site), target),
            at(ast.Name(base.id, ast.Load()), target),
            at(ast.Constant(cast(Any, tuple(path))), target),
            at(key, target),
        ]
        return self._after(at(ast.Call(self._load(PROBE_FIELD, target), arguments, []), target))

    def _annotated(self, statement: ast.AnnAssign) -> ast.stmt:
        """Not doubled: only the value is gated, so that the annotation stands once."""
        value = statement.value
        if value is None or isinstance(value, (ast.Constant, ast.JoinedStr)):
            return statement
        self._extent(statement)
        self._gate = self._registry.new_gate(calls(value) or drives_expression(value))
        off = self._lambdas(value)
        on = self._root(off, chain_root=True)
        target = statement.target
        if isinstance(target, ast.Subscript):
            seen = self._site(OPERAND, value)
            on = self._probe(seen, on)
            _, store = self._store_probe(target, seen, statement.annotation, annotated=True)
            base = self._either(store.value, target.value)  # type: ignore[attr-defined]
            target = replaced(target, value=base)
            return replaced(statement, target=target, value=self._either(on, off))
        name = self._lines.segment(target)
        site = self._site(TARGET, target, name, anchor=statement.annotation, annotated=True)
        return replaced(statement, value=self._either(self._probe(site, on), off))

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
        """Looks at the targets of a loop or `with` where its body begins."""
        found = [part for target in targets for part in _stored(target)]
        if not found:
            return []
        gate = self._gate = self._registry.new_gate(drives=True)
        on: List[ast.stmt] = []
        for part in found:
            if isinstance(part, ast.Name):
                on.append(self._looks_at(self._name_site(part), part))
                continue
            if isinstance(part, ast.Attribute):
                key = ast.Constant(part.attr)
            else:
                key = ast.Constant(cast(Any, (part.slice.value,)))
            site = self._site(TARGET, part, self._lines.segment(part))
            on.append(self._field_probe(site, part, part.value, key))
        return [self._gated(gate, on, [])]

    def _match(self, node: Any) -> ast.stmt:
        self._extent(node.subject)
        subject = self._header(node.subject)
        return replaced(node, subject=subject, cases=[self._case(case) for case in node.cases])

    def _case(self, case: Any) -> Any:
        """Captures are looked at in the guard if there is one: it may fail after binding them."""
        captures = [
            capture_name(part, self._lines.identifier(part.end_lineno, part.end_col_offset, True))
            for part in ast.walk(case.pattern)
            if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name
        ]
        self._lines_of_statement = (case.pattern.lineno, case.pattern.end_lineno)
        if case.guard is None:
            if not captures:
                return replaced(case, body=self._body(case.body))
            gate = self._gate = self._registry.new_gate(drives=True)
            on = [self._looks_at(self._name_site(name), name) for name in captures]
            return replaced(case, body=[self._gated(gate, on, []), *self._body(case.body)])
        self._gate = self._registry.new_gate(drives=True)
        off = self._lambdas(case.guard)
        guard = self._expression(off)
        probes = [self._look(self._name_site(name), name) for name in captures]
        if probes:
            holder = at(ast.Tuple([*probes, guard], ast.Load()), off)
            guard = at(ast.Subscript(holder, at(ast.Constant(len(probes)), off), ast.Load()), off)
        return replaced(case, guard=self._either(guard, off), body=self._body(case.body))

    def _class(self, node: ast.ClassDef) -> ast.stmt:
        start = docstring_length(node.body)
        rest = node.body[start:]
        if not rest:
            return node
        self._scope.append(node.name)
        outer, self._in_class_body = self._in_class_body, True
        body = self._with_global(lambda: self._body(rest), rest[0])
        self._in_class_body = outer
        self._scope.pop()
        return replaced(node, body=node.body[:start] + body)

    def _function(self, node: Any) -> ast.stmt:
        self._scope.append(node.name)
        outer, self._outer_names = self._outer_names, []
        in_class_body, self._in_class_body = self._in_class_body, False
        start = docstring_length(node.body)
        rest = node.body[start:] or [at(ast.Pass(), node.body[0])]
        body = self._body(rest, parameters(node.args))
        self._outer_names, self._in_class_body = outer, in_class_body
        self._scope.pop()
        return replaced(node, body=node.body[:start] + body)


def _is_chain(node: ast.expr) -> bool:
    """A name, or attributes of one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _stored(target: ast.expr) -> Iterator[Any]:
    """What a loop's target binds, as far as it can be looked at without running code."""
    if isinstance(target, ast.Starred):
        yield from _stored(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _stored(element)
    elif isinstance(target, ast.Subscript):
        if isinstance(target.slice, ast.Constant) and _is_chain(target.value):
            yield target
    elif isinstance(target, ast.Name) or _is_chain(target):
        yield target
