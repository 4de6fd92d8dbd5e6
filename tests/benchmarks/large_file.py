"""Requests for a file of 5,000 lines with 10,000 hints."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .client import Client
from .environment import BenchmarkEnvironment
from .measure import Figure, Reference, Sample, title

LINES = 5_000
SCREEN = 60


async def hints_of_a_whole_file(environment: BenchmarkEnvironment) -> Figure:
    """InlayHint, whole file of 10,000 hints, after an edit."""
    times = []
    async with _opened(environment) as (client, path):
        for number in range(environment.repetitions(15)):
            _touch(client, path, number)
            started = time.perf_counter()
            hints = await client.hints(path)
            times.append((time.perf_counter() - started) * 1000)
            assert len(hints) >= 2 * LINES, len(hints)
    return Figure(title(hints_of_a_whole_file), "ms", Sample.of(times), ceiling=150.0)


async def hints_of_a_screen(environment: BenchmarkEnvironment) -> Figure:
    """InlayHint, one screen of the same file, after an edit."""
    times = []
    async with _opened(environment) as (client, path):
        for number in range(environment.repetitions(60, 10)):
            first = 37 * number % (LINES - SCREEN) + 10
            _touch(client, path, number)
            # The edit's own work is not the request's.
            await client.hints(path, LINES - 2, LINES - 1)
            started = time.perf_counter()
            hints = await client.hints(path, first, first + SCREEN)
            times.append((time.perf_counter() - started) * 1000)
            assert len(hints) >= 2 * SCREEN, len(hints)
    return Figure(title(hints_of_a_screen), "ms", Sample.of(times), ceiling=5.0)


async def run_of_a_large_file(environment: BenchmarkEnvironment) -> Figure:
    """A run of the same file, to its end."""
    times, plain = [], []
    async with _opened(environment) as (client, path):
        for _ in range(environment.repetitions(7)):
            started = time.perf_counter()
            await client.run(path)
            times.append((time.perf_counter() - started) * 1000)
            plain.append(environment.cold(path))
    reference = Reference("python FILE", Sample.of(plain))
    return Figure(title(run_of_a_large_file), "ms", Sample.of(times), (reference,))


@asynccontextmanager
async def _opened(environment: BenchmarkEnvironment) -> AsyncIterator[tuple[Client, Path]]:
    path = environment.program("large", "large.py", _text())
    async with environment.server(path.parent, when="manual") as client:
        client.open(path)
        await client.run(path)
        yield client, path


def _touch(client: Client, path: Path, number: int) -> None:
    """Edit the last line, which makes the server recompute the hints of the file."""
    before = 0 if number == 0 else len(f"# {number - 1}")
    client.replace(path, _text().count("\n"), 0, before, f"# {number}")


def _text() -> str:
    shapes = [f"t{size} = torch.zeros({size}, 4)" for size in range(1, 10)]
    lines = ["import torch", *shapes]
    lines += [f"a{n} = b{n} = t{n % 9 + 1}" for n in range(LINES)]
    return "\n".join(lines) + "\n"


FIGURES = (hints_of_a_whole_file, hints_of_a_screen, run_of_a_large_file)
