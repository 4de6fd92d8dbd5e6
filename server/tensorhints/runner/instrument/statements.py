"""Probes on simple statements: what they bind, what they return, what their expressions show."""

from __future__ import annotations

import ast
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple, cast

from ...model.locations import EXPRESSION, RETURN, TARGET, LocationKind
from ..syntax.nodes import at, calls, drives_expression, is_chain, replaced
from .expressions import ExpressionProbes
from .probe_registry import KEEP, OPERAND, PROBE_FIELD, PROBE_PARTS, PROBE_STORE


class Forms(NamedTuple):
    """A statement for each state of its gate. `watched` is `None` where there is nothing to watch;
    `narrow` only reads the values of numbers; `late` looks at its targets after it where the gate
    was closed before it and is open then.
    """

    watched: Optional[List[ast.stmt]]
    narrow: List[ast.stmt]
    late: Sequence[ast.stmt] = ()
    narrows: bool = False


class StatementProbes(ExpressionProbes):
    # ---- simple statements -------------------------------------------------------------------

    def _simple(self, statement: ast.stmt) -> Forms:
        self._extent(statement)
        if isinstance(statement, ast.Assign):
            return self._assign(statement)
        if isinstance(statement, ast.AugAssign):
            return self._augmented(statement)
        value = statement.value  # type: ignore[attr-defined]
        if value is None or isinstance(value, ast.Constant):
            return Forms(None, [statement])
        if isinstance(value, (ast.Yield, ast.YieldFrom)) and isinstance(statement, ast.Expr):
            inner = self._expression(value)
            watched = None if inner is value else [replaced(statement, value=inner)]
            return Forms(watched, [statement])
        site = self._site(self._result_kind(statement), value, anchor=statement)
        inner = self._root(value, chain_root=False)
        narrow = replaced(statement, value=self._kept(site, value))
        return Forms([replaced(statement, value=self._probe(site, inner))], [narrow], narrows=True)

    def _result_kind(self, statement: ast.stmt) -> LocationKind:
        return RETURN if isinstance(statement, ast.Return) else EXPRESSION

    def _assign(self, statement: ast.Assign) -> Forms:
        value = self._root(statement.value, chain_root=True)
        kept = statement.value
        targets: List[ast.expr] = []
        after: List[ast.stmt] = []
        kept_after: List[ast.stmt] = []
        late: List[ast.stmt] = []
        watched = value is not statement.value
        plain = isinstance(statement.value, (ast.Constant, ast.Lambda, ast.JoinedStr))
        for target in statement.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                target, names, parts = self._tuple_targets(target)
                probes = [self._name_site(name) for name in names]
                after += [self._looks_at(s, n) for s, n in zip(probes, names)]
                late += [self._looks_at(s, n) for s, n in zip(probes, names)]
                kept_after += [self._keeps(s, n) for s, n in zip(probes, names)]
                if parts:
                    value = self._parts_probe(parts, value)
                watched = watched or bool(names or parts)
            elif plain:
                pass
            elif isinstance(target, ast.Subscript):
                seen = self._site(OPERAND, statement.value)
                value = self._probe(seen, value)
                site, stored = self._store_probe(target, seen)
                if is_chain(target.value) and self._is_settled(target.slice, statement.value):
                    key = ast.Tuple([target.slice], ast.Load())
                    late.append(self._field_probe(site, target, target.value, key))
                target = stored
                watched = True
            elif isinstance(target, ast.Name):
                site = self._name_site(target)
                value = self._probe(site, value)
                kept = self._kept(site, kept)
                late.append(self._looks_at(site, target))
                watched = True
            elif isinstance(target, ast.Attribute):
                site = self._site(TARGET, target, self._lines.segment(target))
                value = self._probe(site, value)
                kept = self._kept(site, kept)
                if isinstance(target.value, ast.Name):
                    name = ast.Constant(target.attr)
                    late.append(self._field_probe(site, target, target.value, name))
                target = replaced(target, value=self._expression(target.value))
                watched = True
            targets.append(target)
        if not watched:
            return Forms(None, [statement])
        probed = [replaced(statement, targets=targets, value=value), *after]
        narrow = [replaced(statement, value=kept), *kept_after]
        narrows = kept is not statement.value or bool(kept_after)
        return Forms(probed, narrow, self._late(statement, late), narrows)

    def _late(self, statement: Any, probes: List[ast.stmt]) -> List[ast.stmt]:
        """`probes` for after a statement whose own call may have opened the gate."""
        if not self._repeats or not probes or not calls(statement.value):
            return []
        is_open = self._is_open(self._gate, statement)
        return [at(ast.If(is_open, probes, []), statement)]

    def _name_site(self, target: ast.Name) -> int:
        name = self._lines.identifier(target.lineno, target.col_offset)
        return self._site(TARGET, target, name)

    def _looks_at(self, site: int, target: ast.Name) -> ast.stmt:
        return self._after(self._look(site, target))

    def _looked_at(self, site: int, target: ast.Name) -> Forms:
        """A name that is bound already, at the beginning of a body."""
        return Forms([self._looks_at(site, target)], [self._keeps(site, target)], narrows=True)

    def _kept(self, site: int, value: ast.expr) -> ast.expr:
        """`value`, looked at in the narrow form as well, where there is one."""
        if not self._repeats:
            return value
        self._registry.probes[site].narrows = True
        return self._probe(site, value, KEEP)

    def _keeps(self, site: int, target: ast.Name) -> ast.stmt:
        if self._in_class_body or not self._repeats:  # its namespace is not asked for names
            return at(ast.Pass(), target)  # type: ignore[no-any-return]
        return self._after(self._kept(site, at(ast.Name(target.id, ast.Load()), target)))

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
        probes: List[int] = []
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    probes.append(self._name_site(target))
                else:
                    probes.append(self._site(TARGET, target, self._lines.segment(target)))
        else:
            kind = self._result_kind(statement)
            probes.append(self._site(kind, statement.value, anchor=statement))
        self._gate = gate
        return replaced(statement, value=self._branches(statement.value, probes))

    def _branches(self, value: ast.expr, probes: List[int]) -> ast.expr:
        if isinstance(value, ast.IfExp):
            return replaced(
                value,
                test=self._header(value.test),
                body=self._branches(value.body, probes),
                orelse=self._branches(value.orelse, probes),
            )
        owner = self._registry.probes[probes[0]].gate
        self._gate = self._registry.new_gate(drives=True, owner=owner)
        off = self._lambdas(value)
        on = self._root(off, chain_root=True)
        for site in probes:
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
        self._registry.probes[seen].detailed = True
        site = self._site(TARGET, target, self._lines.segment(target), anchor, annotated)
        base = self._expression(target.value)
        numbers = [at(ast.Constant(site), base), at(ast.Constant(seen), base)]
        call = at(ast.Call(self._load(PROBE_STORE, base), [*numbers, base], []), target.value)
        return site, replaced(target, value=call, slice=self._expression(target.slice))

    def _augmented(self, statement: ast.AugAssign) -> Forms:
        value = self._expression(statement.value)
        if (
            not isinstance(statement.value, (ast.Name, ast.Constant, ast.Attribute))
            and value is statement.value
        ):
            value = self._operand(statement.value, value)
        target = statement.target
        after: List[ast.stmt] = []
        kept_after: List[ast.stmt] = []
        if isinstance(target, ast.Name):
            site = self._name_site(target)
            after.append(self._looks_at(site, target))
            kept_after.append(self._keeps(site, target))
        elif isinstance(target, ast.Attribute) and is_chain(target.value):
            site = self._site(TARGET, target, self._lines.segment(target))
            after.append(self._field_probe(site, target, target.value, ast.Constant(target.attr)))
        elif (
            isinstance(target, ast.Subscript)
            and is_chain(target.value)
            and self._is_settled(target.slice, statement.value)
        ):
            site = self._site(TARGET, target, self._lines.segment(target))
            key = ast.Tuple([target.slice], ast.Load())
            after.append(self._field_probe(site, target, target.value, key))
        if value is statement.value and not after:
            return Forms(None, [statement])
        watched = [replaced(statement, value=value), *after]
        narrow = [statement, *kept_after]
        return Forms(watched, narrow, self._late(statement, after), bool(kept_after))

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
