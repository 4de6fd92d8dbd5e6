"""Hosts that cannot fork: each becomes one run."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.model import messages

from .conftest import Runner, eventually, finished

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def single_use_pool() -> AsyncIterator[Pool]:
    pool = Pool(single_use=True)
    yield pool
    await pool.close()


@pytest.fixture
def single(single_use_pool: Pool, python: Path, tmp_path: Path) -> Runner:
    return Runner(single_use_pool, python, tmp_path)


async def test_each_run_has_a_process_of_its_own(single: Runner) -> None:
    text = (
        "import os, torch\nx = torch.zeros(2, 3)\nprint(os.getpid(), open('/dev/null').fileno())\n"
    )
    first, one = await single.run(text)
    second, two = await single.run(text, checkpoints=True)
    wholes = [received.of(messages.Started)[0].whole for received in (one, two)]
    assert wholes == [messages.Whole("checkpoints-off"), messages.Whole("single-use")]
    assert (first.outcome, second.outcome) == (Outcome.FINISHED, Outcome.FINISHED)
    assert one.seen["x"][0].shape == (2, 3)
    assert one.stdout != two.stdout
    assert one.stdout.split()[1] == two.stdout.split()[1] == "3"


async def test_a_refused_text_does_not_use_up_the_host(single: Runner) -> None:
    await single.pool.settled(single.interpreter)
    result, _ = await single.run("def f(:\n")
    assert result.outcome is Outcome.REFUSED
    assert (await single.run("print(1)\n"))[1].stdout == "1\n"


async def test_a_loop_that_ignores_sigint_is_stopped_at_its_line(single: Runner) -> None:
    text = (
        "import signal, subprocess\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '600']).pid)\n"
        "while True: pass\n"
    )
    live, received = single.start(text)
    await received.until(lambda received: received.stdout.endswith("\n"))
    live.stop()
    result = await finished(live)
    assert result.outcome is Outcome.STOPPED
    assert result.stopped_at is not None
    assert result.stopped_at[1] in (2, 3)
    child = int(received.stdout)
    await eventually(lambda: not Path(f"/proc/{child}").exists())


async def test_a_crash_is_reported(single: Runner) -> None:
    result, _ = await single.run("import os\nos.abort()\n")
    assert (result.outcome, result.signal) == (Outcome.CRASHED, signal.SIGABRT)
    assert result.stopped_at == (str(single.folder / "program.py"), 1)


async def test_a_killed_standby_process_is_replaced(single: Runner) -> None:
    state = await single.pool.settled(single.interpreter)
    assert state.ready is not None
    os.kill(state.ready.pid, signal.SIGKILL)
    # Whether or not its death is known when the run is requested.
    assert (await single.run("print(1)\n"))[1].stdout == "1\n"
