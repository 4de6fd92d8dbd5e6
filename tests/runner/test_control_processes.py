"""Processes that a program leaves behind are killed; those of other runs are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tensorhints.engine.results import Outcome

from .conftest import Runner, eventually, finished
from .editing import children

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc"),
]


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[0] != b"Z"


CHILDREN = """\
import os, time
for number in range(20):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
"""

ESCAPEE = """\
import subprocess
child = subprocess.Popen(
    ["sh", "-c", "setsid sleep 600 & echo $!; exec sleep 600"],
    start_new_session=True, stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline().strip())
"""


async def test_children_left_behind_are_killed(runner: Runner) -> None:
    result, _ = await runner.run(CHILDREN)
    assert result.outcome is Outcome.FINISHED
    assert result.swept == 20


async def test_processes_that_left_the_session_are_killed(runner: Runner) -> None:
    result, received = await runner.run(ESCAPEE + "import os\nos._exit(0)\n")
    pids = [int(pid) for pid in received.stdout.split()]
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)
    assert result.swept == 2


async def test_children_of_a_killed_program_are_killed(runner: Runner) -> None:
    text = (
        "import signal, subprocess\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "children = [subprocess.Popen(['sleep', '600']) for _ in range(3)]\n"
        "print(*[child.pid for child in children])\n"
        "while True: pass\n"
    )
    live, received = runner.start(text)
    await received.until(lambda received: received.stdout.endswith("\n"))
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    assert not any(alive(int(pid)) for pid in received.stdout.split())


async def test_the_end_of_one_run_does_not_kill_the_children_of_another(runner: Runner) -> None:
    text = (
        "import subprocess\n"
        "child = subprocess.Popen(['sh', '-c', 'sleep 600 & echo $!'], stdout=subprocess.PIPE)\n"
        "print(child.stdout.readline().decode().strip())\n"
        "child.wait()\n"
        "while True: pass\n"
    )
    live, received = runner.start(text)
    await received.until(lambda received: received.stdout.endswith("\n"))
    orphan = int(received.stdout)
    other, _ = await runner.run(CHILDREN)
    assert other.swept == 20
    assert alive(orphan)
    live.stop()
    result = await finished(live)
    assert result.swept == 1
    assert not alive(orphan)


async def test_a_bounded_fork_bomb_leaves_nothing(runner: Runner) -> None:
    text = "import os, time\nfor _ in range(6): os.fork()\nprint(os.getpid())\ntime.sleep(600)\n"
    live, received = runner.start(text)
    await received.until(lambda received: received.stdout.count("\n") == 64)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    assert not any(alive(int(pid)) for pid in received.stdout.split())


async def test_a_grandchild_that_holds_the_pipes_does_not_delay_the_end(runner: Runner) -> None:
    result, received = await runner.run(
        "import subprocess\nsubprocess.Popen(['sleep', '600'])\nprint('done')\n"
    )
    assert result.outcome is Outcome.FINISHED
    assert received.stdout == "done\n"


async def test_thirty_runs_leave_no_descriptor_and_no_process(runner: Runner) -> None:
    def held() -> tuple[int, int]:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        return len(os.listdir("/proc/self/fd")), len(children)

    host = runner.pool.state(runner.interpreter).ready
    await runner.run("x = 1\n")
    host = runner.pool.state(runner.interpreter).ready
    assert host is not None
    of_the_host = children(host.pid)
    before = held(), len(os.listdir(f"/proc/{host.pid}/fd"))
    for number in range(30):
        text = ["x = 1\n", "def f(:\n", "import os\nos._exit(1)\n", "1 / 0\n"][number % 4]
        await runner.run(text)
    await eventually(lambda: (held(), len(os.listdir(f"/proc/{host.pid}/fd"))) == before)
    await eventually(lambda: children(host.pid) <= of_the_host)
