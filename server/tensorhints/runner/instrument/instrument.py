"""AST in, AST out: which places of a program are watched, and probes put there, positions kept.

A straight run of simple statements `S` becomes `if gate: S′ else: S`, where `S′` carries probes:
calls of one function that looks at a value and hands it on. A gate is a name in `builtins`, so that
the module's own namespace stays as the program made it; the names contain characters that no source
text can spell. Where a gate is off the program costs one look-up more than before.

Sub-trees are shared between `S` and `S′`: nothing of the original tree is changed or copied.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Sequence, cast

from ...model.locations import TARGET
from ..syntax.nodes import (
    at,
    calls,
    calls_range,
    capture_name,
    docstring_length,
    first_line,
    is_chain,
    is_constant_expression,
    parameters,
    prologue_length,
    replaced,
    statement_drives,
)
from .statements import Forms, StatementProbes

_FunctionNode = (ast.FunctionDef, ast.AsyncFunctionDef)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
_TRY = (ast.Try,) + ((ast.TryStar,) if hasattr(ast, "TryStar") else ())
_MATCH = getattr(ast, "Match", ())


class Instrumenter(StatementProbes):
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

    def _body(self, statements: Sequence[ast.stmt], first: Sequence[Forms] = ()) -> List[ast.stmt]:
        """A suite. `first` are the forms of what is looked at before its first statement, behind
        the current gate, which also guards the first run of statements.

        A run of statements ends with the first that may run other code of the program: what that
        code shows can open the gate again, which is asked for anew after it.
        """
        result: List[ast.stmt] = []
        run: List[Forms] = list(first)
        off: List[ast.stmt] = []
        gate = self._gate if first else -1

        def close() -> None:
            nonlocal run, off, gate
            if any(forms.watched is not None for forms in run):
                result.extend(self._gated(gate, run, off))
            else:
                result.extend(off)
            run, off, gate = [], [], -1

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
            forms = self._simple(statement)
            run.append(forms)
            off += [statement, *forms.late]
            if drives or isinstance(statement, ast.Return) or calls(statement.value):
                close()
        close()
        return result

    def _gated(self, gate: int, run: Sequence[Forms], off: List[ast.stmt]) -> List[ast.stmt]:
        """The statements of a run in their forms, one for each state of the gate."""
        on: List[ast.stmt] = []
        narrow: List[ast.stmt] = []
        for forms in run:
            on += forms.narrow if forms.watched is None else forms.watched
            narrow += forms.narrow
            narrow += [self._unless_narrow(gate, late) for late in forms.late]
        anchor = off[0] if off else on[0]
        if not self._repeats:
            # Gone through once, with patience left: the other forms would never be entered.
            return [self._after(self._enter(gate, anchor)), *on]
        known = self._registry.gates[gate]
        known.narrows = not known.drives and any(forms.narrows for forms in run)
        if not known.narrows:
            return [at(ast.If(self._enters(gate, anchor), on, off), anchor)]
        entered = at(ast.If(self._enter(gate, anchor), on, off), anchor)
        choice = at(ast.If(self._is_narrow(gate, anchor), narrow, [entered]), anchor)
        return [at(ast.If(self._is_open(gate, anchor), [choice], off), anchor)]

    def _unless_narrow(self, gate: int, late: Any) -> ast.stmt:
        """What looks late, for where the gate was narrow before the statement and is not after."""
        test = at(ast.UnaryOp(ast.Not(), self._is_narrow(gate, late)), late)
        return at(ast.If(test, late.body, []), late)  # type: ignore[no-any-return]

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
            with self._repeated():
                body = self._loop_body(node)
            return [replaced(node, iter=iterable, body=body, orelse=self._body(node.orelse))]
        if isinstance(node, (ast.While, ast.If)):
            self._extent_of_head(node, node.body)
            test = self._header(node.test)
            with self._repeated(self._repeats or isinstance(node, ast.While)):
                body = self._body(node.body)
            return [replaced(node, test=test, body=body, orelse=self._body(node.orelse))]
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

    def _loop_body(self, node: Any) -> List[ast.stmt]:
        if isinstance(node.target, ast.Name) and calls_range(node.iter):
            # An integer, as good as surely: it needs no gate of its own.
            self._gate = self._registry.new_gate()
            site = self._name_site(node.target)
            return self._body(node.body, [self._looked_at(site, node.target)])
        return self._target_probes([node.target]) + self._body(node.body)

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
        return [self._guarded(gate, on)]

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
            return replaced(case, body=[self._guarded(gate, on), *self._body(case.body)])
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
        with self._repeated():
            body = self._body(rest, self._parameters(node.args, rest[0]))
        self._outer_names, self._in_class_body = outer, in_class_body
        self._scope.pop()
        return replaced(node, body=node.body[:start] + body)

    def _parameters(self, arguments: ast.arguments, anchor: ast.stmt) -> List[Forms]:
        found = parameters(arguments)
        if found:
            self._gate = self._registry.new_gate()
        return [self._looked_at_parameter(argument, anchor) for argument in found]

    def _looked_at_parameter(self, argument: ast.arg, anchor: ast.stmt) -> Forms:
        probe: Any = self._probe_parameter(argument, anchor)
        site, name = probe.args
        kept = self._after(self._kept(site.value, name), anchor)
        return Forms([self._after(probe, anchor)], [kept], narrows=True)

    def _guarded(self, gate: int, on: List[ast.stmt]) -> ast.stmt:
        return at(ast.If(self._enters(gate, on[0]), on, []), on[0])

    @contextmanager
    def _repeated(self, repeated: bool = True) -> Iterator[None]:
        """What is built here may be gone through more than once."""
        before, self._repeats = self._repeats, repeated
        yield
        self._repeats = before


def _stored(target: ast.expr) -> Iterator[Any]:
    """What a loop's target binds, as far as it can be looked at without running code."""
    if isinstance(target, ast.Starred):
        yield from _stored(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _stored(element)
    elif isinstance(target, ast.Subscript):
        if isinstance(target.slice, ast.Constant) and is_chain(target.value):
            yield target
    elif isinstance(target, ast.Name) or is_chain(target):
        yield target
