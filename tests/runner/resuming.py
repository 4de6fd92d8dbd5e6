"""Edited programs: run on from paused copies, and run anew, to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from tensorhints.engine.pool import RunResult
from tensorhints.model import messages

from .conftest import Received, Runner

EAGER = """\
from _tensorhints.runner.checkpoint import policy
policy.in_force = policy.EAGER
"""
"""A module of the program's folder: from its import on, every point gets a checkpoint."""

# What the program has come to, all that is random drawn from once more.
REPORT = """\
import random, sys
import numpy, torch

def everything():
    main = vars(sys.modules["__main__"])
    for name, value in sorted((n, main[n]) for n in main if n[:2] != "__"):
        if torch.is_tensor(value):
            print(name, value.dtype, value.shape, value.requires_grad, value.double().sum().item())
        elif isinstance(value, (int, float, str, list, dict, tuple)):
            print(name, value)
    print(torch.rand(3), torch.randn(2), random.random(), random.gauss(0, 1), numpy.random.rand(2))
"""


@dataclass(frozen=True)
class Compared:
    """A run that may have gone on from a copy, and the same text run anew."""

    result: RunResult
    received: Received
    anew: Received
    anew_result: RunResult

    @property
    def resumed_at(self) -> int | None:
        """The line, from 0, that it went on from."""
        started = self.received.of(messages.Started)[0]
        return started.line if started.resumed else None

    def assert_equal(self) -> None:
        assert self.received.stdout == self.anew.stdout
        assert self.received.stderr == self.anew.stderr
        assert self.result.outcome is self.anew_result.outcome
        assert self.received.of(messages.Failed) == _renumbered(self.received, self.anew)
        assert observations(self.received) == observations(self.anew)


def _renumbered(received: Received, other: Received) -> list[messages.Failed]:
    run = received.of(messages.Started)[0].run
    return [messages.Failed(run, failed.failure) for failed in other.of(messages.Failed)]


def observations(received: Received) -> dict[Any, Any]:
    """All that was seen at each place, how often, and what last."""
    locations = {
        location.id: location
        for message in received.of(messages.HintLocations)
        for location in message.locations
    }
    values: dict[int, list[Any]] = {}
    for seen in received.of(messages.NewSignature):
        if not seen.worker:
            values.setdefault(seen.location, []).append(seen.value)
    tallies = {
        tally.location: (tally.counts, tally.last, tally.details)
        for message in received.of(messages.Tally)
        for tally in message.tallies
    }
    found = {}
    for number, known in values.items():
        location = locations[number]
        key = (
            location.path,
            location.span,
            location.kind,
            location.name,
            location.line,
            location.column,
        )
        extent = (
            location.statement_line,
            location.statement_end,
            location.scope,
            location.annotated,
        )
        found[key] = (extent, known, tallies.get(number))
    return found


class Edits:
    """Runs the texts of one program one after the other, each on from a copy where one fits, and
    each anew in a fork that knows of none.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        (runner.folder / "eager.py").write_text(EAGER)
        (runner.folder / "report.py").write_text(REPORT)

    async def run(self, text: str, **fields: Any) -> Compared:
        text = dedent(text)
        fields.setdefault("roots", (str(self._runner.folder),))
        result, received = await self._runner.run(text, checkpoints=True, **fields)
        anew_result, anew = await self._runner.run(text, **fields)
        return Compared(result, received, anew, anew_result)

    async def run_all(self, texts: Sequence[str], **fields: Any) -> list[Compared]:
        compared = [await self.run(text, **fields) for text in texts]
        for one in compared:
            one.assert_equal()
        return compared
