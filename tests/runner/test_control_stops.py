"""Endless programs are stopped by the user, by the time limit or by a newer edit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from .conftest import Clock, Received, Runner, eventually, finished

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

IGNORES_SIGINT = """\
import signal, torch
x = torch.zeros(2, 3)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("go")
while True:
    pass
"""
IN_IGNORES_SIGINT = 4, 5

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
    [
        (PYTHON_LOOP, IN_PYTHON),
        (C_LOOP, IN_C),
        (IGNORES_SIGINT, IN_IGNORES_SIGINT),
        (STUBBORN, IN_STUBBORN),
    ],
    ids=["python", "c-holding-the-gil", "sigint-ignored", "interrupt-swallowed"],
)


def has_begun(received: Received) -> bool:
    return "go\n" in received.stdout


async def spinning(live: LiveRun, received: Received) -> None:
    """Wait until the program has left its `print` and uses CPU time."""
    await received.until(has_begun)

    def ticks() -> int:
        fields = Path(f"/proc/{live.pid}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[11])

    # Its output may arrive before its process id, which the host sends.
    await eventually(lambda: live.pid is not None)
    before = ticks()
    await eventually(lambda: ticks() > before + 5)


@LOOPS
async def test_a_loop_is_stopped_by_the_user(
    runner: Runner, text: str, lines: tuple[int, ...]
) -> None:
    live, received = runner.start(text)
    await spinning(live, received)
    live.stop()
    live.stop()
    result = await finished(live)
    assert (result.outcome, result.user_message) == (Outcome.STOPPED, UserMessage("stopped"))
    assert result.stopped_at is not None
    assert result.stopped_at[0] == live.request.path
    assert result.stopped_at[1] in lines
    assert received.seen["x"], "what ran before keeps its hints"


@LOOPS
async def test_a_loop_is_stopped_by_the_time_limit(
    runner: Runner, clock: Clock, text: str, lines: tuple[int, ...]
) -> None:
    live, received = runner.start(text, timeout=600)
    await spinning(live, received)
    clock.advance(600)
    result = await finished(live)
    assert (result.outcome, result.user_message) == (
        Outcome.TIMED_OUT,
        UserMessage("timed-out", "600"),
    )
    assert result.stopped_at is not None
    assert result.stopped_at[1] in lines
    assert received.seen["x"]


async def test_an_interrupt_raises_in_the_program_as_ctrl_c_does(runner: Runner) -> None:
    text = "try:\n    print('go')\n    while True: pass\nfinally:\n    print('bye')\n"
    live, received = runner.start(text)
    await received.until(has_begun)
    live.stop()
    result = await finished(live)
    assert result.exit_status == 130
    assert received.stdout == "go\nbye\n"
    assert received.stderr.endswith("\nKeyboardInterrupt\n")


async def test_a_superseded_run_sends_nothing_more(runner: Runner) -> None:
    live, received = runner.start(PYTHON_LOOP)
    await received.until(has_begun)
    before = len(received.messages), len(received.output)
    live.stop(Outcome.SUPERSEDED)
    newer, newer_received = runner.start("print('newer')\n")
    assert (await finished(live)).outcome is Outcome.SUPERSEDED
    assert (len(received.messages), len(received.output)) == before
    assert (await finished(newer)).outcome is Outcome.FINISHED
    assert newer_received.stdout == "newer\n"


async def test_a_run_can_be_stopped_before_it_has_started(runner: Runner) -> None:
    live, _ = runner.start("while True: pass\n")
    live.stop()
    result = await finished(live)
    assert result.outcome is Outcome.STOPPED


async def test_the_first_reason_to_stop_stays_the_reason(runner: Runner) -> None:
    live, received = runner.start(IGNORES_SIGINT)
    await received.until(has_begun)
    live.stop(Outcome.TIMED_OUT)
    live.stop(Outcome.STOPPED)
    assert (await finished(live)).outcome is Outcome.TIMED_OUT


async def test_a_run_that_is_over_cannot_be_stopped(runner: Runner) -> None:
    live, _ = runner.start("x = 1\n")
    result = await finished(live)
    live.stop()
    assert await finished(live) is result
    assert result.outcome is Outcome.FINISHED


async def test_cancelling_the_wait_does_not_end_the_run(runner: Runner) -> None:
    live, received = runner.start("print('go')\nwhile True: pass\n")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(live.finished(), 0.01)
    await received.until(has_begun)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED


async def test_the_time_limit_starts_with_the_program(runner: Runner) -> None:
    result, received = await runner.run("import time; time.sleep(60)\n", timeout=0.9)
    assert result.outcome is Outcome.TIMED_OUT
    assert result.seconds >= 0.9
    assert received.of(messages.Started)
    assert result.stopped_at == (str(runner.folder / "program.py"), 0)


async def test_an_interrupt_among_many_messages_loses_and_repeats_none(runner: Runner) -> None:
    names = [f"x{number}" for number in range(3000)]
    text = "import torch\n" + "".join(f"{name} = torch.zeros(2)\n" for name in names)
    live, received = runner.start(text + "while True: pass\n")
    await received.until(lambda received: len(received.of(messages.NewSignature)) > 100)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    seen = received.seen
    assert list(seen) == names[: len(seen)]
    assert all(len(values) == 1 for values in seen.values())
