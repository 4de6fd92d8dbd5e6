"""The time from starting the server to its first answer and to its first hint."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .client import running
from .environment import JEDI, LESSON, SERVER, BenchmarkEnvironment
from .measure import Figure, Reference, Sample, title


async def first_hint(environment: BenchmarkEnvironment) -> Figure:
    """First hint after starting the server on an open lesson."""
    ours, torch = [], []
    for _ in range(environment.repetitions(15)):
        ours.append(await _first_hint(environment))
        torch.append(await asyncio.to_thread(environment.import_torch))
    reference = Reference("import torch", Sample.of(torch), 1.3)
    return Figure(title(first_hint), "ms", Sample.of(ours), (reference,))


async def initialize(environment: BenchmarkEnvironment) -> Figure:
    """Initialize answered, from the start of the process."""
    folder = environment.workspace("initialize")
    ours, theirs = [], []
    settings = {"trusted": True, "settings": {"run": {"interpreter": sys.executable}}}
    for _ in range(environment.repetitions(25)):
        ours.append(await _initialized(SERVER, folder, environment.variables, settings))
        theirs.append(await _initialized(JEDI, folder, environment.variables, None))
    reference = Reference("jedi-language-server", Sample.of(theirs), 1.2)
    return Figure(title(initialize), "ms", Sample.of(ours), (reference,))


async def _first_hint(environment: BenchmarkEnvironment) -> float:
    started = time.perf_counter()
    async with environment.server(LESSON.parent) as client:
        client.open(LESSON)
        await client.hint_that(LESSON, lambda line, text: "[4,32,32]" in text)
        return (time.perf_counter() - started) * 1000


async def _initialized(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], options: object
) -> float:
    started = time.perf_counter()
    async with running(command, folder, environment) as client:
        await client.initialize(folder, options)
        return (time.perf_counter() - started) * 1000


FIGURES = (first_hint, initialize)
