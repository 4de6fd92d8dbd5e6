"""One text of a program: its steps, and how their statements are instrumented and compiled."""

from __future__ import annotations
import __future__

import ast
import types
from typing import List, Mapping, Optional, Sequence, Set

from ..instrument import resumable_functions
from ..instrument.instrument import Instrumenter
from ..instrument.probe_registry import ProbeRegistry
from ..syntax import notebook
from ..syntax.program import Program
from ..syntax.steps import steps


class ProgramText:
    """A program's text. With `splits`, functions that a step calls are resumable.

    The registries that its methods take are those that number the probes, by piece: piece 0 for
    everything but the rests of resumable functions.
    """

    def __init__(self, program: Program, splits: bool) -> None:
        self.program = program
        self.steps = steps(program.tree)
        self._flags = _future_flags(program.tree) | notebook.flags(program.path)
        self._resumable = self._find_resumable() if splits else set()

    def _find_resumable(self) -> Set[str]:
        called = {resumable_functions.called_by(step.statement) for step in self.steps}
        found = set()
        for name in called:
            index = self.definition_of(name) if name is not None else None
            if index is not None and resumable_functions.may_be_split(self.steps[index].statement):
                found.add(str(name))
        return found

    def definition_of(self, name: str) -> Optional[int]:
        """Return the index of the step that defines a function, if there is exactly one."""
        found = [
            index
            for index, step in enumerate(self.steps)
            if isinstance(step.statement, ast.FunctionDef) and step.statement.name == name
        ]
        return found[0] if len(found) == 1 else None

    def instrumented(
        self, statement: ast.stmt, registries: Mapping[int, ProbeRegistry], shallow: bool
    ) -> List[ast.stmt]:
        """Put probes into a statement; `shallow`: not into its sub-expressions."""
        if isinstance(statement, ast.FunctionDef) and statement.name in self._resumable:
            return [self.pieces(statement, registries, shallow).whole()]
        instrumenter = Instrumenter(self.program.path, self.program.lines, registries[0])
        return instrumenter.statement(statement, shallow)

    def pieces(
        self, function: ast.FunctionDef, registries: Mapping[int, ProbeRegistry], shallow: bool
    ) -> resumable_functions.FunctionPieces:
        """Put probes into a resumable function, statement by statement."""
        path, lines = self.program.path, self.program.lines
        return resumable_functions.instrument_pieces(path, lines, function, registries, shallow)

    def compile(self, body: Sequence[ast.stmt]) -> types.CodeType:
        """Compile statements as code of this program, with its `__future__` imports in force."""
        code: types.CodeType = compile(
            ast.Module(list(body), []),
            self.program.path,
            "exec",
            flags=self._flags,
            dont_inherit=True,
        )
        return code


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags
