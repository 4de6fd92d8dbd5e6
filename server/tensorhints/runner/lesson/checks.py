"""Runs a lesson's checks on the objects that the program left, and sends a verdict for each.

Nothing here knows steps or sentences: a verdict is data about one check.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from ...model.messages import CheckVerdict, Run
from ...model.verdicts import CANNOT_CHECK
from ..syntax.program import Program
from .declared import declared_checks
from .errors import ProgramError, checks_error
from .isolation import judge_all
from .judge import Judge


def run_checks(
    request: Run,
    program: Program,
    namespace: Dict[str, Any],
    error: Optional[ProgramError],
    seconds: float,
    send: Callable[[object], None],
) -> None:
    """Judge `namespace` by the checks of the request and send a verdict for each.

    `error` is the exception that ended the program, `seconds` is how long it ran. The namespace and
    the program's output stay as they are.
    """
    assert request.checks is not None
    run = request.run
    try:
        declared = declared_checks(request.checks)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        send(CheckVerdict(run, "", CANNOT_CHECK, "broken", checks_error(problem, request)))
        return
    if request.device == "simulated":
        for check in declared:
            send(CheckVerdict(run, check.id, CANNOT_CHECK, "simulated"))
        return
    judge = Judge(request, program, namespace, error, declared)
    for check, found, took in judge_all(judge, declared, seconds):
        fields = dict(found.fields)
        send(
            CheckVerdict(
                run, check.id, found.verdict, found.kind, fields, found.line, round(took, 6)
            )
        )
