"""Runs of one text after the other, as an editor's edits make them."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tensorhints.engine.pool import RunResult
from tensorhints.model import messages

from .conftest import PATIENCE, Heard, Runner, finished

SLOW = "import time; time.sleep(0.25)\n"
"""Work enough for a copy to be paused after it."""


@dataclass
class Edits:
    """Runs one text after the other as an editor's edits would."""

    runner: Runner

    async def run(self, text: str, **fields: Any) -> tuple[RunResult, Heard]:
        live, heard = self.runner.start(text, checkpoints=True, **fields)
        return await finished(live), heard

    async def scratch(self, text: str, **fields: Any) -> tuple[RunResult, Heard]:
        return await self.runner.run(text, **fields)


def line_resumed(heard: Heard) -> int | None:
    (started,) = heard.of(messages.Started)
    return started.line


def refusals(heard: Heard) -> list[str]:
    return [message.reason for message in heard.of(messages.NotKept)]


def counts(heard: Heard) -> dict[tuple[str, int], tuple[int, ...]]:
    """How often each signature was seen, by the name of its place and its line."""
    places = {place.id: place for sites in heard.of(messages.Sites) for place in sites.places}
    found = {}
    for message in heard.of(messages.Tally):
        for tally in message.tallies:
            place = places[tally.place]
            found[place.name, place.line] = tally.counts
    return found


def names_at_the_end(heard: Heard) -> list[str]:
    (namespace,) = heard.of(messages.Namespace)
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


IS_THERE = "import sys\nprint('torch._dynamo' in sys.modules)\n"


async def warmed(runner: Runner) -> None:
    """Waits until a host has imported all that it does while nothing is asked of it."""

    async def comes() -> None:
        heard = Heard()
        while heard.stdout != "True\n":
            await asyncio.sleep(0.5)
            _, heard = await runner.run(IS_THERE)

    await asyncio.wait_for(comes(), PATIENCE)
