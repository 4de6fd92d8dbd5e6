"""Probes inside expressions: operands, call chains, comprehensions, lambdas.

Sub-trees are shared between the program's tree and the rewritten one; no node is changed in place.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, List, Optional

from ...model.locations import CHAIN, COMPREHENSION
from ..syntax.nodes import (
    at,
    calls,
    calls_range,
    copies_data,
    drives_expression,
    is_chain,
    last_bound,
    parameters,
    replaced,
    stored_names,
)
from .context import Context
from .probe_nodes import ProbeNodes, before
from .probe_registry import PROBE_ITEM

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)

_Rewrite = Callable[[Context, ast.expr], ast.expr]


class Expressions:
    """Rewrites expressions so that probes see their parts."""

    def __init__(self, nodes: ProbeNodes) -> None:
        self._nodes = nodes

    # ---- whole expressions -------------------------------------------------------------------

    def root(self, context: Context, value: ast.expr, chain_root: bool) -> ast.expr:
        """Probe the parts of a right-hand side, whose own value has a probe already.

        `chain_root`: the last line of a call chain gets a hint of its own.
        """
        links = _chain_links(value)
        if links:
            return self._chain(context, value, links, root=chain_root)
        return self._parts(context, value)

    def expression(self, context: Context, node: ast.expr) -> ast.expr:
        """Probe a sub-expression's calls, operators and subscripts."""
        if isinstance(node, (ast.Name, ast.Constant, ast.Lambda)):
            return node
        if isinstance(node, ast.JoinedStr) and not _binds(node):
            return node
        if isinstance(node, ast.Call):
            links = _chain_links(node)
            if links:
                return self._chain(context, node, links, root=True)
        inner = self._parts(context, node)
        if isinstance(node, (ast.Call, ast.BinOp)):
            return self._nodes.operand(context, node, inner)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            return self._nodes.operand(context, node, inner)
        return inner

    def header(self, context: Context, value: ast.expr) -> ast.expr:
        """Probe a condition or iterable behind a gate of its own."""
        walrus = any(isinstance(node, ast.NamedExpr) for node in ast.walk(value))
        gate = self._nodes.registry.new_gate(walrus or drives_expression(value))
        inner = context.at_gate(gate)
        off = self.lambdas(inner, value)
        return self._nodes.either(inner, self.expression(inner, off), off)

    def iterable(self, context: Context, value: ast.expr) -> ast.expr:
        """Probe what a loop iterates over; `range(…)` itself, and `len(…)` in it, yield numbers."""
        if not self.yields_numbers(value):
            return self.header(context, value)
        arguments = value.args  # type: ignore[attr-defined]
        changed = [
            argument if self._is_length(argument) else self.header(context, argument)
            for argument in arguments
        ]
        if all(new is old for new, old in zip(changed, arguments)):
            return value
        return replaced(value, args=changed)  # type: ignore[no-any-return]

    def yields_numbers(self, iterable: ast.expr) -> bool:
        """Whether a loop over an expression binds integers: it calls Python's own `range`."""
        return (
            calls_range(iterable)
            and self._nodes.lines.keeps_builtin("range")
            and not any(isinstance(a, ast.Starred) for a in iterable.args)  # type: ignore[attr-defined]
        )

    def _is_length(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "len"
            and self._nodes.lines.keeps_builtin("len")
            and len(node.args) == 1
            and is_chain(node.args[0])
        )

    def _parts(self, context: Context, node: ast.expr) -> ast.expr:
        """Probe what is inside of a node, but not the node itself."""
        if isinstance(node, _COMPREHENSIONS):
            return self._comprehension(context, node)
        if isinstance(node, ast.NamedExpr):
            value = (
                self.root(context, node.value, chain_root=True)
                if isinstance(node.value, ast.Call)
                else self.expression(context, node.value)
            )
            probe_id = self._nodes.new_name_probe(context, node.target)
            return replaced(node, value=self._nodes.probe(context, probe_id, value))
        if isinstance(node, (ast.Name, ast.Constant, ast.Lambda)):
            return node
        if isinstance(node, ast.JoinedStr):
            return self._mapped(context, node, self._walruses)
        if isinstance(node, ast.Call) and copies_data(node):
            # What is copied has the shape of the result, which is looked at anyway.
            return self._mapped(context, node, self._inside_of_subscript)
        return self._mapped(context, node, self.expression)

    def _inside_of_subscript(self, context: Context, node: ast.expr) -> ast.expr:
        """Probe an expression; of a subscript only its parts."""
        look = self._parts if isinstance(node, ast.Subscript) else self.expression
        return look(context, node)

    def _walruses(self, context: Context, node: ast.expr) -> ast.expr:
        """Probe only what is bound: positions inside of f-strings are not reliable."""
        if isinstance(node, ast.NamedExpr):
            return self._parts(context, node)
        return self._mapped(context, node, self._walruses)

    def _mapped(self, context: Context, node: Any, rewrite: _Rewrite) -> Any:
        """Rewrite the expressions right below a node; return the node itself if none changed."""
        if context.shallow:
            return node
        changes: Dict[str, Any] = {}
        for name in node._fields:
            old = getattr(node, name, None)
            if isinstance(old, ast.expr):
                new: Any = rewrite(context, old)
                if new is not old:
                    changes[name] = new
            elif isinstance(old, list) and old:
                new = [
                    rewrite(context, item) if isinstance(item, ast.expr)
                    else self._mapped(context, item, rewrite)
                    if isinstance(item, (ast.keyword, ast.Slice))
                    else item
                    for item in old
                ]  # fmt: skip
                if any(a is not b for a, b in zip(old, new)):
                    changes[name] = new
        return replaced(node, **changes) if changes else node

    # ---- call chains over several lines ------------------------------------------------------

    def _chain(
        self, context: Context, value: ast.expr, links: List[ast.expr], root: bool
    ) -> ast.expr:
        nodes = self._nodes
        probe_ids = {
            id(link): nodes.new_probe(context, CHAIN, link)
            for link in links
            if root or link is not value
        }

        def rewritten(node: ast.expr) -> ast.expr:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                result: ast.expr = replaced(
                    node,
                    func=replaced(node.func, value=below(node.func.value)),
                    args=[self.expression(context, argument) for argument in node.args],
                    keywords=[
                        replaced(keyword, value=self.expression(context, keyword.value))
                        for keyword in node.keywords
                    ],
                )
            else:
                result = self.expression(context, node)
            if id(node) in probe_ids:
                return nodes.probe(context, probe_ids[id(node)], result)
            if isinstance(node, ast.Call) and node is not value:
                return nodes.operand(context, node, result)
            return result

        def below(node: ast.expr) -> ast.expr:
            if isinstance(node, ast.Attribute):
                return replaced(node, value=below(node.value))
            return rewritten(node)

        return rewritten(value)

    # ---- comprehensions ----------------------------------------------------------------------

    def _comprehension(self, context: Context, node: Any) -> ast.expr:
        """Probe item by item behind a gate of its own: one comprehension may run for long."""
        nodes = self._nodes
        first_iter = self.expression(context, node.generators[0].iter)
        gate = nodes.registry.new_gate(drives_expression(node))
        inner = context._replace(gate=gate, global_names=None)
        generators = []
        for index, generator in enumerate(node.generators):
            conditions = self._item_probes(inner, generator.target, counts_pass=index == 0)
            conditions += [self._in_open_gate(inner, test) for test in generator.ifs]
            iterable = first_iter if index == 0 else self._in_open_gate(inner, generator.iter)
            generators.append(replaced(generator, iter=iterable, ifs=conditions))
        parts = {
            name: self._in_open_gate(inner, getattr(node, name))
            for name in ("elt", "key", "value")
            if getattr(node, name, None) is not None
        }
        return replaced(node, generators=generators, **parts)

    def _item_probes(self, context: Context, target: ast.expr, counts_pass: bool) -> List[ast.expr]:
        """Conditions that are always true and look at the names of a comprehension's target."""
        nodes, gate = self._nodes, context.gate
        conditions: List[ast.expr] = []
        for name in last_bound(stored_names(target)):
            probe_id = nodes.new_name_probe(context, name, COMPREHENSION)
            seen = nodes.look_at(context, probe_id, name, PROBE_ITEM)
            is_open = (
                nodes.enters(context, gate, name)
                if counts_pass and not conditions
                else nodes.is_open(context, gate, name)
            )
            conditions.append(at(ast.IfExp(is_open, seen, at(ast.Constant(True), name)), name))
        return conditions

    def _in_open_gate(self, context: Context, node: ast.expr) -> ast.expr:
        """Probe `node` while the current gate is open; the pass is counted elsewhere."""
        on = self.expression(context, node)
        if on is node:
            return node
        return at(ast.IfExp(self._nodes.is_open(context, context.gate, node), on, node), node)

    # ---- lambdas: they outlive their statement, so each has a gate inside, in every form ------

    def with_lambdas(self, context: Context, statement: Any) -> Any:
        """Instrument only the lambdas of a statement."""
        return self._mapped(context, statement, self.lambdas)

    def lambdas(self, context: Context, node: ast.expr) -> ast.expr:
        """Instrument only the lambdas of an expression."""
        if isinstance(node, ast.Lambda):
            return self._lambda(context, node)
        if isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr, *_COMPREHENSIONS)):
            return node
        return self._mapped(context, node, self.lambdas)

    def _lambda(self, context: Context, node: ast.Lambda) -> ast.expr:
        nodes = self._nodes
        gate = nodes.registry.new_gate(drives=calls(node.body))
        inner = context.in_function("<lambda>").at_gate(gate)
        off = self.lambdas(inner, node.body)
        on = self.expression(inner, off)
        probes = [nodes.parameter(inner, argument, off) for argument in parameters(node.args)]
        return replaced(node, body=nodes.either(inner, before(probes, on, off), off))


def _chain_links(value: ast.expr) -> List[ast.expr]:
    """The links of a call chain that end a line, if the chain spans more than one line."""
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
    following: List[Optional[ast.expr]] = [*links[1:], None]
    ending = [
        link
        for link, next_link in zip(links, following)
        if next_link is None or link.end_lineno != next_link.end_lineno
    ]
    return ending if len(ending) > 1 else []


def _binds(node: ast.expr) -> bool:
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(node))
