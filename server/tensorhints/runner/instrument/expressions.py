"""Probes inside expressions: operands, call chains, comprehensions, lambdas.

Sub-trees are shared between the program's tree and the rewritten one; no node is changed in place.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, List, Optional, Set

from ...model.locations import (
    CHAIN,
    COMPREHENSION,
    PARAMETER,
    TARGET,
    HintLocation,
    LocationKind,
)
from ..syntax.nodes import at, calls, drives_expression, parameters, replaced
from ..syntax.program import Lines
from .probe_registry import (
    ENTER,
    GATE,
    NARROW,
    OPERAND,
    PROBE,
    PROBE_ITEM,
    PROBE_LOCAL,
    Probe,
    ProbeKind,
    ProbeRegistry,
)


class ExpressionProbes:
    """Rewrites the expressions of one file. `_gate` is the gate that guards what is being built."""

    def __init__(self, path: str, lines: Lines, registry: ProbeRegistry) -> None:
        self._path = path
        self._lines = lines
        self._registry = registry
        self._scope: List[str] = []
        self._gate = 0
        self._lines_of_statement = (0, 0)
        self._shallow = False
        self._in_class_body = False
        self._repeats = False
        self._outer_names: List[Set[str]] = []  # of class bodies and of the module: needs `global`

    def _gate_name(self, gate: int) -> str:
        return f"{GATE}{gate}"

    def _is_open(self, gate: int, node: ast.AST) -> ast.expr:
        return self._load(self._gate_name(gate), node)

    def _is_narrow(self, gate: int, node: ast.AST) -> ast.expr:
        return self._load(f"{NARROW}{gate}", node)

    def _enters(self, gate: int, node: ast.AST) -> ast.expr:
        """`gate and enter(gate)`: the pass is counted."""
        tests = [self._is_open(gate, node), self._enter(gate, node)]
        return at(ast.BoolOp(ast.And(), tests), node)

    def _enter(self, gate: int, node: ast.AST) -> ast.expr:
        number = at(ast.Constant(gate), node)
        return at(ast.Call(self._load(ENTER, node), [number], []), node)

    def _load(self, name: str, node: ast.AST) -> ast.Name:
        if self._outer_names and self._outer_names[-1] is not None:
            self._outer_names[-1].add(name)
        return at(ast.Name(name, ast.Load()), node)

    # ---- sites -------------------------------------------------------------------------------

    def _site(
        self,
        kind: ProbeKind,
        node: Any,
        name: str = "",
        anchor: Any = None,
        annotated: bool = False,
    ) -> int:
        """A new site; `node` is what was seen, and the hint stands at the end of `anchor`."""
        probes = self._registry.probes
        span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        location = None
        if kind != OPERAND:
            end = anchor if anchor is not None else node
            line, column = self._lines.position(end.end_lineno, end.end_col_offset)
            first, last = self._lines_of_statement
            location = HintLocation(
                len(probes), self._path, kind, name, self._lines.span(node), line, column,
                first - 1, last - 1, ".".join(self._scope), annotated,
            )  # fmt: skip
        probes.append(Probe(self._path, self._gate, span, location, location is not None))
        return len(probes) - 1

    def _probe(self, site: int, value: ast.expr, name: str = PROBE) -> ast.expr:
        call = ast.Call(self._load(name, value), [at(ast.Constant(site), value), value], [])
        return at(call, value)

    def _probe_name(self, kind: LocationKind, target: ast.Name, probe: str = PROBE) -> ast.expr:
        """A probe that looks at what a name holds now."""
        site = self._site(kind, target, self._lines.identifier(target.lineno, target.col_offset))
        return self._look(site, target, probe)

    def _look(self, site: int, target: ast.Name, probe: str = PROBE) -> ast.expr:
        if self._in_class_body and probe == PROBE:
            # The body's namespace may be an object of the program's: it is not asked for names.
            arguments = [at(ast.Constant(site), target), at(ast.Constant(target.id), target)]
            return at(ast.Call(self._load(PROBE_LOCAL, target), arguments, []), target)
        return self._probe(site, at(ast.Name(target.id, ast.Load()), target), probe)

    def _after(self, call: ast.expr, anchor: Optional[ast.AST] = None) -> ast.stmt:
        return at(ast.Expr(call), anchor or call)

    def _extent(self, node: Any) -> None:
        self._lines_of_statement = (node.lineno, node.end_lineno)

    def _either(self, on: ast.expr, off: ast.expr) -> ast.expr:
        if on is off:
            return off
        return at(ast.IfExp(self._enters(self._gate, off), on, off), off)

    def _probe_parameter(self, argument: ast.arg, anchor: ast.AST) -> ast.expr:
        """Looks at a parameter; the code counts as part of `anchor`, where the body begins."""
        annotation = argument.annotation
        text = self._lines.identifier(argument.lineno, argument.col_offset)
        name = ast.copy_location(ast.Name(argument.arg, ast.Load()), argument)
        name.end_lineno = argument.lineno
        name.end_col_offset = argument.col_offset + len(text.encode())
        extent = self._lines_of_statement
        end = annotation if annotation is not None else argument
        self._lines_of_statement = (argument.lineno, end.end_lineno or argument.lineno)
        site = self._site(PARAMETER, name, text, annotation, annotated=annotation is not None)
        self._lines_of_statement = extent
        return self._probe(site, at(ast.Name(argument.arg, ast.Load()), anchor))

    # ---- expressions -------------------------------------------------------------------------

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
                result = replaced(
                    node,
                    func=replaced(node.func, value=descend(node.func.value)),
                    args=[self._expression(argument) for argument in node.args],
                    keywords=[replaced(k, value=self._expression(k.value)) for k in node.keywords],
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
                return replaced(node, value=descend(node.value))
            return visit(node)

        return visit(value)

    def _operand(self, node: ast.expr, value: ast.expr) -> ast.expr:
        return self._probe(self._site(OPERAND, node), value)

    def _expression(self, node: ast.expr) -> ast.expr:
        """A sub-expression with probes on calls, operators and subscripts."""
        if isinstance(node, (ast.Name, ast.Constant, ast.Lambda)):
            return node
        if isinstance(node, ast.JoinedStr) and not _binds(node):
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
            value = (
                self._expression(node.value)
                if not isinstance(node.value, ast.Call)
                else self._root(node.value, True)
            )
            site = self._site(
                TARGET,
                node.target,
                self._lines.identifier(node.target.lineno, node.target.col_offset),
            )
            return replaced(node, value=self._probe(site, value))
        if isinstance(node, (ast.Name, ast.Constant, ast.Lambda)):
            return node
        if isinstance(node, ast.JoinedStr):
            return self._mapped(node, self._walruses)
        return self._mapped(node, self._expression)

    def _walruses(self, node: ast.expr) -> ast.expr:
        """Only what is bound: positions inside of formatted strings are not all to be relied on."""
        if isinstance(node, ast.NamedExpr):
            return self._parts(node)
        return self._mapped(node, self._walruses)

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
        return replaced(node, **changes) if changes else node

    def _comprehension(self, node: Any) -> ast.expr:
        """Watched item by item behind a gate of its own: one comprehension may run for long."""
        outer_gate, outer_names = self._gate, self._outer_names
        first_iter = self._expression(node.generators[0].iter)
        self._outer_names = []
        gate = self._gate = self._registry.new_gate(drives_expression(node))
        generators = []
        for index, generator in enumerate(node.generators):
            names = [
                n
                for n in ast.walk(generator.target)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            ]
            conditions: List[ast.expr] = []
            for name in names:
                seen = self._probe_name(COMPREHENSION, name, PROBE_ITEM)
                counted = index == 0 and not conditions
                is_open = self._enters(gate, name) if counted else self._is_open(gate, name)
                conditions.append(at(ast.IfExp(is_open, seen, at(ast.Constant(True), name)), name))
            conditions += [self._in_open_gate(test) for test in generator.ifs]
            iterable = first_iter if index == 0 else self._in_open_gate(generator.iter)
            generators.append(replaced(generator, iter=iterable, ifs=conditions))
        parts = {
            name: self._in_open_gate(getattr(node, name))
            for name in ("elt", "key", "value")
            if getattr(node, name, None) is not None
        }
        self._gate, self._outer_names = outer_gate, outer_names
        return replaced(node, generators=generators, **parts)

    def _in_open_gate(self, node: ast.expr) -> ast.expr:
        """`node` with its probes while the current gate is open; the pass is counted elsewhere."""
        on = self._expression(node)
        if on is node:
            return node
        return at(ast.IfExp(self._is_open(self._gate, node), on, node), node)

    # ---- lambdas: they outlive their statement, so they are gated inside, in `S` and `S′` ----

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
        in_class_body, self._in_class_body = self._in_class_body, False
        self._outer_names = []
        self._gate = self._registry.new_gate(drives=calls(node.body))
        self._scope.append("<lambda>")
        off = self._lambdas(node.body)
        on = self._expression(off)
        probes = [self._probe_parameter(argument, off) for argument in parameters(node.args)]
        if probes:
            # (probe, …, body)[-1]: the parameters are looked at before the body runs.
            holder = at(ast.Tuple([*probes, on], ast.Load()), off)
            on = at(ast.Subscript(holder, at(ast.Constant(len(probes)), off), ast.Load()), off)
        self._scope.pop()
        body = self._either(on, off)
        self._gate, self._outer_names = outer_gate, outer_names
        self._in_class_body = in_class_body
        return replaced(node, body=body)


def _binds(node: ast.expr) -> bool:
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(node))
