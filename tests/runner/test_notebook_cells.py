"""A cell of a notebook that fails: what runs after it, and what is reported."""

from __future__ import annotations

from typing import Any

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.cells import Cell

from .conftest import Received, Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def run(runner: Runner, *cells: str, tagged: int = 0, **fields: Any) -> tuple[Any, Received]:
    """Run the cells, of which number `tagged` may fail."""
    positions, line = [], 0
    for number, cell in enumerate(cells, 1):
        positions.append(Cell(number, line, number == tagged))
        line += cell.count("\n") + 1
    path = str(runner.folder / "book.ipynb")
    return await runner.run("\n".join(cells), path=path, cells=tuple(positions), **fields)


def failed(received: Received) -> list[tuple[str, int, bool]]:
    return [
        (each.failure.exception, each.failure.span.line, each.expected)
        for each in received.of(messages.Failed)
    ]


async def test_each_failure_is_reported_and_the_rest_of_its_cell_left_out(runner: Runner) -> None:
    result, received = await run(
        runner,
        "print(1)\n1 / 0\nprint('never')\ndef never(): pass",
        "print(2)",
        "[][0]",
        "never()",
        "print(3)",
    )
    assert (result.outcome, result.exit_status) == (Outcome.FAILED, 1)
    assert result.failure is not None
    assert result.failure.exception == "ZeroDivisionError"
    assert received.stdout == "1\n2\n3\n"
    assert failed(received) == [
        ("ZeroDivisionError", 1, False),
        ("IndexError", 5, False),
        ("NameError", 6, False),
    ]
    (unreached,) = received.of(messages.Unreached)
    assert {line for first, last in unreached.lines for line in range(first, last + 1)} == {2, 3}


async def test_an_expected_failure_does_not_fail_the_notebook(runner: Runner) -> None:
    result, received = await run(runner, "1 / 0", "print(2)", tagged=1)
    assert (result.outcome, result.exit_status, result.failure) == (Outcome.FINISHED, 0, None)
    assert failed(received) == [("ZeroDivisionError", 0, True)]


async def test_a_notebook_may_stop_at_a_failure_that_is_not_expected(runner: Runner) -> None:
    result, received = await run(
        runner, "1 / 0", "print(2)", "[][0]", "print(4)", tagged=1, stops_at_failure=True
    )
    assert result.outcome is Outcome.FAILED
    assert received.stdout == "2\n"
    assert failed(received) == [("ZeroDivisionError", 0, True), ("IndexError", 2, False)]


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [("raise SystemExit(0)", Outcome.FINISHED), ("raise KeyboardInterrupt", Outcome.FAILED)],
)
async def test_what_ends_a_program_on_purpose_ends_a_notebook(
    runner: Runner, cell: str, outcome: Outcome
) -> None:
    result, received = await run(runner, cell, "print(2)")
    assert (result.outcome, received.stdout) == (outcome, "")


async def test_a_process_that_the_program_forks_does_not_run_the_next_cells(
    runner: Runner,
) -> None:
    _, received = await run(
        runner,
        "import os\npid = os.fork()\nif not pid: 1 / 0\nos.waitpid(pid, 0)",
        "print(2, flush=True)",
    )
    assert received.stdout == "2\n"


async def test_cells_follow_a_failure_in_a_text_that_python_warns_about(runner: Runner) -> None:
    result, received = await run(runner, "print(1)\n1 / 0\nprint('never')", "print('\\d')")
    assert result.outcome is Outcome.FAILED
    assert received.stdout == "1\n\\d\n"


async def test_cells_that_await_follow_one_that_failed(runner: Runner) -> None:
    _, received = await run(
        runner,
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    1 / 0\nawait f()",
        "await asyncio.sleep(0)\nprint(2)",
    )
    assert received.stdout == "2\n"
    assert failed(received) == [("ZeroDivisionError", 3, False)]


async def test_only_checkpoints_above_a_failed_cell_serve_the_next_edit(runner: Runner) -> None:
    eager = (
        "from _tensorhints.runner.checkpoint import policy\npolicy.in_force = policy.EAGER\nx = 1"
    )
    cells = [eager, "x += 1", "x = 10\n1 / 0\nx = 20", "print(x)", "print(1)"]
    await run(runner, *cells, checkpoints=True)
    cells[-1] = "print(2)"
    _, received = await run(runner, *cells, checkpoints=True)
    (started,) = received.of(messages.Started)
    assert started.line is None or started.line <= 5
    assert received.stdout == "10\n2\n"
    assert failed(received) == [("ZeroDivisionError", 5, False)]
    runner.pool.release(str(runner.folder / "book.ipynb"))
