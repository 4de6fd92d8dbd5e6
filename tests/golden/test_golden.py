"""Every golden program, run through the engine, shows what it shall show."""

from __future__ import annotations

import asyncio
import dataclasses
from itertools import count
from pathlib import Path

import pytest

from golden import archive
from tensorhints.engine.pool import Pool
from tensorhints.model.messages import Run
from tensorhints.session.runs.record import RunRecord

GOLDENS = sorted(Path(__file__).parent.rglob("*.txt"))
RUN_LIMIT = 30.0


@pytest.fixture(scope="module")
def shown(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """What each program shows: all of them run on one warm host, one after another."""
    folder = tmp_path_factory.mktemp("golden")
    return asyncio.run(_run_all(python, folder))


async def _run_all(python: Path, folder: Path) -> dict[Path, str]:
    pool = Pool()
    runs = count(1)
    try:
        return {
            path: await _run(pool, python, folder, archive.read(path), next(runs))
            for path in GOLDENS
        }
    finally:
        await pool.close()


async def _run(pool: Pool, python: Path, folder: Path, golden: archive.Golden, run: int) -> str:
    path = folder / "program.py"
    request = Run(run, str(path), golden.source, directory=str(folder), device=golden.device)
    record = RunRecord()
    result = await pool.start(python, request, record, timeout=RUN_LIMIT).finished()
    if result.user_message is not None and record.failure is None:
        return f"{result.outcome.value}: {result.user_message.code}\n"
    return archive.drawn(golden, record.observations(str(path)), record.failure)


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.stem)
def test_golden(path: Path, shown: dict[Path, str], update_golden: bool) -> None:
    golden = archive.read(path)
    if update_golden:
        path.write_text(dataclasses.replace(golden, expected=shown[path]).text(), encoding="utf-8")
        return
    assert shown[path] == golden.expected


def test_there_are_goldens() -> None:
    assert GOLDENS
