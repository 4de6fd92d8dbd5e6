"""Decides branches on values that nobody computed.

A question that is asked again at the same place is answered yes, no, yes, yes, no, no, … in
sequences of growing length. So a program takes both branches, and a loop that waits for an answer,
or for a number of equal answers in a row, ends.
"""

from __future__ import annotations

import os
import sys
import types
from typing import Dict, Final, Optional, Set, Tuple

import torch

from .taint import state

MOST_QUESTIONS = 5_000
"""Questions at one place after which the run is stopped: no answer seems to end it."""

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
# Code of torch that only forwards a call of the program.
_FORWARDING = (
    _OWN,
    *(
        os.path.join(_TORCH, *part.split("/"))
        for part in (
            "_tensor.py", "overrides.py", "_compile.py", "_ops.py", "utils/_stats.py",
            "_dynamo/eval_frame.py", "_subclasses/", "_jit_internal.py",
        )
    ),
)  # fmt: skip

_Line = Tuple[str, int]
_Instruction = Tuple[str, int, int]


NEEDS_REAL_VALUES: Final = "needs-real-values"
"""The code of the user message for `NeedsRealValues`."""


class NeedsRealValues(RuntimeError):
    """The program cannot continue without values that nobody computed."""

    __module__ = "builtins"  # so that tracebacks show its bare name

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs real values, which the simulated device does not compute")


class BranchAnswers:
    """Answers questions about unknown values, by the place in the program that asks."""

    def __init__(self) -> None:
        self._asked: Dict[_Instruction, int] = {}
        self._forced: Dict[_Line, bool] = {}
        self._handled: Set[_Line] = set()

    def force(self, path: str, lines: Set[int], answer: bool) -> None:
        """Always give this answer at these lines: the other one would end the program.

        An `assert` is such a place, and an `if` that raises.
        """
        for line in lines:
            self._forced[path, line] = answer

    def expect_handled(self, path: str, lines: Set[int]) -> None:
        """Note lines whose exceptions the program may catch."""
        self._handled.update((path, line) for line in lines)

    def may_be_caught(self) -> bool:
        """Whether the program may continue if the current operation raises."""
        if not self._handled or state.tainted:
            return False
        frame: Optional[types.FrameType] = sys._getframe(1)
        while frame is not None:
            if (frame.f_code.co_filename, frame.f_lineno) in self._handled:
                return True
            frame = frame.f_back
        return False

    def truth(self, likely: bool = True, steady: int = 0) -> bool:
        """Decide whether something unknown is true. The first `steady` answers are the likely one.

        The run is tainted from then on, unless torch itself asks or the answer is forced. Raises
        `NeedsRealValues` if the place has asked too often.
        """
        frame = program_frame()
        if frame is None:
            return likely
        path, line = frame.f_code.co_filename, frame.f_lineno
        forced = self._forced.get((path, line))
        if forced is not None:
            if self.may_be_caught():
                state.set_tainted()
            return forced
        instruction = (path, line, frame.f_lasti)
        times = self._asked[instruction] = self._asked.get(instruction, 0) + 1
        if times > MOST_QUESTIONS:
            raise NeedsRealValues(f"what line {line} asks again and again")
        state.set_tainted()
        return likely if times <= steady or _sequence(times - steady) % 2 == 0 else not likely


def program_frame() -> Optional[types.FrameType]:
    """Return the program's frame that asks, or `None` if torch asks for its own purposes."""
    frame: Optional[types.FrameType] = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_FORWARDING):
        frame = frame.f_back
    if frame is None or frame.f_code.co_filename.startswith(_TORCH):
        return None
    return frame


def _sequence(times: int) -> int:
    """Return which sequence of equal answers a question belongs to.

    The sequences have the lengths 1, 1, 2, 2, 4, 4, …
    """
    number, length = 0, 1
    while times > length:
        times -= length
        number += 1
        if number % 2 == 0:
            length *= 2
    return number


branch_answers = BranchAnswers()
