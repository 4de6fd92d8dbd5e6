"""The names that a program's steps define and mention, for planning a resume, by syntax alone."""

from __future__ import annotations

import ast
from typing import Any, Collection, Dict, FrozenSet, List, Optional, Sequence

from ..instrument import resumable_functions
from ..syntax.definitions import Definition, Modules, definition, is_builtin, is_trusted
from ..syntax.mentions import mentions, stored
from ..syntax.program import Program
from ..syntax.steps import Step, steps


class OutlineStep:
    """A step of a program, with its text and the names that it mentions.

    `definition` is not `None` if the step only binds names: a function, a class, an import of
    modules that are imported already, or a constant.
    """

    def __init__(self, step: Step, program: Program, found: Optional[Definition]) -> None:
        self.step = step
        self.definition = found
        statement = step.statement
        decorators = getattr(statement, "decorator_list", ())
        first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        self.first_line = first
        lines = program.lines.lines[first - 1 : statement.end_lineno]
        self._text = (statement.col_offset, statement.end_col_offset, lines)
        self._dump: Optional[str] = None
        self._mentions: Optional[FrozenSet[str]] = None

    @property
    def names(self) -> Sequence[str]:
        """The names that it binds if it is a definition."""
        return tuple(self.definition.binds) if self.definition is not None else ()

    @property
    def mentions(self) -> FrozenSet[str]:
        """The names that it may refer to."""
        if self._mentions is None:
            self._mentions = mentions([self.step.statement])
        return self._mentions

    def may_contain(self, names: Collection[str]) -> bool:
        """Whether one of the names may occur in the text. Cheap; false is certain."""
        lines = self._text[2]
        # A name with non-ASCII letters has several spellings.
        return any(not line.isascii() or any(name in line for name in names) for line in lines)

    def has_same_code(self, other: OutlineStep) -> bool:
        """Whether both execute the same, apart from positions."""
        if (self.step.guard is None) is not (other.step.guard is None):
            return False
        return self._text == other._text or self._dumped() == other._dumped()

    def has_same_positions(self, other: OutlineStep) -> bool:
        """Whether both have the same text on the same lines."""
        return self.first_line == other.first_line and self._text == other._text

    def begins_like(self, other: OutlineStep, body_index: int) -> bool:
        """Whether two functions have equal text and lines before statement `body_index`."""
        one: Any = self.step.statement
        two: Any = other.step.statement
        end = one.body[body_index - 1].end_lineno
        if self.first_line != other.first_line or end != two.body[body_index - 1].end_lineno:
            return False
        length = end - self.first_line + 1
        return bool(self._text[2][:length] == other._text[2][:length])

    def _dumped(self) -> str:
        if self._dump is None:
            self._dump = ast.dump(self.step.statement)
        return self._dump


class ProgramOutline:
    """The steps of a program and its `__future__` imports."""

    def __init__(self, program: Program, modules: Modules) -> None:
        found = steps(program.tree)
        self.futures = frozenset(
            alias.name
            for step in found
            if isinstance(step.statement, ast.ImportFrom) and step.statement.module == "__future__"
            for alias in step.statement.names
        )
        lazy_annotations = "annotations" in self.futures
        self.steps = [
            OutlineStep(step, program, definition(step.statement, modules, lazy_annotations))
            for step in found
        ]
        if found and isinstance(found[0].statement, ast.Expr):
            self.steps[0].definition = None  # It may be the docstring.
        self._distrust_unknown_makers()

    def _distrust_unknown_makers(self) -> None:
        """Take out definitions that call something unknown, such as a decorator or a metaclass."""
        makers = {
            name
            for step in self.steps
            if step.definition is not None
            for name in step.definition.makers
        }
        trusted: Dict[str, bool] = {}
        for step in self.steps if makers else ():
            known = step.definition
            if known is not None and not all(
                trusted.get(name, is_builtin(name)) for name in known.makers
            ):
                known = step.definition = None
            if known is not None:
                is_class = isinstance(step.step.statement, ast.ClassDef)
                trusted.update({n: is_class or is_trusted(o) for n, o in known.binds.items()})
            elif step.may_contain(makers):
                trusted.update(dict.fromkeys(stored([step.step.statement]), False))

    def body_of(self, name: str) -> List[ast.stmt]:
        """Return the body of a resumable function; empty if `name` is not one."""
        found = [step.step.statement for step in self.steps if name in step.names]
        if len(found) != 1 or not resumable_functions.may_be_split(found[0]):
            return []
        return found[0].body  # type: ignore[attr-defined,no-any-return]
