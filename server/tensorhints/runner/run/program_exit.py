"""Describes an exit with a status: why the program, or its argument parser, ended it."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterator, Tuple

from ...model.failures import Failure, ProgramExit

_PARSERS = frozenset(("absl", "argparse", "click", "docopt", "fire", "optparse", "typer"))
"""Modules and packages that parse command-line arguments."""

_REASONS = {"argparse": "message", "optparse": "msg"}
"""The parameter of a parser's method `error`."""

_REASON_CHARACTERS = 2000


def with_exit(
    failure: Failure, error: SystemExit, status: int, printed: Tuple[str, ...]
) -> Failure:
    """Return the failure that describes an uncaught `SystemExit` as an exit."""
    scopes = list(_scopes(error))
    reason = next(filter(None, (_reason_of_parser(*scope) for scope in scopes)), "")
    if not reason and error.code is not None and not isinstance(error.code, int):
        reason = failure.message
    by_arguments = any(module in _PARSERS for module, _, _ in scopes)
    described = ProgramExit(status, reason[:_REASON_CHARACTERS], printed, by_arguments)
    return dataclasses.replace(failure, operation=None, inside=(), exit=described)


def _scopes(error: BaseException) -> Iterator[Tuple[str, str, Dict[str, Any]]]:
    """Yield the top-level module, the function and the variables of each frame, outermost first."""
    step = error.__traceback__
    while step is not None:
        frame = step.tb_frame
        module = str(frame.f_globals.get("__name__")).partition(".")[0]
        yield module, frame.f_code.co_name, frame.f_locals
        step = step.tb_next


def _reason_of_parser(module: str, function: str, names: Dict[str, Any]) -> str:
    """Return the sentence that `argparse` or `optparse` prints after its usage."""
    message = names.get(_REASONS.get(module, "")) if function == "error" else None
    return message if type(message) is str else ""
