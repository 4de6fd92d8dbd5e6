"""Locks on files: a checkpoint that waits holds none, and a run that resumes has its own again."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tensorhints.engine.results import Outcome

from .conftest import finished
from .editing import SLOW, Edits, line_resumed, refusals

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN = "import fcntl, os, struct\nf = open('lock', 'a+')\n"

OFD = "fcntl.fcntl(f, fcntl.F_OFD_SETLK, struct.pack('hhqqi4x', fcntl.{}, 0, 0, 0, 0))"

LOCKS = {
    "flock": (OPEN, "fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)"),
    "a shared flock": (OPEN, "fcntl.flock(f, fcntl.LOCK_SH | fcntl.LOCK_NB)"),
    "flock on a duplicate": (
        f"{OPEN}g = os.dup(f.fileno())\n",
        "fcntl.flock(g, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    ),
    "flock on a file that was opened to read": (
        "import fcntl\nopen('lock', 'a').close()\nf = open('lock')\n",
        "fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    ),
    "flock on a folder": (
        "import fcntl, os\nos.makedirs('lock', exist_ok=True)\nf = os.open('lock', os.O_RDONLY)\n",
        "fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    ),
    "lockf": (OPEN, "fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)"),
    "a shared lockf": (OPEN, "fcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB)"),
    "lockf on a part": (OPEN, "fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 10)"),
    "two kinds at once": (
        OPEN,
        "for take in fcntl.lockf, fcntl.flock: take(f, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    ),
    "a lock of the open file": (OPEN, OFD.format("F_WRLCK")),
    "a shared lock of the open file": (OPEN, OFD.format("F_RDLCK")),
}


@contextmanager
def locked_by_another(path: Path, is_lockf: bool) -> Iterator[None]:
    """Hold an exclusive lock on a file or folder. Raises `BlockingIOError`."""
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    take = fcntl.lockf if is_lockf else fcntl.flock
    try:
        take(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(number)


def is_lockf(lock: str) -> bool:
    return "flock" not in lock


HELD = (
    "import subprocess, sys\n"
    'TRY = \'import fcntl, os; n = os.open("lock", 0 if os.path.isdir("lock") else 2)\\n\'\n'
    "TRY += 'for take in fcntl.flock, fcntl.lockf:\\n try: take(n, 6)\\n except OSError as e:'\n"
    "TRY += ' print(take.__name__, e.errno)'\n"
    "print(subprocess.run([sys.executable, '-c', TRY], capture_output=True, text=True))\n"
)
"""Print which exclusive locks another program is refused."""


@pytest.mark.parametrize("case", LOCKS)
async def test_a_waiting_checkpoint_holds_no_lock_that_its_run_took_below_it(
    edits: Edits, tmp_path: Path, case: str
) -> None:
    above, lock = LOCKS[case]
    text = f"{above}{SLOW}{lock}\n{HELD}print({{}})\n"
    _, first = await edits.run(text.format(1))
    for number in (2, 3):
        with locked_by_another(tmp_path / "lock", is_lockf(lock)):
            pass
        result, received = await edits.run(text.format(number))
        assert (result.outcome, refusals(received)) == (Outcome.FINISHED, [])
        assert line_resumed(received) is not None
        assert received.stdout == first.stdout.replace("1\n", f"{number}\n")


@pytest.mark.parametrize("case", LOCKS)
async def test_a_lock_above_a_checkpoint_is_released_while_it_waits_and_taken_again(
    edits: Edits, tmp_path: Path, case: str
) -> None:
    above, lock = LOCKS[case]
    text = f"{above}{lock}\n{SLOW}{HELD}print({{}})\n"
    _, first = await edits.run(text.format(1))
    assert "11" in first.stdout
    for number in (2, 3):
        with locked_by_another(tmp_path / "lock", is_lockf(lock)):
            pass
        _, received = await edits.run(text.format(number))
        assert line_resumed(received) is not None
        assert received.stdout.splitlines()[:-1] == first.stdout.splitlines()[:-1]
    _, whole = await edits.scratch(text.format(4))
    assert whole.stdout.splitlines()[:-1] == first.stdout.splitlines()[:-1]


@pytest.mark.parametrize("case", LOCKS)
async def test_a_lock_that_another_program_holds_is_met_as_from_the_top(
    edits: Edits, tmp_path: Path, case: str
) -> None:
    above, lock = LOCKS[case]
    text = f"{above}{lock}\n{SLOW}print({{}})\n"
    await edits.run(text.format(1))
    with locked_by_another(tmp_path / "lock", is_lockf(lock)):
        result, received = await edits.run(text.format(2))
    assert (result.outcome, line_resumed(received)) == (Outcome.FAILED, None)
    assert "BlockingIOError" in received.stderr


@pytest.mark.parametrize("on_interrupt", ["raise", "pass"])
async def test_a_run_under_way_does_not_lock_out_the_next_one(
    edits: Edits, on_interrupt: str
) -> None:
    text = (
        f"{OPEN}fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)\nimport time\nprint({{}})\n"
        f"while {{}}:\n    try: time.sleep(99)\n    except KeyboardInterrupt: {on_interrupt}\n"
    )
    live, received = edits.runner.start(text.format(1, True), checkpoints=True)
    await received.until(lambda received: received.stdout == "1\n")
    result, second = await edits.run(text.format(2, False))
    assert (result.outcome, second.stdout) == (Outcome.FINISHED, "2\n")
    assert (await finished(live)).outcome is Outcome.SUPERSEDED


async def test_a_lease_prevents_checkpoints(edits: Edits) -> None:
    text = f"{OPEN}f.close(); f = open('lock')\nfcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_RDLCK)\n"
    _, received = await edits.run(f"{text}{SLOW}print(1)\n")
    assert refusals(received) == ["files"]


async def test_a_file_that_is_executed_below_is_not_busy(edits: Edits) -> None:
    """The system executes no file that a process has open for writing."""
    text = (
        "import os, subprocess\nf = open('run.sh', 'w')\n"
        f"{SLOW}f.write('#!/bin/sh\\necho done\\n'); f.close(); os.chmod('run.sh', 0o755)\n"
        "print(subprocess.run(['./run.sh'], capture_output=True).stdout, {})\n"
    )
    _, first = await edits.run(text.format(1))
    assert first.stdout == "b'done\\n' 1\n"


DUPLICATES = {
    "of a file that is written": "f = open('data', 'w+', buffering=1)\ng = os.dup(f.fileno())\n",
    "of a file that is read": "open('data', 'w').write('abcd')\nf = open('data', buffering=1)\n"
    "g = os.dup(f.fileno())\n",
}


@pytest.mark.parametrize("case", DUPLICATES)
async def test_duplicates_of_a_descriptor_share_their_offset(edits: Edits, case: str) -> None:
    text = (
        f"import os\n{DUPLICATES[case]}h = os.open('data', os.O_RDONLY)\n{SLOW}"
        "os.lseek(g, 3, 0); print([os.lseek(n, 0, 1) for n in (f.fileno(), g, h)], {})\n"
    )
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert received.stdout == "[3, 3, 0] 2\n"


async def test_a_listing_under_way_continues_where_it_was(edits: Edits, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for number in range(2000):
        (tmp_path / "folder" / str(number)).touch()
    text = (
        f"import os\nlisting = os.scandir('folder'); next(listing)\n{SLOW}"
        "print(len(list(listing)), {})\n"
    )
    await edits.run(text.format(1))
    for number in (2, 3):
        _, received = await edits.run(text.format(number))
        assert (received.stdout, line_resumed(received)) == (f"1999 {number}\n", 3)
