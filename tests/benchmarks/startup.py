"""How soon the server answers, and how soon it shows the first hint."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .client import running
from .measure import Figure, Reference, Sample
from .surroundings import JEDI, LESSON, SERVER, Surroundings


async def first_hint(here: Surroundings) -> Figure:
    """First hint after starting the server on an open lesson"""
    ours, torch = [], []
    for _ in range(here.repetitions(15)):
        ours.append(await _first_hint(here))
        torch.append(await asyncio.to_thread(here.import_torch))
    reference = Reference("import torch", Sample.of(torch), 1.3)
    return Figure(first_hint.__doc__ or "", "ms", Sample.of(ours), (reference,))


async def initialize(here: Surroundings) -> Figure:
    """Initialize answered, from the start of the process"""
    folder = here.workspace("initialize")
    ours, theirs = [], []
    settings = {"trusted": True, "settings": {"run": {"interpreter": sys.executable}}}
    for _ in range(here.repetitions(25)):
        ours.append(await _initialized(SERVER, folder, here.environment, settings))
        theirs.append(await _initialized(JEDI, folder, here.environment, None))
    reference = Reference("jedi-language-server", Sample.of(theirs), 1.2)
    return Figure(initialize.__doc__ or "", "ms", Sample.of(ours), (reference,))


async def _first_hint(here: Surroundings) -> float:
    started = time.perf_counter()
    async with here.server(LESSON.parent) as client:
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
