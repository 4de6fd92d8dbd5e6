"""A host is ready before it has imported what torch imports late, which only takes time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome

from .conftest import Runner
from .editing import IS_WARM, SLOW, Edits, line_resumed, warmed

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMPILES = """\
import sys
print("torch._dynamo" in sys.modules)
import torch
def f(x):
    y = x + 1
    loss = y.sum()
    return loss * 2
import torch._dynamo
found = torch._dynamo.explain(f)(torch.ones(3))
print(found.graph_count, found.graph_break_count, found.op_count)
print(torch.compile(f, backend="eager")(torch.ones(3)).item())
print(f(torch.ones(3)).item())
"""

TRAINS = f"""\
import torch
{SLOW}
import torch._dynamo
print({{}})
"""


@pytest_asyncio.fixture(loop_scope="session")
async def early(python: Path, tmp_path: Path) -> AsyncIterator[Runner]:
    """Runs on a host that has just become ready."""
    pool = Pool()
    pool.warm(python, tmp_path)
    await pool.settled(python)
    yield Runner(pool, python, tmp_path)
    await pool.close()


async def test_torch_compile_before_the_host_is_warm_does_not_see_probes(
    early: Runner, python: Path, tmp_path: Path
) -> None:
    result, received = await early.run(COMPILES)
    assert result.outcome is Outcome.FINISHED
    (tmp_path / "plain.py").write_text(COMPILES)
    plain = await asyncio.create_subprocess_exec(
        str(python), str(tmp_path / "plain.py"), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await plain.communicate()
    assert received.stdout == printed.decode()
    assert received.stdout.startswith("False\n")
    assert {"x", "y", "loss"} <= set(received.seen)


async def test_an_idle_host_continues_to_warm_up(early: Runner) -> None:
    _, received = await early.run(IS_WARM)
    assert received.stdout == "False\n"
    await warmed(early)


async def test_no_run_repeats_an_import_that_the_host_has_made_meanwhile(early: Runner) -> None:
    edits = Edits(early)
    await edits.run(TRAINS.format(1))
    _, received = await edits.run(TRAINS.format(2))
    resumed = line_resumed(received)
    assert resumed is None or resumed > TRAINS.splitlines().index("import torch._dynamo")
    assert received.stdout == "2\n"
