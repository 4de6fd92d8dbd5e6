"""Exceptions of the learner's program and of checks as data: lines and short texts."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass
from typing import Dict, List, Optional

from ...model.messages import Run
from .expectations import type_name

_LONGEST_TEXT = 300
UNNAMED_CHECKS = "<checks>"
"""The file name of checks that were sent without one."""


@dataclass(frozen=True)
class ProgramError:
    """The exception that ended the program.

    Attributes:
        top_line: The line of the top-level statement that raised it, from 1.
        line: The innermost line of the program that it came through, from 1.
        exception: The name of its class.
        message: The first line of its text.
    """

    top_line: int
    line: int
    exception: str
    message: str


def program_error(error: BaseException, path: str) -> Optional[ProgramError]:
    """Describe an exception, or return `None` if it did not come through the file `path`."""
    lines = lines_in(error, path)
    if not lines:
        return None
    return ProgramError(lines[0], lines[-1], type_name(error), first_line(error))


def checks_error(error: BaseException, request: Run) -> Dict[str, str]:
    """Describe an exception of a checks file for its author: the text, and `FILE:LINE`."""
    name = os.path.basename(request.checks_path) or "checks.py"
    lines = lines_in(error, request.checks_path or UNNAMED_CHECKS)
    line = lines[-1] if lines else getattr(error, "lineno", None)
    first, kind = first_line(error), type_name(error)
    sentence = (f"{kind}: {first}" if first else kind)[:_LONGEST_TEXT]
    return {"error": sentence, "at": name if line is None else f"{name}:{line}"}


def lines_in(error: BaseException, path: str) -> List[int]:
    """Return the lines of a file in an exception's traceback, outermost first, from 1."""
    return [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == path
    ]


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's text; empty if its `__str__` raises."""
    try:
        return str(error).strip().partition("\n")[0][:_LONGEST_TEXT]
    except Exception:
        return ""
