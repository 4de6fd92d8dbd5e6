"""Finds the lines of a program that were certainly never executed.

A gate is entered before its statements are executed for the first time. If it never was, neither
were its statements, nor what follows them in the same block. A block without a gate is left out.
"""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left
from typing import Any, Iterable, Iterator, List, Optional, Sequence, Tuple

from ..instrument.probe_registry import Probe

Lines = Tuple[int, int]
"""The first and the last of consecutive lines, from 0."""

_PROBED = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Their parts are executed at another time than the statement around them, or not at all.
_APART = (ast.Lambda, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NEVER_LEAVES = (ast.Pass, ast.Global, ast.Nonlocal, *_FUNCTIONS)


def unreached(
    tree: ast.Module,
    probes: Iterable[Probe],
    never_entered: Sequence[bool],
    *,
    in_functions: bool = True,
    ended_at: int = sys.maxsize,
    skipped: Sequence[Lines] = (),
) -> Tuple[Lines, ...]:
    """Return the ranges of lines that were not executed.

    `never_entered` has one entry per gate. Functions are left out unless `in_functions`: they may
    have run outside of this process's probes. At the top level, nothing after line `ended_at`
    (from 1) was executed, nor what begins inside one of the ranges `skipped` (from 0, exclusive).
    """
    search = _Search(probes, never_entered, in_functions, ended_at, skipped)
    return tuple(search.block(tree.body, is_top=True))


class _Search:
    def __init__(
        self,
        probes: Iterable[Probe],
        never_entered: Sequence[bool],
        in_functions: bool,
        ended_at: int,
        skipped: Sequence[Lines],
    ) -> None:
        self._probes = sorted((probe.span, not never_entered[probe.gate]) for probe in probes)
        self._starts = [span[:2] for span, _ in self._probes]
        self._in_functions = in_functions
        self._ended_at = ended_at
        self._skipped = skipped

    def block(self, body: Sequence[ast.stmt], *, is_top: bool) -> Iterator[Lines]:
        """The ranges in a suite. `is_top`: it is executed once, from top to bottom."""
        for index, statement in enumerate(body):
            if is_top and self._is_skipped(statement):
                yield _first_line(statement) - 1, (statement.end_lineno or statement.lineno) - 1
                continue
            is_past = is_top and statement.lineno > self._ended_at
            if is_past or self._was_entered(statement) is False:
                first = statement
                if not is_top and all(map(_never_leaves, body[:index])):
                    first = body[0]
                yield _first_line(first) - 1, (body[-1].end_lineno or body[-1].lineno) - 1
                return
            yield from self._inside(statement, is_top)

    def _is_skipped(self, statement: ast.stmt) -> bool:
        return any(first < statement.lineno - 1 < end for first, end in self._skipped)

    def _inside(self, statement: ast.stmt, is_top: bool) -> Iterator[Lines]:
        if isinstance(statement, _FUNCTIONS):
            if self._in_functions:
                yield from self.block(statement.body, is_top=False)
            return
        straight = is_top and isinstance(statement, ast.If)
        for field in ("body", "orelse", "finalbody"):
            yield from self.block(getattr(statement, field, ()), is_top=straight)
        parts: List[Any] = [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for part in parts:
            yield from self.block(part.body, is_top=False)

    def _was_entered(self, statement: ast.stmt) -> Optional[bool]:
        """Whether a statement was executed, or `None` if no gate can tell."""
        if not isinstance(statement, _PROBED):
            return None
        start = (statement.lineno, statement.col_offset)
        end = (statement.end_lineno or statement.lineno, statement.end_col_offset or 0)
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        entered = [was_entered for _, was_entered in self._probes[first:last]]
        if not entered:
            return None
        if any(entered):
            return True
        return None if any(isinstance(node, _APART) for node in ast.walk(statement)) else False


def _never_leaves(statement: ast.stmt) -> bool:
    """Whether the statement after this one is always executed, too."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, _NEVER_LEAVES) and not getattr(statement, "decorator_list", ())


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
