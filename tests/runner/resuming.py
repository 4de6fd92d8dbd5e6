"""Runs edited programs twice, resumed from checkpoints and from the start, to compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from tensorhints.engine.results import RunResult
from tensorhints.model import messages

from .conftest import Received, Runner

EAGER = """\
from _tensorhints.runner.checkpoint import policy
policy.in_force = policy.EAGER
"""
"""A module of the program's folder: from its import on, every point gets a checkpoint."""

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
"""A module of the program's folder: prints its variables and draws from every generator."""


@dataclass(frozen=True)
class Compared:
    """A run that may have resumed from a checkpoint, and a run of the same text from the start."""

    result: RunResult
    received: Received
    scratch: Received
    scratch_result: RunResult

    @property
    def resumed_at(self) -> int | None:
        """The line (from 0) where it resumed."""
        started = self.received.of(messages.Started)[0]
        return started.line if started.resumed else None

    def assert_equal(self) -> None:
        assert self.received.stdout == self.scratch.stdout
        assert self.received.stderr == self.scratch.stderr
        assert self.result.outcome is self.scratch_result.outcome
        assert self.received.of(messages.Failed) == _renumbered(self.received, self.scratch)
        assert observations(self.received) == observations(self.scratch)


def _renumbered(received: Received, other: Received) -> list[messages.Failed]:
    run = received.of(messages.Started)[0].run
    return [messages.Failed(run, failed.failure) for failed in other.of(messages.Failed)]


def observations(received: Received) -> dict[Any, Any]:
    """The signatures at each hint location with their counts, and the last one."""
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


class ComparedEdits:
    """Runs the texts of one program one after the other.

    Each is resumed from a checkpoint if possible, and also run from the start.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        (runner.folder / "eager.py").write_text(EAGER)
        (runner.folder / "report.py").write_text(REPORT)

    async def run(self, text: str, **fields: Any) -> Compared:
        text = dedent(text)
        fields.setdefault("roots", (str(self._runner.folder),))
        result, received = await self._runner.run(text, checkpoints=True, **fields)
        scratch_result, scratch = await self._runner.run(text, **fields)
        return Compared(result, received, scratch, scratch_result)

    async def run_all(self, texts: Sequence[str], /, **fields: Any) -> list[Compared]:
        compared = [await self.run(text, **fields) for text in texts]
        for one in compared:
            one.assert_equal()
        return compared
