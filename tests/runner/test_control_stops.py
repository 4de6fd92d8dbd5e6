"""Programs that do not end by themselves: stopped by hand, by the clock, by a newer edit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tensorhints.engine.pool import LiveRun, Outcome
from tensorhints.model import messages
from tensorhints.model.places import Notice

from .conftest import Heard, Runner, eventually, finished

pytestmark = pytest.mark.asyncio(loop_scope="session")

PYTHON_LOOP = """\
import torch
x = torch.zeros(2, 3)
print("go")
def spin():
    while True:
        pass

spin()
"""
IN_PYTHON = 4, 5

C_LOOP = """\
import torch
x = torch.zeros(2, 3)
print("go")
def count():
    return sum(range(10**12))

count()
"""
IN_C = (4,)

DEAF = """\
import signal, torch
x = torch.zeros(2, 3)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("go")
while True:
    pass
"""
IN_DEAF = 4, 5

STUBBORN = """\
import torch
x = torch.zeros(2, 3)
print("go")
while True:
    try:
        while True:
            pass
    except BaseException:
        x = None
"""
IN_STUBBORN = 3, 4, 5, 6, 7, 8

LOOPS = pytest.mark.parametrize(
    ("text", "lines"),
    [(PYTHON_LOOP, IN_PYTHON), (C_LOOP, IN_C), (DEAF, IN_DEAF), (STUBBORN, IN_STUBBORN)],
    ids=["python", "c-holding-the-gil", "sigint-ignored", "interrupt-swallowed"],
)


def going(heard: Heard) -> bool:
    return "go\n" in heard.stdout


async def spinning(live: LiveRun, heard: Heard) -> None:
    """Waits until the program has left its `print` and burns the processor."""
    await heard.until(going)

    def ticks() -> int:
        fields = Path(f"/proc/{live.pid}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[11])

    # What it prints may be here before its host has said which process it is.
    await eventually(lambda: live.pid is not None)
    before = ticks()
    await eventually(lambda: ticks() > before + 5)


@LOOPS
async def test_a_loop_is_stopped_by_hand(runner: Runner, text: str, lines: tuple[int, ...]) -> None:
    live, heard = runner.start(text)
    await spinning(live, heard)
    live.stop()
    live.stop()
    result = await finished(live)
    assert (result.outcome, result.notice) == (Outcome.STOPPED, Notice("stopped"))
    assert result.location is not None
    assert result.location[0] == live.request.path
    assert result.location[1] in lines
    assert heard.seen["x"], "what ran before keeps its hints"


@LOOPS
async def test_a_loop_is_stopped_by_the_clock(
    runner: Runner, text: str, lines: tuple[int, ...]
) -> None:
    result, heard = await runner.run(text, timeout=0.9)
    assert (result.outcome, result.notice) == (Outcome.TIMED_OUT, Notice("timed-out", "0.9"))
    assert result.location is not None
    assert result.location[1] in lines
    assert heard.seen["x"]
    assert result.seconds >= 0.9


async def test_an_interrupt_shows_the_program_what_ctrl_c_would(runner: Runner) -> None:
    text = "try:\n    print('go')\n    while True: pass\nfinally:\n    print('bye')\n"
    live, heard = runner.start(text)
    await heard.until(going)
    live.stop()
    result = await finished(live)
    assert result.exit_status == 130
    assert heard.stdout == "go\nbye\n"
    assert heard.stderr.endswith("\nKeyboardInterrupt\n")


async def test_a_superseded_run_is_not_heard_of_again(runner: Runner) -> None:
    live, heard = runner.start(PYTHON_LOOP)
    await heard.until(going)
    told = len(heard.messages), len(heard.output)
    live.stop(Outcome.SUPERSEDED)
    newer, newer_heard = runner.start("print('newer')\n")
    assert (await finished(live)).outcome is Outcome.SUPERSEDED
    assert (len(heard.messages), len(heard.output)) == told
    assert (await finished(newer)).outcome is Outcome.FINISHED
    assert newer_heard.stdout == "newer\n"


async def test_a_run_may_be_stopped_before_it_has_begun(runner: Runner) -> None:
    live, _ = runner.start("while True: pass\n")
    live.stop()
    result = await finished(live)
    assert result.outcome is Outcome.STOPPED


async def test_the_first_reason_to_stop_stays_the_reason(runner: Runner) -> None:
    live, heard = runner.start(DEAF)
    await heard.until(going)
    live.stop(Outcome.TIMED_OUT)
    live.stop(Outcome.STOPPED)
    assert (await finished(live)).outcome is Outcome.TIMED_OUT


async def test_a_run_that_is_over_cannot_be_stopped(runner: Runner) -> None:
    live, _ = runner.start("x = 1\n")
    result = await finished(live)
    live.stop()
    assert await finished(live) is result
    assert result.outcome is Outcome.FINISHED


async def test_giving_up_the_wait_does_not_end_the_run(runner: Runner) -> None:
    live, heard = runner.start("print('go')\nwhile True: pass\n")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(live.finished(), 0.01)
    await heard.until(going)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED


async def test_the_clock_starts_with_the_program(runner: Runner) -> None:
    result, heard = await runner.run("import time\ntime.sleep(60)\n", timeout=0.9)
    assert result.outcome is Outcome.TIMED_OUT
    assert heard.of(messages.Started)
    assert result.location == (str(runner.folder / "program.py"), 1)


async def test_an_interrupt_amid_many_messages_loses_and_repeats_none(runner: Runner) -> None:
    names = [f"x{number}" for number in range(3000)]
    text = "import torch\n" + "".join(f"{name} = torch.zeros(2)\n" for name in names)
    live, heard = runner.start(text + "while True: pass\n")
    await heard.until(lambda heard: len(heard.of(messages.Seen)) > 100)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    seen = heard.seen
    assert list(seen) == names[: len(seen)]
    assert all(len(values) == 1 for values in seen.values())
