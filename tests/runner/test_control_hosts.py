"""Warm hosts: unsuitable interpreters, and hosts or servers that die."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import venv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.engine.interpreter_report import describe
from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.engine.standby import RESTARTS, HostPhase, HostState
from tensorhints.model.user_messages import UserMessage

from .conftest import PATIENCE, Runner, eventually, finished

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter without torch."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"


def with_torch(folder: Path, source: str) -> Path:
    """An interpreter whose torch is `source`."""
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "torch").mkdir()
    (site / "torch" / "__init__.py").write_text(source)
    return folder / "bin" / "python"


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def own_pool() -> AsyncIterator[Pool]:
    """A pool whose hosts a test may kill."""
    pool = Pool()
    yield pool
    await pool.close()


async def refused(pool: Pool, interpreter: Path, folder: Path) -> UserMessage:
    result, received = await Runner(pool, interpreter, folder).run("print(1)\n")
    assert result.outcome is Outcome.REFUSED
    assert received.stdout == ""
    assert result.user_message is not None
    assert pool.state(interpreter).user_message == result.user_message
    assert pool.state(interpreter).phase is HostPhase.FAILED
    return result.user_message


async def test_an_interpreter_without_torch(own_pool: Pool, bare: Path, tmp_path: Path) -> None:
    assert await refused(own_pool, bare, tmp_path) == UserMessage("no-torch", str(bare))


async def test_a_folder_named_torch_is_not_torch(own_pool: Pool, tmp_path: Path) -> None:
    interpreter = with_torch(tmp_path / "env", "")
    (site,) = (tmp_path / "env").glob("lib/python3*/site-packages")
    (site / "torch" / "__init__.py").unlink()
    assert (await refused(own_pool, interpreter, tmp_path)).code == "no-torch"


@pytest.mark.parametrize("version", ["2.3.1+cpu", "1.13.1", "2.0.0a0+git1"])
async def test_a_torch_too_old(own_pool: Pool, tmp_path: Path, version: str) -> None:
    interpreter = with_torch(tmp_path / "env", f"__version__ = {version!r}\n")
    assert await refused(own_pool, interpreter, tmp_path) == UserMessage("torch-too-old", version)


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("raise ImportError('libtorch.so: cannot open')", "ImportError: libtorch.so: cannot open"),
        ("import not_there", "ModuleNotFoundError: No module named 'not_there'"),
        ("import os; os._exit(9)", "exit status 9"),
        ("import os; os.abort()", "SIGABRT"),
        ("raise SystemExit('no licence')", "SystemExit: no licence"),
    ],
)
async def test_a_torch_that_does_not_import(
    own_pool: Pool, tmp_path: Path, source: str, detail: str
) -> None:
    interpreter = with_torch(tmp_path / "env", source)
    assert await refused(own_pool, interpreter, tmp_path) == UserMessage("torch-broken", detail)


async def test_a_missing_interpreter(own_pool: Pool, tmp_path: Path) -> None:
    missing = tmp_path / "python"
    assert await refused(own_pool, missing, tmp_path) == UserMessage("no-interpreter", str(missing))


async def test_an_interpreter_that_cannot_be_executed(own_pool: Pool, tmp_path: Path) -> None:
    script(tmp_path / "python", "").chmod(0o644)
    assert (await refused(own_pool, tmp_path / "python", tmp_path)).code == "no-interpreter"


async def test_a_program_that_is_not_python(own_pool: Pool, tmp_path: Path) -> None:
    no_python = script(tmp_path / "python", "#!/bin/sh\necho I am no Python >&2\nexit 3\n")
    user_message = await refused(own_pool, no_python, tmp_path)
    assert user_message.detail == "I am no Python"


@pytest.mark.parametrize("version", ["2.7.18", "3.6.15", "3.8.18"])
async def test_a_python_too_old(own_pool: Pool, tmp_path: Path, version: str) -> None:
    interpreter = Path(os.environ.get("PYENV_ROOT", "")) / "versions" / version / "bin" / "python"
    if not interpreter.exists():
        pytest.skip(f"Python {version} is not installed")
    assert await refused(own_pool, interpreter, tmp_path) == UserMessage("python-too-old", version)


async def test_a_torch_that_never_imports(tmp_path: Path) -> None:
    interpreter = with_torch(tmp_path / "env", "import time; time.sleep(600)")
    pool = Pool(warm_up_limit=0.5)
    try:
        assert await refused(pool, interpreter, tmp_path) == UserMessage("warm-up-timeout", "0.5")
    finally:
        await pool.close()


async def test_states_are_reported_as_they_change(bare: Path, tmp_path: Path) -> None:
    reported: list[tuple[Path, HostState]] = []
    pool = Pool(on_state=lambda interpreter, state: reported.append((interpreter, state)))
    assert pool.state(bare).phase is HostPhase.COLD
    pool.warm(bare, tmp_path)
    assert (await pool.settled(bare)).phase is HostPhase.FAILED
    await pool.close()
    assert [state.phase for _, state in reported] == [HostPhase.WARMING, HostPhase.FAILED]
    assert {interpreter for interpreter, _ in reported} == {bare}


async def test_a_killed_host_is_restarted(own_pool: Pool, python: Path, tmp_path: Path) -> None:
    runner = Runner(own_pool, python, tmp_path)
    live, received = runner.start("print('go')\nwhile True: pass\n")
    await received.until(lambda received: received.stdout == "go\n")
    first = own_pool.state(python).ready
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    result = await finished(live)
    assert (result.outcome, result.user_message) == (Outcome.CRASHED, UserMessage("runner-killed"))
    assert live.pid is not None
    await eventually(lambda: not Path(f"/proc/{live.pid}").exists())
    assert (await own_pool.settled(python)).phase is HostPhase.READY
    second = own_pool.state(python).ready
    assert second is not None
    assert second.pid != first.pid
    assert (await runner.run("print(1)\n"))[1].stdout == "1\n"


async def over(live: LiveRun) -> RunResult:
    """The result of a run that waits for several hosts, each of which imports torch."""
    return await asyncio.wait_for(live.finished(), 4 * PATIENCE)


@contextlib.asynccontextmanager
async def dying_hosts(
    python: Path, folder: Path, deaths: int, single_use: bool
) -> AsyncIterator[Runner]:
    """A pool whose first hosts die once they are warm, as a run is sent to them."""
    killed: list[int] = []

    def on_state(_: Path, state: HostState) -> None:
        if state.ready is not None and len(killed) < deaths:
            killed.append(state.ready.pid)
            os.kill(state.ready.pid, signal.SIGKILL)

    pool = Pool(single_use=single_use, on_state=on_state)
    yield Runner(pool, python, folder)
    assert len(killed) == deaths
    await pool.close()


@pytest.mark.parametrize("single_use", [False, True])
async def test_a_run_that_loses_its_host_before_it_starts_gets_the_next(
    python: Path, tmp_path: Path, single_use: bool
) -> None:
    async with dying_hosts(python, tmp_path, 1, single_use) as runner:
        started = [runner.start(f"print({number})\n") for number in range(3)]
        for number, (live, received) in enumerate(started):
            assert (await over(live)).outcome is Outcome.FINISHED
            assert received.stdout == f"{number}\n"


@pytest.mark.parametrize("single_use", [False, True])
async def test_a_run_that_loses_two_hosts_before_it_starts_ends_with_the_reason(
    python: Path, tmp_path: Path, single_use: bool
) -> None:
    async with dying_hosts(python, tmp_path, 2, single_use) as runner:
        live, received = runner.start("print(1)\n")
        result = await over(live)
        assert result.outcome is Outcome.CRASHED
        assert result.user_message == UserMessage("runner-killed")
        assert received.messages == []
        live, received = runner.start("print(1)\n")
        await over(live)
        assert received.stdout == "1\n"


async def test_a_run_that_is_stopped_as_its_host_dies_is_not_repeated(
    own_pool: Pool, python: Path, tmp_path: Path
) -> None:
    own_pool.warm(python, tmp_path)
    ready = (await own_pool.settled(python)).ready
    assert ready is not None
    os.kill(ready.pid, signal.SIGKILL)
    live, received = Runner(own_pool, python, tmp_path).start("print(1)\n")
    live.stop(Outcome.SUPERSEDED)
    assert (await over(live)).outcome is Outcome.SUPERSEDED
    assert received.stdout == ""


async def test_a_host_that_keeps_crashing_is_not_restarted(
    own_pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorhints.engine.standby.RESTARTS", (0.0,) * len(RESTARTS))
    started = tmp_path / "started"
    killer = script(tmp_path / "python", f"#!/bin/sh\necho x >> {started}\nkill -9 $$\n")
    assert await refused(own_pool, killer, tmp_path) == UserMessage(
        "host-keeps-crashing", "SIGKILL"
    )
    assert started.read_text().count("x") == 1 + len(RESTARTS)


async def test_a_pool_can_be_closed_while_everything_runs(python: Path, tmp_path: Path) -> None:
    pool = Pool()
    runner = Runner(pool, python, tmp_path)
    live, received = runner.start("import subprocess\nsubprocess.run(['sleep', '600'])\n")
    await received.until(lambda received: bool(received.messages))
    await pool.close()
    assert (await finished(live)).outcome in (Outcome.CRASHED, Outcome.STOPPED)
    late, _ = runner.start("print(1)\n")
    late.stop()
    assert (await finished(late)).outcome is Outcome.STOPPED
    await pool.close()


SERVER = """\
import asyncio, pathlib, sys
from tensorhints.engine.pool import Pool
from tensorhints.model.messages import Run

class Listener:
    def on_message(self, message): pass
    def on_output(self, stream, text): print(text, end="", flush=True)

async def main():
    pool, python = Pool(single_use="single" in sys.argv), pathlib.Path(sys.argv[2])
    text = (
        "import os, signal, subprocess\\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\\n"
        "child = subprocess.Popen(['sleep', '600'])\\n"
        "print(os.getpid(), os.getppid(), child.pid)\\n"
        "while True: pass\\n"
    )
    request = Run(1, sys.argv[1], text, directory="/")
    await pool.start(python, request, Listener()).finished()

asyncio.run(main())
"""


async def test_hosts_and_runs_end_when_the_server_dies(
    root: Path, python: Path, tmp_path: Path
) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVER,
        str(tmp_path / "program.py"),
        str(python),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root / "server")},
    )
    assert server.stdout is not None
    line = await asyncio.wait_for(server.stdout.readline(), PATIENCE)
    pids = [int(pid) for pid in line.split()]
    assert len(pids) == 3
    server.kill()
    await server.wait()
    await eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


async def test_an_interpreter_is_described(python: Path, bare: Path, tmp_path: Path) -> None:
    good, bad = await describe(python, tmp_path), await describe(bare, tmp_path)
    assert good.ready is not None
    assert good.ready.devices[0] == "cpu"
    assert good.ready.forks
    assert good.seconds >= good.ready.seconds > 0
    assert good.user_message is None
    assert bad.ready is None
    assert bad.user_message == UserMessage("no-torch", str(bare))


async def test_the_least_recently_used_host_ends_for_another_environment(
    python: Path, tmp_path: Path
) -> None:
    pool = Pool(memory=1)
    runner = Runner(pool, python, tmp_path)
    try:
        text = "print(hash('a'))\n"
        printed = [
            (await runner.run(text, environment={"PYTHONHASHSEED": seed}))[1].stdout
            for seed in ("0", "1", "0")
        ]
        assert printed[0] == printed[2] != printed[1]
        states = [pool.state(python, "auto", {"PYTHONHASHSEED": seed}).phase for seed in ("0", "1")]
        assert states == [HostPhase.READY, HostPhase.COLD]
    finally:
        await pool.close()
