"""Five hundred edits leave nothing behind: no process, no descriptor, no memory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.engine.pool import Outcome, Pool
from tensorhints.model import messages

from .conftest import Runner, eventually
from .editing import warmed

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts in /proc"),
]

EDITS = 500
COPIES = 8
"""That a program may keep."""

WINDOW = 48
"""Edits over which the least is taken: copies come and go, and a moment alone says little."""

MEGABYTE = 1 << 20
ALLOWED_GROWTH = 24 * MEGABYTE
"""Of the host and all copies together; what one run in fifty leaves would be more."""

POLICY = """\
import sys
sys.modules["_tensorhints.runner.checkpoints"].WORTH_AT_THE_EDIT = 0
"""
"""A module of the program's: the place of each edit gets a copy."""

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
    """What the server, its host and the host's processes hold."""

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
    """The descendants of a process that are no zombies."""
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


def least(seen: list[Held]) -> Held:
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
    """One place is edited after another: at the end, inside of `main`, in what that calls."""
    turn, place = divmod(edit, 3)
    return PROGRAM.format(
        last=turn + (place > 0), inside=turn + (place > 1), definition=turn % 7 + 1
    )


async def test_edits_leave_nothing_behind(own_runner: Runner) -> None:
    pool, interpreter = own_runner.pool, own_runner.interpreter
    ready = pool.state(interpreter).ready
    assert ready is not None
    resumed = 0
    seen = []
    await own_runner.run(text_of(0), checkpoints=True, inspect=True)
    for edit in range(EDITS):
        result, heard = await own_runner.run(text_of(edit), checkpoints=True, inspect=edit % 5 == 0)
        assert result.outcome is Outcome.FINISHED
        resumed += any(started.resumed for started in heard.of(messages.Started))
        if edit % 2:
            seen.append(held(ready.pid))
    assert resumed > EDITS * 0.9

    before, after = least(seen[WINDOW // 2 : WINDOW]), least(seen[-WINDOW // 2 :])
    assert after.processes <= before.processes
    assert after.descriptors[0] <= before.descriptors[0]
    assert after.descriptors[1] <= before.descriptors[1]
    assert after.memory <= before.memory + ALLOWED_GROWTH
    await eventually(lambda: held(ready.pid).processes <= 1 + COPIES)

    own_runner.release()
    await eventually(lambda: held(ready.pid).processes == 1)

    host, left = ready.pid, below(ready.pid)
    await pool.close()
    await eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in [host, *left]))
