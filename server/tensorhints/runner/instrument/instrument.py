"""AST in, AST out: which expressions of a program are probed. Every source position is kept.

A straight run of simple statements `S` becomes `if gate: S′ else: S`, where `S′` carries probes:
calls of one function that looks at a value and returns it. A gate is a name in `builtins`, so that
the module's own namespace stays as the program made it. While a gate is closed, the program costs
one look-up more than before.

Sub-trees are shared between `S` and `S′`: nothing of the original tree is changed or copied.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple, Type, cast

from ..syntax.nodes import (
    at,
    calls,
    capture_name,
    docstring_length,
    first_line,
    is_chain,
    is_constant_expression,
    last_bound,
    parameters,
    prologue_length,
    replaced,
    statement_drives,
)
from ..syntax.program import Lines
from .context import Context
from .expressions import Expressions
from .probe_nodes import ProbeNodes, as_statement, before
from .probe_registry import ProbeRegistry
from .statements import Forms, SimpleStatements

_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)


class Instrumenter:
    """Instruments one file: `module` a whole one, `statement` one top-level statement of it.

    It has a method for each kind of compound statement. It is not divided further: these methods
    share the three rewriters (nodes, expressions, simple statements) and the dispatch table, and
    rewrite nested suites through it.
    """

    def __init__(self, path: str, lines: Lines, registry: ProbeRegistry) -> None:
        self._registry = registry
        self._nodes = ProbeNodes(path, lines, registry)
        self._expressions = Expressions(self._nodes)
        self._simple = SimpleStatements(self._nodes, self._expressions)
        self._compound: Dict[Type[ast.AST], Callable[[Context, Any], ast.stmt]] = {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while_or_if,
            ast.If: self._while_or_if,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.AnnAssign: self._simple.annotated,
            ast.Assert: self._assert,
        }
        for name, rewrite in (("TryStar", self._try), ("Match", self._match)):
            if hasattr(ast, name):  # Python 3.11 and 3.10
                self._compound[getattr(ast, name)] = rewrite

    def statement(self, statement: ast.stmt, shallow: bool = False) -> List[ast.stmt]:
        """Return the statements to run in place of one top-level statement.

        `shallow`: without probes inside of expressions, for a statement that is nested too deeply
        to be rewritten. Raises `RecursionError`.
        """
        return self._with_global(Context(shallow=shallow), [statement])

    def module(self, tree: ast.Module) -> ast.Module:
        """Return a module to run in place of `tree`. Raises `RecursionError`."""
        start = prologue_length(tree.body)
        rest = tree.body[start:]
        if not rest:
            return tree
        return ast.Module(tree.body[:start] + self._with_global(Context(), rest), tree.type_ignores)

    # ---- suites ------------------------------------------------------------------------------

    def _with_global(self, context: Context, statements: List[ast.stmt]) -> List[ast.stmt]:
        """Rewrite a module or class body; declare the names that it loads `global`.

        Their look-up is then cached, and a class body's own namespace is never asked for them.
        """
        names = set()  # type: ignore[var-annotated]
        body = self.body(context._replace(global_names=names), statements)
        if names:
            body = [at(ast.Global(sorted(names)), statements[0]), *body]
        return body

    def body(
        self, context: Context, statements: Sequence[ast.stmt], first: Sequence[Forms] = ()
    ) -> List[ast.stmt]:
        """Rewrite a suite.

        `first` are the forms of what is looked at before its first statement, behind the context's
        gate, which also guards the first run of statements. A run ends with the first statement
        that may run other code of the program: what that code shows can reopen the gate, so the
        next statement tests a gate again.
        """
        result: List[ast.stmt] = []
        run: List[Forms] = list(first)
        off: List[ast.stmt] = []
        gate = context.gate if first else -1

        def close() -> None:
            nonlocal run, off, gate
            if any(forms.probed is not None for forms in run):
                result.extend(self._gated(context, gate, run, off))
            else:
                result.extend(off)
            run, off, gate = [], [], -1

        for statement in statements:
            if not isinstance(statement, _SIMPLE) or is_constant_expression(statement):
                close()
                rewrite = self._compound.get(type(statement))
                result.append(statement if rewrite is None else rewrite(context, statement))
                continue
            if self._simple.chooses(statement):
                close()
                result.append(self._simple.choice(context, statement))
                continue
            drives = statement_drives(statement)
            if drives:
                close()
            if gate < 0:
                gate = self._registry.new_gate(drives)
            here = context.at_lines_of(statement).at_gate(gate)
            statement = self._expressions.with_lambdas(here, statement)
            forms = self._simple.forms(here, statement)
            run.append(forms)
            off += [statement, *forms.late]
            if drives or isinstance(statement, ast.Return) or calls(statement.value):
                close()
        close()
        return result

    def _gated(
        self, context: Context, gate: int, run: Sequence[Forms], off: List[ast.stmt]
    ) -> List[ast.stmt]:
        """Combine the forms of a run of statements, one for each state of the gate."""
        nodes = self._nodes
        on: List[ast.stmt] = []
        narrow: List[ast.stmt] = []
        for forms in run:
            on += forms.narrow if forms.probed is None else forms.probed
            narrow += forms.narrow
            narrow += [self._unless_narrow(context, gate, late) for late in forms.late]
        anchor = off[0] if off else on[0]
        if not context.repeats:
            # The gate cannot close before code that runs once: the other forms would be dead.
            return [as_statement(nodes.enter(context, gate, anchor)), *on]
        state = self._registry.gates[gate]
        state.narrows = not state.drives and any(forms.narrows for forms in run)
        if not state.narrows:
            return [at(ast.If(nodes.enters(context, gate, anchor), on, off), anchor)]
        entered = at(ast.If(nodes.enter(context, gate, anchor), on, off), anchor)
        choice = at(ast.If(nodes.is_narrow(context, gate, anchor), narrow, [entered]), anchor)
        return [at(ast.If(nodes.is_open(context, gate, anchor), [choice], off), anchor)]

    def _unless_narrow(self, context: Context, gate: int, late: Any) -> ast.stmt:
        """Post-statement probe, used only if the gate left its narrow state meanwhile."""
        test = at(ast.UnaryOp(ast.Not(), self._nodes.is_narrow(context, gate, late)), late)
        return at(ast.If(test, late.body, []), late)  # type: ignore[no-any-return]

    def _guarded(self, context: Context, on: List[ast.stmt]) -> ast.stmt:
        return at(ast.If(self._nodes.enters(context, context.gate, on[0]), on, []), on[0])

    # ---- compound statements -----------------------------------------------------------------

    def _for(self, context: Context, node: Any) -> ast.stmt:
        head = context._replace(statement_lines=_lines_of_head(node))
        iterable = self._expressions.iterable(head, node.iter)
        body = self._loop_body(head.repeated(), node)
        return replaced(node, iter=iterable, body=body, orelse=self.body(context, node.orelse))

    def _while_or_if(self, context: Context, node: Any) -> ast.stmt:
        head = context._replace(statement_lines=_lines_of_head(node))
        test = self._expressions.header(head, node.test)
        inner = context.repeated() if isinstance(node, ast.While) else context
        body = self.body(inner, node.body)
        return replaced(node, test=test, body=body, orelse=self.body(context, node.orelse))

    def _with(self, context: Context, node: Any) -> ast.stmt:
        head = context._replace(statement_lines=_lines_of_head(node))
        items, targets = [], []
        for item in node.items:
            manager = self._expressions.header(head, item.context_expr)
            items.append(ast.withitem(manager, item.optional_vars))
            if item.optional_vars is not None:
                targets.append(item.optional_vars)
        body = self._target_probes(head, targets) + self.body(context, node.body)
        return replaced(node, items=items, body=body)

    def _try(self, context: Context, node: Any) -> ast.stmt:
        handlers = [
            replaced(handler, body=self.body(context, handler.body)) for handler in node.handlers
        ]
        return replaced(
            node,
            body=self.body(context, node.body),
            handlers=handlers,
            orelse=self.body(context, node.orelse),
            finalbody=self.body(context, node.finalbody),
        )

    def _assert(self, context: Context, node: Any) -> ast.stmt:
        return replaced(node, test=self._expressions.header(context.at_lines_of(node), node.test))

    def _match(self, context: Context, node: Any) -> ast.stmt:
        subject = self._expressions.header(context.at_lines_of(node.subject), node.subject)
        cases = [self._case(context, case) for case in node.cases]
        return replaced(node, subject=subject, cases=cases)

    def _case(self, context: Context, case: Any) -> Any:
        """Captures are looked at in the guard if there is one: it may fail after binding them."""
        nodes = self._nodes
        captures = [
            capture_name(part, nodes.lines.identifier(part.end_lineno, part.end_col_offset, True))
            for part in ast.walk(case.pattern)
            if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name
        ]
        if case.guard is None and not captures:
            return replaced(case, body=self.body(context, case.body))
        head = context.at_lines_of(case.pattern).at_gate(self._registry.new_gate(drives=True))
        if case.guard is None:
            on = [nodes.look_at_after(head, nodes.new_name_probe(head, n), n) for n in captures]
            body = [self._guarded(head, on), *self.body(context, case.body)]
            return replaced(case, body=body)
        off = self._expressions.lambdas(head, case.guard)
        guard = self._expressions.expression(head, off)
        probes = [nodes.look_at(head, nodes.new_name_probe(head, n), n) for n in captures]
        guard = nodes.either(head, before(probes, guard, off), off)
        return replaced(case, guard=guard, body=self.body(context, case.body))

    def _class(self, context: Context, node: ast.ClassDef) -> ast.stmt:
        start = docstring_length(node.body)
        rest = node.body[start:]
        if not rest:
            return node
        body = self._with_global(context.in_class(node.name), rest)
        return replaced(node, body=node.body[:start] + body)

    def _function(self, context: Context, node: Any) -> ast.stmt:
        start = docstring_length(node.body)
        rest = node.body[start:] or [at(ast.Pass(), node.body[0])]
        inner = context.in_function(node.name).repeated()
        body = self.function_body(inner, node.args, rest)
        return replaced(node, body=node.body[:start] + body)

    def function_body(
        self, context: Context, arguments: ast.arguments, statements: Sequence[ast.stmt]
    ) -> List[ast.stmt]:
        """Rewrite the statements that a function begins with, looking at its parameters first."""
        found = parameters(arguments)
        if not found:
            return self.body(context, statements)
        context = context.at_gate(self._registry.new_gate())
        first = [self._parameter(context, argument, statements[0]) for argument in found]
        return self.body(context, statements, first)

    def _parameter(self, context: Context, argument: ast.arg, anchor: ast.stmt) -> Forms:
        probe: Any = self._nodes.parameter(context, argument, anchor)
        number, name = probe.args
        narrow = self._simple.read_number(context, number.value, name)
        return Forms([as_statement(probe, anchor)], [as_statement(narrow, anchor)], narrows=True)

    # ---- targets of loops and `with` ---------------------------------------------------------

    def _loop_body(self, context: Context, node: Any) -> List[ast.stmt]:
        if isinstance(node.target, ast.Name) and self._expressions.yields_numbers(node.iter):
            return self.body(context, node.body)
        return self._target_probes(context, [node.target]) + self.body(context, node.body)

    def _target_probes(self, context: Context, targets: Sequence[ast.expr]) -> List[ast.stmt]:
        """Look at the targets of a loop or `with` where its body begins."""
        found = last_bound([part for target in targets for part in _readable_targets(target)])
        if not found:
            return []
        nodes = self._nodes
        context = context.at_gate(self._registry.new_gate(drives=True))
        on: List[ast.stmt] = []
        for part in found:
            if isinstance(part, ast.Name):
                probe_id = nodes.new_name_probe(context, part)
                on.append(nodes.look_at_after(context, probe_id, part))
                continue
            if isinstance(part, ast.Attribute):
                key = ast.Constant(part.attr)
            else:
                key = ast.Constant(cast(Any, (part.slice.value,)))
            probe_id = nodes.new_target_probe(context, part)
            on.append(nodes.field(context, probe_id, part, part.value, key))
        return [self._guarded(context, on)]


def _lines_of_head(node: Any) -> Tuple[int, int]:
    """The lines (from 1) on which a loop's or `with`'s targets depend: not those of its body."""
    head = [getattr(node, name, None) for name in ("iter", "target", "test", "subject")]
    head += [item.context_expr for item in getattr(node, "items", ())]
    ends = [part.end_lineno for part in head if part is not None]
    last = max(node.lineno, min(first_line(node.body[0]) - 1, node.end_lineno))
    return node.lineno, max(ends) if ends else last


def _readable_targets(target: ast.expr) -> Iterator[Any]:
    """The parts of a target that can be read, once bound, without running code."""
    if isinstance(target, ast.Starred):
        yield from _readable_targets(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _readable_targets(element)
    elif isinstance(target, ast.Subscript):
        if isinstance(target.slice, ast.Constant) and is_chain(target.value):
            yield target
    elif isinstance(target, ast.Name) or is_chain(target):
        yield target
