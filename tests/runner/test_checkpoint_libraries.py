"""What the real libraries of trainings do in the background does not prevent checkpoints."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from .editing import Edits, line_resumed, refusals

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = "import time; time.sleep(1)\n"
"""So much work that a checkpoint is made after it, although one was made after the slow imports."""

THREADS = "import threading; print(sorted(type(t).__name__ for t in threading.enumerate()))\n"

LIBRARIES = {
    "tqdm": """
        from tqdm import tqdm
        bar = tqdm(range(3), mininterval=9, file=open("bar", "w"))
        print(sum(bar))
        """,
    "tqdm.auto": """
        from tqdm.auto import tqdm, trange
        bar = tqdm(total=3, mininterval=9, file=open("bar", "w"))
        bar.update()
        """,
    "tqdm in spawned processes": """
        import multiprocessing
        multiprocessing.set_start_method("spawn")
        from tqdm import tqdm
        bar = tqdm(range(3), mininterval=9, file=open("bar", "w"))
        lock = tqdm.get_lock()
        """,
    "torch.utils.tensorboard": """
        from torch.utils.tensorboard import SummaryWriter
        writer = SummaryWriter("events")
        for n in range(40): writer.add_scalar("loss", n, n)
        """,
    "tensorboardX": """
        from tensorboardX import SummaryWriter
        writer = SummaryWriter("events", flush_secs=1)
        for n in range(40): writer.add_scalar("loss", n, n)
        """,
    "rich": """
        import io
        from rich.console import Console
        from rich.progress import Progress
        console = Console(file=io.StringIO(), force_terminal=True)
        progress = Progress(console=console); progress.start()
        task = progress.add_task("train", total=3)
        """,
    "the resource tracker": """
        import multiprocessing
        context = multiprocessing.get_context("spawn")
        lock = context.Lock()
        del lock
        """,
    "the fork server": """
        from multiprocessing import forkserver
        forkserver.set_forkserver_preload([])
        forkserver.ensure_running()
        """,
    "a lock for forked processes": """
        import multiprocessing
        lock = multiprocessing.Lock()
        """,
}
USES = {
    "tqdm": "print(sum(tqdm(range(9), file=open('bar', 'w'))), type(tqdm.monitor).__name__)\n",
    "tqdm.auto": "bar.update(); print(bar.n, bar.monitor.is_alive(), bar.monitor.report())\n",
    "tqdm in spawned processes": "with lock: print(lock.mp_lock._semlock.name[:4])\n",
    "torch.utils.tensorboard": "writer.add_scalar('loss', 40, 40); writer.close()\n",
    "tensorboardX": "writer.add_scalar('loss', 40, 40); writer.close()\n",
    "rich": "progress.advance(task); progress.stop(); print('train' in console.file.getvalue())\n",
    "the resource tracker": "with context.Lock(): print('locked')\n",
    "the fork server": "print(type(forkserver._forkserver._forkserver_pid))\n",
    "a lock for forked processes": "with lock: print('locked')\n",
}


@functools.cache
def is_installed(python: Path, module: str) -> bool:
    command = [str(python), "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def require(python: Path, case: str) -> None:
    for module in ("tqdm", "tensorboard", "tensorboardX", "rich"):
        if case.startswith((module, f"torch.utils.{module}")) and not is_installed(python, module):
            pytest.skip(f"{module} is not installed")


@pytest.mark.parametrize("case", LIBRARIES)
async def test_a_run_resumes_below_a_library(edits: Edits, python: Path, case: str) -> None:
    require(python, case)
    text = f"{dedent(LIBRARIES[case])}\n{SLOW}{THREADS}{USES[case]}print({{}})\n"
    _, first = await edits.run(text.format(1))
    assert refusals(first) == []
    for number in (2, 3):
        result, received = await edits.run(text.format(number))
        assert (result.exit_status, received.stderr) == (0, "")
        assert (line_resumed(received) or 0) > text[: text.index(SLOW)].count("\n")
        assert received.stdout == first.stdout.replace("\n1\n", f"\n{number}\n")
    _, scratch = await edits.scratch(text.format(3))
    assert scratch.stdout == received.stdout


SPAWNED = """
import multiprocessing, time
if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start(); process.join(); process.close()
    time.sleep(1)
    print({})
"""


async def test_a_run_resumes_below_spawned_processes_that_have_ended(edits: Edits) -> None:
    for number in (1, 2, 3):
        text = SPAWNED.format(number)
        (edits.runner.folder / "program.py").write_text(text)
        _, received = await edits.run(text)
        assert received.stdout == f"\n{number}\n"
        assert line_resumed(received) == (None if number == 1 else 6)


async def test_a_resource_that_the_tracker_watches_is_a_hazard(edits: Edits) -> None:
    text = f"""
import multiprocessing
lock = multiprocessing.get_context("spawn").Lock()
{SLOW}print({{}})
del lock
"""
    for number in (1, 2):
        _, received = await edits.run(text.format(number))
        assert refusals(received) == ["shared-memory"]


READ = """
import glob, sys
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
found = [
    [
        value.simple_value
        for event in LegacyEventFileLoader(path).Load()
        for value in event.summary.value
    ]
    for path in sorted(glob.glob("events/*"))
]
print(found == [[float(n) for n in range(41)]] or found)
"""


@pytest.mark.parametrize("case", ["torch.utils.tensorboard", "tensorboardX"])
async def test_an_event_file_has_each_event_once(edits: Edits, python: Path, case: str) -> None:
    require(python, case)
    require(python, "tensorboard")
    text = f"{dedent(LIBRARIES[case])}\n{SLOW}{USES[case]}print({{}})\n"
    await edits.run(text.format(1))
    for number in (2, 3):
        _, received = await edits.run(text.format(number))
        assert (line_resumed(received) or 0) > text[: text.index(SLOW)].count("\n")
        _, read = await edits.scratch(READ, path=str(edits.runner.folder / "read.py"))
        assert read.stdout == "True\n"
