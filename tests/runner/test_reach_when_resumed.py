"""A resumed run reports unreached and current lines as if it had run from the start."""

from __future__ import annotations

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import messages

from .conftest import Received, Runner
from .editing import SLOW, Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = f"""\
import torch
def used(a):
    if a.sum() < 0:
        return a * 2
    return a + 1
def never(a):
    return a * 3
x = used(torch.ones(2))
{SLOW}y = x + 1
"""


def unreached(received: Received) -> tuple[tuple[int, ...], ...]:
    (message,) = received.of(messages.Unreached)
    return message.lines


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("y = x + 1", "y = x + 2"), ((3, 3), (6, 6))),
        (("import torch\n", "import torch\n# a line\n\n"), ((5, 5), (8, 8))),
        (("y = x + 1", "y = never(x)"), ((3, 3),)),
        (("return a * 3", "b = a * 3\n    return b"), ((3, 3), (6, 7))),
        (("y = x + 1", "y = x @ x.T @ torch.ones(9)\nz = x + 1\n"), ((3, 3), (6, 6), (10, 10))),
    ],
    ids=["last line", "lines above", "now called", "another function", "failing"],
)
async def test_unreached_lines_are_those_of_a_run_from_the_start(
    runner: Runner, edit: tuple[str, str], expected: tuple[tuple[int, int], ...]
) -> None:
    edits = Edits(runner)
    _, first = await edits.run(TEXT)
    assert unreached(first) == ((3, 3), (6, 6))
    text = TEXT.replace(*edit)
    _, resumed = await edits.run(text)
    _, scratch = await edits.scratch(text)
    assert line_resumed(resumed) is not None
    assert unreached(resumed) == unreached(scratch) == expected


async def test_the_current_line_is_reported_by_its_new_number(runner: Runner) -> None:
    edits = Edits(runner)
    await edits.run(TEXT)
    text = TEXT.replace("import torch\n", "import torch\n# a line\n")
    text = text.replace("y = x + 1", "import threading\nthreading.Event().wait()")
    live, received = runner.start(text, checkpoints=True)
    await received.until(lambda received: bool(received.of(messages.CurrentLine)))
    line = text.split("\n").index("threading.Event().wait()")
    assert received.of(messages.CurrentLine)[-1].line == line
    assert line_resumed(received) is not None
    live.stop(Outcome.STOPPED)
    await live.finished()
