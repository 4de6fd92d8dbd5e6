"""Limits on memory and output."""

from __future__ import annotations

from pathlib import Path

import pytest

import interpreters
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from .conftest import Runner, RunText

pytestmark = pytest.mark.asyncio(loop_scope="session")

MB = 1 << 20


@pytest.mark.parametrize(
    "allocation",
    [
        "torch.ones(1 << 30)",
        "torch.empty(1 << 30)",
        "numpy.ones(1 << 29)",
        "bytearray(1 << 32)",
    ],
)
async def test_four_gigabytes_against_a_limit_fail_at_their_line(
    run_text: RunText, python: Path, allocation: str
) -> None:
    if "empty" in allocation and interpreters.is_built_for_gpus(python):
        pytest.skip("beside a GPU's driver only what is held counts, not what is reserved")
    text = f"import numpy, torch\nx = torch.zeros(2, 3)\ny = {allocation}\n"
    result, received = await run_text(text, memory_limit=512 * MB)
    assert result.outcome is Outcome.OUT_OF_MEMORY
    assert result.user_message == UserMessage("out-of-memory", "512 MB")
    assert result.stopped_at is not None
    assert result.stopped_at[1] == 2
    assert received.seen["x"]


async def test_memory_within_the_limit_is_available(run_text: RunText) -> None:
    result, _ = await run_text("import torch\nx = torch.ones(1 << 26)\n", memory_limit=512 * MB)
    assert result.outcome is Outcome.FINISHED


async def test_memory_that_rlimit_does_not_count_is_limited_too(run_text: RunText) -> None:
    text = (
        "import resource, torch\n"
        "unlimited = resource.getrlimit(resource.RLIMIT_DATA)[1]\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (unlimited, unlimited))\n"
        "kept = []\n"
        "while True:\n"
        "    kept.append(torch.ones(1 << 22))\n"
    )
    result, received = await run_text(text, memory_limit=256 * MB)
    assert result.outcome is Outcome.OUT_OF_MEMORY
    assert result.stopped_at is not None
    assert result.stopped_at[1] in (4, 5)
    assert received.of(messages.Started)


async def test_a_hundred_thousand_lines_are_truncated_and_the_last_is_reported(
    run_text: RunText,
) -> None:
    text = "for number in range(100_000):\n    print('line', number)\n"
    result, received = await run_text(text, output_limit=64 * 1024)
    whole = "".join(f"line {number}\n" for number in range(100_000))
    assert result.outcome is Outcome.FINISHED
    assert received.stdout == whole[: 64 * 1024]
    truncated = received.of(messages.Truncated)
    assert truncated[0].dropped_bytes == 0, "sent at once when the limit is reached"
    assert truncated[-1].stream == "stdout"
    assert truncated[-1].dropped_bytes == len(whole) - 64 * 1024
    assert truncated[-1].last_line == "line 99999"


async def test_a_hundred_thousand_lines_arrive_whole_without_a_limit(run_text: RunText) -> None:
    result, received = await run_text("for number in range(100_000):\n    print(number)\n")
    assert result.outcome is Outcome.FINISHED
    assert received.stdout == "".join(f"{number}\n" for number in range(100_000))
    assert received.of(messages.Truncated) == []


async def test_the_output_of_child_processes_is_limited_too(run_text: RunText) -> None:
    text = (
        "import subprocess\n"
        "subprocess.run(['seq', '100000'])\n"
        "import os\nos.write(2, b'\\xff' * 10)\n"
    )
    result, received = await run_text(text, output_limit=1024)
    whole = "".join(f"{number}\n" for number in range(1, 100_001))
    assert result.outcome is Outcome.FINISHED
    assert received.stdout == whole[:1024]
    assert received.stderr == "\N{REPLACEMENT CHARACTER}" * 10
    (truncated,) = received.of(messages.Truncated)
    assert truncated.dropped_bytes == len(whole) - 1024
    assert truncated.last_line == "100000"


async def test_characters_split_between_writes_arrive_whole(run_text: RunText) -> None:
    text = "import os\nfor byte in '😀𝔽é'.encode():\n    os.write(1, bytes((byte,)))\n"
    _, received = await run_text(text)
    assert received.stdout == "😀𝔽é"


async def test_the_output_limit_applies_to_text_without_line_ends(run_text: RunText) -> None:
    result, received = await run_text("print('y' * 1_000_000, end='')\n", output_limit=1000)
    assert result.outcome is Outcome.FINISHED
    assert received.stdout == "y" * 1000
    assert received.of(messages.Truncated)[-1].dropped_bytes == 999_000


async def test_output_arrives_while_the_program_runs(runner: Runner) -> None:
    live, received = runner.start("import time\nprint('soon')\ntime.sleep(60)\n")
    await received.until(lambda received: received.stdout == "soon\n")
    live.stop()
    assert (await live.finished()).outcome is Outcome.STOPPED
