"""Programs that fail on real hardware fail on the simulated device too, with the same words."""

from __future__ import annotations

import asyncio
import re
from itertools import count
from pathlib import Path

import pytest

from golden import archive
from tensorhints.engine.pool import Pool
from tensorhints.model.messages import Run
from tensorhints.session.runs.record import RunRecord

FAILURES = sorted((Path(__file__).parent / "failures").glob("*.txt"))
RUN_LIMIT = 30.0

_VALUE = re.compile(r"(‹[^›]*?) = [^›]*?(?=( ∇)?›)")


@pytest.fixture(scope="module")
def shown(
    python: Path, simulation: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, str]:
    """What each program shows on the simulated device, all of them run on one warm host."""
    return asyncio.run(_run_all(python, tmp_path_factory.mktemp("simulated")))


async def _run_all(python: Path, folder: Path) -> dict[Path, str]:
    pool = Pool()
    runs = count(1)
    try:
        return {path: await _run(pool, python, folder, path, next(runs)) for path in FAILURES}
    finally:
        await pool.close()


async def _run(pool: Pool, python: Path, folder: Path, golden_path: Path, run: int) -> str:
    golden = archive.read(golden_path)
    path = folder / "program.py"
    request = Run(run, str(path), golden.source, directory=str(folder), device="simulated")
    record = RunRecord()
    await pool.start(python, request, record, timeout=RUN_LIMIT).finished()
    return archive.drawn(golden, record.observations(str(path)), record.failure)


@pytest.mark.parametrize("path", FAILURES, ids=lambda path: path.stem)
def test_it_fails_as_on_real_hardware(path: Path, shown: dict[Path, str]) -> None:
    assert shown[path] == _VALUE.sub(r"\1", archive.read(path).expected)
