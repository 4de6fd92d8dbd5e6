"""A resumed run equals a run from the start: in its hints, output, failure and state.

Random numbers are included.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Runner
from .resuming import ComparedEdits

pytestmark = pytest.mark.asyncio(loop_scope="session")


# ---- random programs and random edits ------------------------------------------------------------

BEGIN = """\
import eager
import random, sys
import numpy as np
import torch
from torch import nn
torch.manual_seed(3); random.seed(4); np.random.seed(5)
a = torch.randn(4, 3)
b = torch.ones(4, 3)
w = nn.Parameter(torch.randn(3, 2))
log = open("log.txt", "w+")
rows = []
def steps():
    for number in range(90):
        yield number
counter = steps()
"""

END = """\
log.seek(0); print(log.read())
import report; report.everything()
"""

STATEMENTS = (
    "a = a * {n} + b",
    "a += {n}",
    "b[{n} % 4] = {n}",
    "a = torch.cat([a, torch.randn(1, 3)]) if len(a) < {n} else a[:3]",
    "c = torch.rand(2, {n})",
    "a = a + random.random() * {n}",
    "b = b + np.random.rand(*b.shape) * {n}",
    "rows.append(next(counter) * {n})",
    "print('a', a.shape, {n})",
    "print({n}, file=sys.stderr)",
    "log.write('{n};')",
    "for i in range({n}):\n    a = a * 0.9\n    rows.append(i)",
    "d = [row + {n} for row in rows]",
    "e = (lambda x: x * {n})(b)",
    "a = scale(a)",
    "b = shift(b, {n})",
    "net = Net()",
    "out = Net()(a)",
    "(a @ w).sum().backward()",
    "w.grad = None",
    "keep = lambda x: x + a[0, 0] * {n}",
    "a = a if len(rows) < {n} else a.double()",
    "a = a @ torch.ones({n}, 3)",
)

DEFINITIONS = (
    "def scale(x):\n    y = x * {n}\n    return y",
    "def shift(x, by=1):\n    return helper(x) + by",
    "def helper(x):\n    z = x - {n}\n    return z",
    "class Net(nn.Module):\n    def forward(self, x):\n        return x.mean(0) * {n}",
    "LIMIT = {n}",
)


@dataclass(frozen=True)
class Line:
    """A statement of a random program, with its number `n` and `comments` lines above it."""

    pattern: str
    n: int
    comments: int = 0

    def __str__(self) -> str:
        return "# why\n" * self.comments + self.pattern.replace("{n}", str(self.n)) + "\n"


@dataclass(frozen=True)
class Text:
    definitions: tuple[Line, ...]
    lines: tuple[Line, ...]
    in_main: bool

    def __str__(self) -> str:
        head = BEGIN + "".join(map(str, self.definitions))
        body = "".join(map(str, self.lines))
        if not self.in_main:
            return head + body + END
        names = "global a, b, rows, w\n"
        main = "def main(times=2):\n" + indent(names + body + "mine = a + times\n", "    ")
        return head + main + 'if __name__ == "__main__":\n    main()\n' + indent(END, "    ")


NUMBERS = st.integers(1, 5)
LINES = st.builds(Line, st.sampled_from(STATEMENTS), NUMBERS)

TEXTS = st.builds(
    Text,
    st.tuples(*(st.builds(Line, st.just(pattern), NUMBERS) for pattern in DEFINITIONS)),
    st.lists(LINES, min_size=3, max_size=7).map(tuple),
    st.booleans(),
)


@st.composite
def edited(draw: st.DrawFn, text: Text) -> Text:
    """Draw an edit of a text, more often near its end than near its beginning."""
    kind = draw(st.sampled_from(("number", "number", "insert", "delete", "comment", "definition")))
    if kind == "definition":
        at = draw(st.integers(0, len(text.definitions) - 1))
        changed = replace(text.definitions[at], n=draw(NUMBERS), comments=draw(st.integers(0, 1)))
        return replace(text, definitions=_with(text.definitions, at, changed))
    at = len(text.lines) - 1 - min(draw(st.integers(0, 4)), draw(st.integers(0, 8)))
    at = max(at, 0)
    line = text.lines[at]
    if kind == "insert":
        added = draw(LINES)
        return replace(text, lines=(*text.lines[:at], added, *text.lines[at:]))
    if kind == "delete" and len(text.lines) > 1:
        return replace(text, lines=(*text.lines[:at], *text.lines[at + 1 :]))
    if kind == "comment":
        at = draw(st.integers(0, len(text.lines) - 1))
        commented = replace(text.lines[at], comments=1 - text.lines[at].comments)
        return replace(text, lines=_with(text.lines, at, commented))
    return replace(text, lines=_with(text.lines, at, replace(line, n=draw(NUMBERS))))


def _with(lines: tuple[Line, ...], at: int, line: Line) -> tuple[Line, ...]:
    return (*lines[:at], line, *lines[at + 1 :])


@st.composite
def sessions(draw: st.DrawFn) -> list[Text]:
    """Draw a program and its texts after a few edits."""
    texts = [draw(TEXTS)]
    for _ in range(4):
        texts.append(draw(edited(texts[-1])))
    return texts


async def test_random_edits_of_random_programs_resume_equally(runner: Runner) -> None:
    loop = asyncio.get_running_loop()
    edits = ComparedEdits(runner)
    resumed: list[bool] = []

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=8,
        suppress_health_check=list(HealthCheck),
    )
    @given(sessions())
    def compare(texts: list[Text]) -> None:
        running = edits.run_all([str(text) for text in texts])
        compared = asyncio.run_coroutine_threadsafe(running, loop).result()
        resumed.extend(one.resumed_at is not None for one in compared[1:])

    await asyncio.to_thread(compare)
    assert sum(resumed) > len(resumed) / 2
