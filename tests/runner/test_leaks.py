"""Five hundred edits leak neither processes nor descriptors nor memory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.model import messages

from .conftest import Runner, eventually
from .editing import warmed

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("openmp_pauses"),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts in /proc"),
]

EDITS = 510
CHECKPOINTS = 8
"""The checkpoints that a program may have."""

ROUND = 15
"""Period in edits of where the edit is and of whether the end is kept."""

FIRST, LAST = range(5 * ROUND, 10 * ROUND, ROUND), range(EDITS - 5 * ROUND, EDITS, ROUND)
"""The edits after which the test waits for processes to settle, and measures."""

QUIET_POLLS = 20
"""Polls without a change after which the processes have settled."""

MEGABYTE = 1 << 20
ALLOWED_GROWTH = 8 * MEGABYTE
"""Of the host and all checkpoints together; 360 edits that leak 25 kB each would exceed it."""

POLICY = """\
from dataclasses import replace
from _tensorhints.runner.checkpoint import policy
policy.in_force = replace(policy.in_force, work_per_cost_at_edit=0)
"""
"""A module of the program's folder: the place of each edit gets a checkpoint."""

PROGRAM = """\
import policy
import torch
data = torch.ones(1024, 128)
def scale(x):
    return x * {definition}
def main():
    a = scale(data)
    b = a.sum() + {inside}
    return b
c = data * 2
main()
d = c + {last}
"""


@dataclass(frozen=True)
class Held:
    """Resources of the server, its host and the host's processes."""

    processes: int
    descriptors: tuple[int, int]
    memory: int


@pytest_asyncio.fixture(loop_scope="session")
async def own_runner(python: Path, tmp_path: Path) -> AsyncIterator[Runner]:
    pool = Pool()
    pool.warm(python, tmp_path)
    await pool.settled(python)
    (tmp_path / "policy.py").write_text(POLICY)
    found = Runner(pool, python, tmp_path)
    await warmed(found)
    yield found
    await pool.close()


def below(pid: int) -> list[int]:
    """The descendants of a process, zombies excepted."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            try:
                if Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][0] != "Z":
                    found += [int(child), *below(int(child))]
            except OSError:
                continue
    return found


def held(host: int) -> Held:
    processes = [host, *below(host)]
    return Held(
        len(processes),
        (len(os.listdir("/proc/self/fd")), len(os.listdir(f"/proc/{host}/fd"))),
        sum(map(memory_of, processes)),
    )


async def at_rest(host: int) -> Held:
    """Measure once the processes have stayed the same for half a second."""
    polls: list[list[int]] = []
    while len(polls) < QUIET_POLLS or any(poll != polls[-1] for poll in polls[-QUIET_POLLS:]):
        await asyncio.sleep(0.025)
        polls.append(sorted(below(host)))
    return held(host)


def least(seen: list[Held]) -> Held:
    """The minimum of each resource: a leak stays, other use is temporary."""
    return Held(
        min(held.processes for held in seen),
        (min(held.descriptors[0] for held in seen), min(held.descriptors[1] for held in seen)),
        min(held.memory for held in seen),
    )


def memory_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # It is gone by now.
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) * 1024


def text_of(edit: int) -> str:
    """Edit in turn the end of the program, the body of `main`, and a function that it calls."""
    turn, location = divmod(edit, 3)
    return PROGRAM.format(
        last=turn + (location > 0), inside=turn + (location > 1), definition=turn % 7 + 1
    )


async def test_edits_leak_nothing(own_runner: Runner) -> None:
    pool, interpreter = own_runner.pool, own_runner.interpreter
    ready = pool.state(interpreter).ready
    assert ready is not None
    resumed = 0
    seen = {}
    await own_runner.run(text_of(0), checkpoints=True, inspect=True)
    for edit in range(EDITS):
        result, received = await own_runner.run(
            text_of(edit), checkpoints=True, inspect=edit % 5 == 0
        )
        assert result.outcome is Outcome.FINISHED
        resumed += any(started.resumed for started in received.of(messages.Started))
        if edit in FIRST or edit in LAST:
            seen[edit] = await at_rest(ready.pid)
    assert resumed > EDITS * 0.9

    before, after = (least([seen[edit] for edit in edits]) for edits in (FIRST, LAST))
    assert after.processes <= before.processes
    assert after.descriptors[0] <= before.descriptors[0]
    assert after.descriptors[1] <= before.descriptors[1]
    assert after.memory <= before.memory + ALLOWED_GROWTH
    await eventually(lambda: held(ready.pid).processes <= 1 + CHECKPOINTS)

    own_runner.release()
    await eventually(lambda: held(ready.pid).processes == 1)

    host, left = ready.pid, below(ready.pid)
    await pool.close()
    await eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in [host, *left]))
