"""Runs of one text after the other, as an editor's edits make them."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tensorhints.engine.results import RunResult
from tensorhints.model import messages

from .conftest import PATIENCE, Received, Runner, finished

SLOW = "import time; time.sleep(0.25)\n"
"""Enough work for a checkpoint to be made after it."""


@dataclass
class Edits:
    """Runs one text after the other as an editor's edits would."""

    runner: Runner

    async def run(self, text: str, **fields: Any) -> tuple[RunResult, Received]:
        live, received = self.runner.start(text, checkpoints=True, **fields)
        return await finished(live), received

    async def scratch(self, text: str, **fields: Any) -> tuple[RunResult, Received]:
        return await self.runner.run(text, **fields)


def line_resumed(received: Received) -> int | None:
    (started,) = received.of(messages.Started)
    return started.line


def refusals(received: Received) -> list[str]:
    return [message.reason for message in received.of(messages.NoCheckpoint)]


def counts(received: Received) -> dict[tuple[str, int], tuple[int, ...]]:
    """How often each signature was seen, by the name and the line of its location."""
    locations = {
        location.id: location
        for message in received.of(messages.HintLocations)
        for location in message.locations
    }
    found = {}
    for message in received.of(messages.Tally):
        for tally in message.tallies:
            location = locations[tally.location]
            found[location.name, location.line] = tally.counts
    return found


def names_at_the_end(received: Received) -> list[str]:
    (namespace,) = received.of(messages.Namespace)
    return [tensor.name for tensor in namespace.tensors]


def children(pid: int) -> set[int]:
    return {
        int(child)
        for task in os.listdir(f"/proc/{pid}/task")
        for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    }


def host_of(runner: Runner) -> int:
    ready = runner.pool.state(runner.interpreter).ready
    assert ready is not None
    return ready.pid


IS_WARM = "import sys\nprint('torch._dynamo' in sys.modules)\n"


async def warmed(runner: Runner) -> None:
    """Wait until a host has imported everything that it imports while idle."""

    async def is_warm() -> None:
        received = Received()
        while received.stdout != "True\n":
            await asyncio.sleep(0.5)
            _, received = await runner.run(IS_WARM)

    await asyncio.wait_for(is_warm(), PATIENCE)
