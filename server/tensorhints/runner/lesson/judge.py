"""Judges the learner's program by one check at a time."""

from __future__ import annotations

import ast
import types
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ...model.messages import Run
from ...model.verdicts import (
    CANNOT_CHECK,
    CORRECT,
    ERROR_IN_YOUR_CODE,
    INCORRECT,
    MISSING,
    NOT_ATTEMPTED,
    VerdictKind,
    VerdictWord,
)
from ..syntax.program import Program
from .bindings import Bindings, owners
from .declared import DeclaredCheck, load_checks
from .errors import UNNAMED_CHECKS, ProgramError, checks_error, first_line, lines_in
from .expectations import Difference, type_name
from .rerun import Rerun, reset_global_state


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check and its reason. `line` is a line of the program, from 0."""

    verdict: VerdictWord
    kind: Optional[VerdictKind] = None
    fields: Mapping[str, str] = field(default_factory=dict)
    line: Optional[int] = None


class TimeIsUp(BaseException):
    """The time limit of a check has passed while `line` (from 1) of the program ran."""

    def __init__(self, line: Optional[int]) -> None:
        super().__init__()
        self.line = line


class Judge:
    """Applies checks to a program that has ended.

    `namespace` holds what the program's names are bound to, `error` the exception that ended it.
    """

    def __init__(
        self,
        request: Run,
        program: Program,
        namespace: Dict[str, Any],
        error: Optional[ProgramError],
        declared: Sequence[DeclaredCheck],
    ) -> None:
        self.path = program.path
        self._request = request
        self._namespace = namespace
        self._error = error
        self._declared = declared
        # Parsed again: instrumentation may have moved nodes out of the program's own tree.
        tree = ast.parse(program.source, program.path)
        self._bindings = Bindings(tree)
        self._stopped_at = None if error is None else self._bindings.index_at(error.top_line)
        end = len(tree.body) if self._stopped_at is None else self._stopped_at
        self._rerun = Rerun(tree, self._bindings, program.path, end)

    # ---- before any code runs

    def verdict_by_names(self, check: DeclaredCheck) -> Optional[CheckResult]:
        """Return the verdict if missing names decide it, `None` if the check has to run."""
        missing = [
            name for name in check.needs if name not in check.varied and self._is_missing(name)
        ]
        if not missing:
            return None
        error = self._error
        if error is not None and self._stopped_at is not None:
            failing = owners(self._bindings, self._stopped_at, self._answer_names())
            for name in missing:
                if name in failing and name in self._answers(check):
                    fields = {"name": name, "exception": error.exception, "error": error.message}
                    return CheckResult(ERROR_IN_YOUR_CODE, "exception", fields, error.line - 1)
        return CheckResult(NOT_ATTEMPTED, MISSING, {"name": missing[0]}, self._line(missing[0]))

    def _is_missing(self, name: str) -> bool:
        """Whether a name is unbound, still `...`, or a function or class without a body."""
        value = self._namespace.get(name, ...)
        if value is ...:
            return True
        is_definition = isinstance(value, (types.FunctionType, type))
        return is_definition and self._bindings.is_unwritten(name)

    def _answer_names(self) -> Dict[str, Tuple[str, ...]]:
        """The names that the learner binds, by a check's id."""
        if self._request.answer_names:
            return self._request.answer_names
        return {check.id: self._answers(check) for check in self._declared}

    def _answers(self, check: DeclaredCheck) -> Tuple[str, ...]:
        """The learner's answers among the names that a check needs."""
        names = self._request.answer_names.get(check.id, ())
        named = tuple(name for name in check.needs if name in names)
        return named or tuple(name for name in check.needs if name not in check.varied)

    def _subject(self, check: DeclaredCheck) -> str:
        """The name that a verdict is about."""
        answers = self._answers(check)
        return answers[-1] if answers else ""

    def _line(self, name: str) -> Optional[int]:
        """The line, from 0, of the last executed statement that binds a name."""
        line = self._bindings.line(name, self._stopped_at)
        return None if line is None else line - 1

    # ---- in a process that may be lost

    def judge(self, check: DeclaredCheck) -> CheckResult:
        """Run a check. Arbitrary code runs; only what ends the process is raised."""
        try:
            reset_global_state()
            path = self._request.checks_path or UNNAMED_CHECKS
            loaded = load_checks(self._request.checks or "", path)[check.id]
        except Exception as error:
            return CheckResult(CANNOT_CHECK, "broken", checks_error(error, self._request))
        try:
            if check.varied:
                arguments = self._rerun.arguments(check, loaded, self._answers(check))
                reset_global_state()
            else:
                arguments = {name: self._namespace[name] for name in check.needs}
            absent = [name for name in check.needs if arguments.get(name, ...) is ...]
            if absent:
                fields = {"name": absent[0]}
                return CheckResult(NOT_ATTEMPTED, MISSING, fields, self._line(absent[0]))
            loaded.body(**arguments)
        except Difference as difference:
            return self._differs(check, difference)
        except BaseException as error:
            return self._raised(check, error)
        return CheckResult(CORRECT, line=self._line(self._subject(check)))

    def _differs(self, check: DeclaredCheck, difference: Difference) -> CheckResult:
        name = difference.fields.get("name", "").partition(".")[0].partition("[")[0]
        return CheckResult(
            NOT_ATTEMPTED if difference.kind == MISSING else INCORRECT,
            difference.kind,
            difference.fields,
            self._line(name if name in check.needs else self._subject(check)),
        )

    def _raised(self, check: DeclaredCheck, error: BaseException) -> CheckResult:
        if isinstance(error, TimeIsUp):
            return self.out_of_time(check, error.line)
        lines = lines_in(error, self.path)
        if not lines:
            return CheckResult(CANNOT_CHECK, "broken", checks_error(error, self._request))
        fields = {
            "name": self._subject(check),
            "exception": type_name(error),
            "error": first_line(error),
        }
        return CheckResult(ERROR_IN_YOUR_CODE, "exception", fields, lines[-1] - 1)

    def out_of_time(self, check: DeclaredCheck, line: Optional[int]) -> CheckResult:
        """The verdict when time is up while `line` (from 1) of the program was running."""
        if line is None:
            return CheckResult(CANNOT_CHECK, "timeout")
        return CheckResult(ERROR_IN_YOUR_CODE, "endless", {"name": self._subject(check)}, line - 1)
