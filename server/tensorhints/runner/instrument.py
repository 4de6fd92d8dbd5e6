"""AST in, AST out: which places of a program are watched, and probes put there, positions kept.

A straight run of simple statements `S` becomes `if gate: S′ else: S`, where `S′` carries probes:
calls of one function that looks at a value and hands it on. A gate is a name in `builtins`, so that
the module's own namespace stays as the program made it; the names contain characters that no source
text can spell. Where a gate is off the program costs one look-up more than before.

Sub-trees are shared between `S` and `S′`: nothing of the original tree is changed or copied.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ..model.places import CHAIN, COMPREHENSION, EXPRESSION, PARAMETER, RETURN, TARGET, Place
from .program import Lines

PREFIX = ".tensorhints."
PROBE = ".tensorhints.probe"  # (site, value) -> value
PROBE_ITEM = ".tensorhints.item"  # (site, value) -> True, inside a comprehension
PROBE_PARTS = ".tensorhints.parts"  # (((site, path), …), value) -> value, for targets inside a tuple
PROBE_STORE = ".tensorhints.store"  # (site, rhs site, base) -> base, for `base[index] = value`
PROBE_FIELD = ".tensorhints.field"  # (site, base, attribute or key) after an augmented assignment
GATE = ".tensorhints.gate."

_FunctionNode = (ast.FunctionDef, ast.AsyncFunctionDef)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
_TRY = (ast.Try,) + ((ast.TryStar,) if hasattr(ast, "TryStar") else ())
_MATCH = getattr(ast, "Match", ())

OPERAND = "operand"
"""A site that no hint is drawn for: what it saw serves to explain a failure."""


@dataclass
class Site:
    """A probe's place. `place` is `None` for operands. `span` (lineno, col, end_lineno, end_col as
    in the tree) finds the value of a sub-expression again when a statement fails.
    """

    path: str
    gate: int
    span: Tuple[int, int, int, int]
    place: Optional[Place]
    detailed: bool = False


@dataclass
class Gate:
    """`drives`: the statement decides how the program goes on changing (loop targets, slices with
    variables, factories), so it stays watched once it has seen a tensor.
    """

    drives: bool


@dataclass
class Registry:
    """All sites and gates of a run, over all its files."""

    sites: List[Site] = field(default_factory=list)
    gates: List[Gate] = field(default_factory=list)

    def new_gate(self, drives: bool = False) -> int:
        self.gates.append(Gate(drives))
        return len(self.gates) - 1


class Instrumenter:
    """Instruments one file. `prepare` serves a whole module, `statement` one top-level statement."""

    def __init__(self, path: str, lines: Lines, registry: Registry) -> None:
        self._path = path
        self._lines = lines
        self._registry = registry
        self._scope: List[str] = []
        self._gate = 0
        self._lines_of_statement = (0, 0)
        self._shallow = False
        self._outer_names: List[set] = []  # of class bodies and of the module: needs `global`

    # ---- whole bodies -------------------------------------------------------------------------

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
            body = [_at(ast.Global(sorted(names)), node), *body]
        return body

    def _body(self, statements: Sequence[ast.stmt], prologue: Sequence[ast.stmt] = (), prologue_gate: int = -1) -> List[ast.stmt]:
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
            if isinstance(statement, _SIMPLE) and not _is_constant_expression(statement):
                drives = _drives(statement)
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
        return _at(node, anchor)

    def _gate_name(self, gate: int) -> str:
        return f"{GATE}{gate}"

    def _load(self, name: str, node: ast.AST) -> ast.Name:
        if self._outer_names and self._outer_names[-1] is not None:
            self._outer_names[-1].add(name)
        return _at(ast.Name(name, ast.Load()), node)

    # ---- sites ----------------------------------------------------------------------------------

    def _site(self, kind: str, node: Any, name: str = "", anchor: Any = None, annotated: bool = False) -> int:
        """A new site; `node` is what was seen, and the hint stands at the end of `anchor`."""
        sites = self._registry.sites
        span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        place = None
        if kind != OPERAND:
            end = anchor if anchor is not None else node
            line, column = self._lines.position(end.end_lineno, end.end_col_offset)
            first, last = self._lines_of_statement
            place = Place(
                len(sites), self._path, kind, name, self._lines.span(node), line, column,
                first - 1, last - 1, ".".join(self._scope), annotated,
            )  # fmt: skip
        sites.append(Site(self._path, self._gate, span, place, place is not None))
        return len(sites) - 1

    def _probe(self, site: int, value: ast.expr, name: str = PROBE) -> ast.expr:
        call = ast.Call(self._load(name, value), [_at(ast.Constant(site), value), value], [])
        return _at(call, value)

    def _probe_name(self, kind: str, target: ast.Name, probe: str = PROBE) -> ast.expr:
        """A probe that looks at what a name holds now."""
        site = self._site(kind, target, target.id)
        return self._probe(site, _at(ast.Name(target.id, ast.Load()), target), probe)

    def _after(self, call: ast.expr) -> ast.stmt:
        return _at(ast.Expr(call), call)

    # ---- simple statements ------------------------------------------------------------------------

    def _extent(self, node: Any) -> None:
        self._lines_of_statement = (node.lineno, node.end_lineno)

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
                return None if inner is value else [_replaced(statement, value=inner)]
        site = self._site(kind, value, anchor=statement)
        inner = self._root(value, chain_root=False)
        return [_replaced(statement, value=self._probe(site, inner))]

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
                    target = _replaced(target, value=self._expression(target.value))
                targets.append(target)
                watched = True
        if not watched:
            return None
        return [_replaced(statement, targets=targets, value=value), *after]

    def _parts_probe(self, parts: List[Tuple[int, Tuple[int, ...]]], value: ast.expr) -> ast.expr:
        table = _at(ast.Constant(tuple(parts)), value)
        return _at(ast.Call(self._load(PROBE_PARTS, value), [table, value], []), value)

    def _tuple_targets(self, target: ast.expr) -> Tuple[ast.expr, List[ast.Name], List[Tuple[int, Tuple[int, ...]]]]:
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
                star = next((i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)), None)
                elements = []
                for index, element in enumerate(node.elts):
                    inner = None
                    if path is not None and star != index:
                        after_star = star is not None and index > star
                        inner = (*path, index - len(node.elts) if after_star else index)
                    elements.append(walk(element, inner))
                return _replaced(node, elts=elements)
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
        numbers = [_at(ast.Constant(site), base), _at(ast.Constant(seen), base)]
        call = _at(ast.Call(self._load(PROBE_STORE, base), [*numbers, base], []), target.value)
        return _replaced(target, value=call, slice=self._expression(target.slice))

    def _augmented(self, statement: ast.AugAssign) -> Optional[List[ast.stmt]]:
        value = self._expression(statement.value)
        if not isinstance(statement.value, (ast.Name, ast.Constant, ast.Attribute)) and value is statement.value:
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
            key = ast.Constant((target.slice.value,))
            after.append(self._field_probe(site, target, target.value, key))
        if value is statement.value and not after:
            return None
        return [_replaced(statement, value=value), *after]

    def _field_probe(self, site: int, target: ast.expr, base: ast.Name, key: ast.Constant) -> ast.stmt:
        call = ast.Call(
            self._load(PROBE_FIELD, target),
            [_at(ast.Constant(site), target), _at(ast.Name(base.id, ast.Load()), target), _at(key, target)],
            [],
        )
        return self._after(_at(call, target))

    def _annotated(self, statement: ast.AnnAssign) -> ast.stmt:
        """Not doubled: only the value is gated, so that the annotation stands once."""
        value = statement.value
        if value is None or isinstance(value, (ast.Constant, ast.JoinedStr)):
            return statement
        self._extent(statement)
        self._gate = self._registry.new_gate(_drives(statement))
        off = self._lambdas(value)
        target = statement.target
        name = target.id if isinstance(target, ast.Name) else self._lines.segment(target)
        if isinstance(target, ast.Subscript):
            on = self._root(off, chain_root=True)
        else:
            site = self._site(TARGET, target, name, anchor=statement.annotation, annotated=True)
            on = self._probe(site, self._root(off, chain_root=True))
        return _replaced(statement, value=self._either(on, off))

    def _either(self, on: ast.expr, off: ast.expr) -> ast.expr:
        if on is off:
            return off
        return _at(ast.IfExp(self._load(self._gate_name(self._gate), off), on, off), off)

    def _header(self, value: ast.expr) -> ast.expr:
        """A condition or iterable: its sub-expressions are watched behind a gate of their own."""
        walrus = any(isinstance(node, ast.NamedExpr) for node in ast.walk(value))
        gate = self._gate = self._registry.new_gate(walrus or _drives_expression(value))
        off = self._lambdas(value)
        on = self._expression(off)
        self._gate = gate
        if on is off:
            return off
        return self._either(on, off)

    # ---- compound statements --------------------------------------------------------------------------

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
            return [_replaced(node, iter=iterable, body=body, orelse=self._body(node.orelse))]
        if isinstance(node, (ast.While, ast.If)):
            self._extent_of_head(node, node.body)
            test = self._header(node.test)
            return [_replaced(node, test=test, body=self._body(node.body), orelse=self._body(node.orelse))]
        if isinstance(node, (ast.With, ast.AsyncWith)):
            self._extent_of_head(node, node.body)
            items, targets = [], []
            for item in node.items:
                items.append(ast.withitem(self._header(item.context_expr), item.optional_vars))
                if item.optional_vars is not None:
                    targets.append(item.optional_vars)
            self._extent_of_head(node, node.body)
            return [_replaced(node, items=items, body=self._target_probes(targets) + self._body(node.body))]
        if isinstance(node, _TRY):
            handlers = [_replaced(handler, body=self._body(handler.body)) for handler in node.handlers]  # type: ignore[attr-defined]
            return [
                _replaced(
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
            return [_replaced(node, test=self._header(node.test))]
        return [node]

    def _extent_of_head(self, node: Any, body: Sequence[ast.stmt]) -> None:
        """A loop's target is void when the head changes, not when any line of its body does."""
        last = max(node.lineno, min(_first_line(body[0]) - 1, node.end_lineno))
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
            captures = [p for p in ast.walk(case.pattern) if getattr(p, "name", None) and isinstance(p, (ast.MatchAs, ast.MatchStar))]
            probes: List[ast.stmt] = []
            if captures:
                self._lines_of_statement = (case.pattern.lineno, case.pattern.end_lineno)
                gate = self._gate = self._registry.new_gate(drives=True)
                on: List[ast.stmt] = []
                for capture in captures:
                    name = _capture_name(capture)
                    on.append(self._after(self._probe_name(TARGET, name)))
                probes = [self._gated(gate, on, [])]
            cases.append(_replaced(case, body=probes + self._body(case.body)))
        return _replaced(node, subject=subject, cases=cases)

    def _class(self, node: ast.ClassDef) -> ast.stmt:
        self._scope.append(node.name)
        start = docstring_length(node.body)
        rest = node.body[start:]
        body = self._with_global(lambda: self._body(rest), rest[0]) if rest else []
        self._scope.pop()
        return _replaced(node, body=node.body[:start] + body)

    def _function(self, node: Any) -> ast.stmt:
        self._scope.append(node.name)
        outer, self._outer_names = self._outer_names, []
        try:
            start = docstring_length(node.body)
            rest = node.body[start:]
            probes: List[ast.stmt] = []
            gate = -1
            arguments = _parameters(node.args)
            if arguments and arguments[0].arg in ("self", "cls"):
                arguments = arguments[1:]
            if arguments:
                gate = self._gate = self._registry.new_gate()
                probes = [self._after(self._probe_parameter(argument)) for argument in arguments]
            body = self._body(rest, probes, gate)
        finally:
            self._outer_names = outer
            self._scope.pop()
        return _replaced(node, body=node.body[:start] + body)

    def _probe_parameter(self, argument: ast.arg) -> ast.expr:
        end_lineno = argument.annotation.end_lineno if argument.annotation is not None else argument.end_lineno
        self._lines_of_statement = (argument.lineno, end_lineno or argument.lineno)
        name = ast.Name(argument.arg, ast.Load())
        width = len(argument.arg.encode())
        ast.copy_location(name, argument)
        name.end_lineno, name.end_col_offset = argument.lineno, argument.col_offset + width
        annotation = argument.annotation
        site = self._site(PARAMETER, name, argument.arg, anchor=annotation, annotated=annotation is not None)
        return self._probe(site, name)

    # ---- expressions --------------------------------------------------------------------------------------

    def _root(self, value: ast.expr, chain_root: bool) -> ast.expr:
        """The whole of a right-hand side: its parts are watched, and the lines of a call chain; its
        own value already has a probe.
        """
        links = self._chain_links(value)
        if links:
            return self._chain(value, links, root=chain_root)
        return self._parts(value)

    def _chain_links(self, value: ast.expr) -> List[ast.expr]:
        """The links of a call chain that is broken over several lines, those that end a line."""
        links: List[ast.expr] = []
        node = value
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            links.append(node)
            node = node.func.value
            while isinstance(node, ast.Attribute):
                node = node.value
        if not links:
            return []
        links.append(node)
        links.reverse()
        ending = [
            link for link, following in zip(links, [*links[1:], None])
            if following is None or link.end_lineno != following.end_lineno
        ]  # fmt: skip
        return ending if len(ending) > 1 else []

    def _chain(self, value: ast.expr, links: List[ast.expr], root: bool) -> ast.expr:
        probed = {id(link): self._site(CHAIN, link) for link in links if root or link is not value}

        def visit(node: ast.expr) -> ast.expr:
            result = node
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                result = _replaced(
                    node,
                    func=_replaced(node.func, value=descend(node.func.value)),
                    args=[self._expression(argument) for argument in node.args],
                    keywords=[_replaced(k, value=self._expression(k.value)) for k in node.keywords],
                )
            else:
                result = self._expression(node)
            if id(node) in probed:
                return self._probe(probed[id(node)], result)
            if isinstance(node, ast.Call) and node is not value:
                return self._operand(node, result)
            return result

        def descend(node: ast.expr) -> ast.expr:
            if isinstance(node, ast.Attribute):
                return _replaced(node, value=descend(node.value))
            return visit(node)

        return visit(value)

    def _operand(self, node: ast.expr, value: ast.expr) -> ast.expr:
        return self._probe(self._site(OPERAND, node), value)

    def _expression(self, node: ast.expr) -> ast.expr:
        """A sub-expression with probes on calls, operators and subscripts."""
        if isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr, ast.Lambda)):
            return node
        if isinstance(node, ast.Call):
            links = self._chain_links(node)
            if links:
                return self._chain(node, links, root=True)
        inner = self._parts(node)
        if isinstance(node, (ast.Call, ast.BinOp)):
            return self._operand(node, inner)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            return self._operand(node, inner)
        return inner

    def _parts(self, node: ast.expr) -> ast.expr:
        """The node with probes inside it, none on itself."""
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return self._comprehension(node)
        if isinstance(node, ast.NamedExpr):
            value = self._expression(node.value) if not isinstance(node.value, ast.Call) else self._root(node.value, True)
            site = self._site(TARGET, node.target, node.target.id)
            return _replaced(node, value=self._probe(site, value))
        if isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr, ast.Lambda)):
            return node
        return self._mapped(node, self._expression)

    def _mapped(self, node: Any, change: Callable[[ast.expr], ast.expr]) -> Any:
        """The node with `change` made to the expressions right below it; itself if none changed."""
        if self._shallow:
            return node
        changes: Dict[str, Any] = {}
        for name in node._fields:
            old = getattr(node, name, None)
            if isinstance(old, ast.expr):
                new: Any = change(old)
                if new is not old:
                    changes[name] = new
            elif isinstance(old, list) and old:
                new = [
                    change(item) if isinstance(item, ast.expr)
                    else self._mapped(item, change) if isinstance(item, (ast.keyword, ast.Slice))
                    else item
                    for item in old
                ]  # fmt: skip
                if any(a is not b for a, b in zip(old, new)):
                    changes[name] = new
        return _replaced(node, **changes) if changes else node

    def _comprehension(self, node: Any) -> ast.expr:
        """Watched item by item behind a gate of its own: one comprehension may run for long."""
        outer_gate = self._gate
        outer_names = self._outer_names
        first, *others = node.generators
        first_iter = self._expression(first.iter)
        self._outer_names = []
        gate = self._gate = self._registry.new_gate(drives=False)
        generators = []
        for index, generator in enumerate([first, *others]):
            names = [
                n for n in ast.walk(generator.target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            ]
            probes = [self._probe_name(COMPREHENSION, name, PROBE_ITEM) for name in names]
            conditions = [
                _at(ast.IfExp(self._load(self._gate_name(gate), p), p, _at(ast.Constant(True), p)), p) for p in probes
            ]
            conditions += [self._either(self._expression(test), test) for test in generator.ifs]
            iterable = first_iter if index == 0 else self._either(self._expression(generator.iter), generator.iter)
            generators.append(_replaced(generator, iter=iterable, ifs=conditions))
        changes = {}
        for name in ("elt", "key", "value"):
            part = getattr(node, name, None)
            if part is not None:
                changes[name] = self._either(self._expression(part), part)
        self._gate = outer_gate
        self._outer_names = outer_names
        return _replaced(node, generators=generators, **changes)

    # ---- lambdas: they outlive their statement, so they are gated inside, in `S` and `S′` alike -------------

    def _with_lambdas(self, statement: Any) -> Any:
        self._extent(statement)
        gate = self._gate
        result = self._mapped(statement, self._lambdas)
        self._gate = gate
        return result

    def _lambdas(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Lambda):
            return self._lambda(node)
        if isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr)):
            return node
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return node
        return self._mapped(node, self._lambdas)

    def _lambda(self, node: ast.Lambda) -> ast.expr:
        outer_gate, outer_names = self._gate, self._outer_names
        self._outer_names = []
        self._gate = self._registry.new_gate()
        self._scope.append("<lambda>")
        off = self._lambdas(node.body)
        on = self._expression(off)
        probes = [self._probe_parameter_inline(argument) for argument in _parameters(node.args)]
        if probes:
            # (probe, …, body)[-1]: the parameters are looked at before the body runs.
            holder = _at(ast.Tuple([*probes, on], ast.Load()), off)
            on = _at(ast.Subscript(holder, _index(ast.Constant(len(probes)), off), ast.Load()), off)
        self._scope.pop()
        body = self._either(on, off)
        self._gate, self._outer_names = outer_gate, outer_names
        return _replaced(node, body=body)

    def _probe_parameter_inline(self, argument: ast.arg) -> ast.expr:
        extent = self._lines_of_statement
        call = self._probe_parameter(argument)
        self._lines_of_statement = extent
        return call


# ---- what a statement is like ---------------------------------------------------------------------------------


def docstring_length(body: Sequence[ast.stmt]) -> int:
    first = body[0] if body else None
    return int(
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )


def prologue_length(body: Sequence[ast.stmt]) -> int:
    """The docstring and the `__future__` imports: they must stay the first of their module."""
    count = docstring_length(body)
    while count < len(body):
        statement = body[count]
        if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        count += 1
    return count


_FACTORIES = frozenset(
    "ones zeros randn rand empty full arange randint linspace tensor as_tensor from_numpy eye load randperm".split()
)
_VARYING = frozenset("nonzero masked_select unique where narrow item get_batch split chunk sample".split())


def _drives(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return value is not None and _drives_expression(value)


def _drives_expression(value: ast.expr) -> bool:
    """Whether an expression can yield another size each time for reasons of its own."""
    for node in ast.walk(value):
        if isinstance(node, ast.Slice):
            bounds = (node.lower, node.upper, node.step)
            if any(b is not None and not isinstance(b, (ast.Constant, ast.UnaryOp)) for b in bounds):
                return True
        elif isinstance(node, ast.Subscript):
            if isinstance(node.slice, (ast.Name, ast.Compare)):
                return True
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "next" or name in _VARYING:
                return True
            if name in _FACTORIES:
                given = [*node.args, *(k.value for k in node.keywords if k.arg in (None, "size", "dtype", "device"))]
                if any(not isinstance(argument, ast.Constant) for argument in given):
                    return True
    return False


def _is_constant_expression(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _first_line(statement: ast.stmt) -> int:
    return min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])


def _parameters(arguments: ast.arguments) -> List[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args]
    found += [arguments.vararg] if arguments.vararg else []
    found += arguments.kwonlyargs
    found += [arguments.kwarg] if arguments.kwarg else []
    return found


def _capture_name(capture: Any) -> ast.Name:
    """The name that a pattern captures: it stands at the pattern's end."""
    name = ast.Name(capture.name, ast.Load())
    name.lineno = name.end_lineno = capture.end_lineno
    name.end_col_offset = capture.end_col_offset
    name.col_offset = capture.end_col_offset - len(capture.name.encode())
    return name


# ---- nodes ------------------------------------------------------------------------------------------------------


def _index(node: ast.expr, anchor: ast.AST) -> ast.expr:
    return _at(node, anchor)


def _at(node: Any, anchor: Any) -> Any:
    node.lineno, node.col_offset = anchor.lineno, anchor.col_offset
    node.end_lineno, node.end_col_offset = anchor.end_lineno, anchor.end_col_offset
    return node


def _replaced(node: Any, **changes: Any) -> Any:
    """A copy of a node with some fields changed, at the same position."""
    fields = {name: getattr(node, name) for name in node._fields if hasattr(node, name)}
    fields.update(changes)
    clone = type(node)(**fields)
    for name in node._attributes:
        if hasattr(node, name):
            setattr(clone, name, getattr(node, name))
    return clone


