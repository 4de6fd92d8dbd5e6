"""Answers to questions that only real values could answer: which way at a branch, how often.

A question asked again at the same place is answered yes, no, yes, yes, no, no, … in runs that grow,
so that a program sees both ways and every loop that waits for an answer, or for so many of one in a
row, ends.
"""

from __future__ import annotations

import os
import sys
import types
from typing import Dict, Final, Optional, Set, Tuple

import torch

from .marks import course

ENOUGH = 5_000
"""Questions at one place after which the run stops: it does not end by itself."""

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
# What merely hands a call of the program's on.
_PLUMBING = (
    _OWN,
    *(
        os.path.join(_TORCH, *part.split("/"))
        for part in (
            "_tensor.py", "overrides.py", "_compile.py", "_ops.py", "utils/_stats.py",
            "_dynamo/eval_frame.py", "_subclasses/", "_jit_internal.py",
        )
    ),
)  # fmt: skip

_Site = Tuple[str, int, int]


NEEDS_REAL_VALUES: Final = "needs-real-values"
"""The code of the sentence for it."""


class NeedsRealValues(RuntimeError):
    """The program cannot go on without the values that nobody computed."""

    __module__ = "builtins"  # it is told by its bare name

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs real values, which the simulated device does not compute")


class Answers:
    def __init__(self) -> None:
        self._asked: Dict[_Site, int] = {}
        self._expected: Dict[Tuple[str, int], bool] = {}
        self._tried: Set[Tuple[str, int]] = set()

    def expect(self, path: str, lines: Set[int], answer: bool) -> None:
        """Any other answer there would end the program: at an `assert`, at an `if` that raises."""
        for line in lines:
            self._expected[path, line] = answer

    def expect_caught(self, path: str, lines: Set[int]) -> None:
        """What fails while one of these lines is executed may be caught: no end of the program."""
        self._tried.update((path, line) for line in lines)

    def may_be_caught(self) -> bool:
        """Whether the program goes on where what it does now fails."""
        if not self._tried or course.adrift:
            return False
        frame: Optional[types.FrameType] = sys._getframe(1)
        while frame is not None:
            if (frame.f_code.co_filename, frame.f_lineno) in self._tried:
                return True
            frame = frame.f_back
        return False

    def truth(self, likely: bool = True, steady: int = 0) -> bool:
        """Whether something unknown is true; the first `steady` answers are the likely one. From
        then on the program's way follows from a guess, unless the question is torch's own or the
        other answer would be its end.
        """
        frame = asking_frame()
        if frame is None:
            return likely
        path, line = frame.f_code.co_filename, frame.f_lineno
        expected = self._expected.get((path, line))
        if expected is not None:
            if self.may_be_caught():
                course.drift()
            return expected
        site = (path, line, frame.f_lasti)
        times = self._asked[site] = self._asked.get(site, 0) + 1
        if times > ENOUGH:
            raise NeedsRealValues(f"what line {line} asks again and again")
        course.drift()
        return likely if times <= steady or _run(times - steady) % 2 == 0 else not likely


def asking_frame() -> Optional[types.FrameType]:
    """The program's frame that asks; `None` where code of torch does, for ends of its own."""
    frame: Optional[types.FrameType] = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PLUMBING):
        frame = frame.f_back
    if frame is None or frame.f_code.co_filename.startswith(_TORCH):
        return None
    return frame


def _run(times: int) -> int:
    """The number of the run that the answer belongs to; their lengths are 1, 1, 2, 2, 4, 4, …"""
    run, length = 0, 1
    while times > length:
        times -= length
        run += 1
        if run % 2 == 0:
            length *= 2
    return run


answers = Answers()
