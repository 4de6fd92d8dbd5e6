"""Hosts on a machine that seems to have two GPUs, and hosts on the real machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from runner.conftest import Runner
from tensorhints.engine.pool import Pool

STANDIN = Path(__file__).parent / "standin"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[int, int]]]:
    """Returns the CUDA contexts opened so far, as pairs of a process and a GPU."""
    log = tmp_path / "contexts"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(STANDIN))
    monkeypatch.setenv("STANDIN_LOG", str(log))

    def read() -> list[tuple[int, int]]:
        lines = log.read_text().splitlines() if log.exists() else []
        return [(int(pid), int(gpu)) for pid, gpu in map(str.split, lines)]

    return read


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standin_pool(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    """A pool shared by all tests that do not examine standby processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        patch.setenv("PYTHONPATH", str(STANDIN))
        patch.setenv("STANDIN_LOG", str(tmp_path_factory.mktemp("shared") / "contexts"))
        pool = Pool()
        yield pool
        await pool.close()


@pytest.fixture
def beside_gpus(standin_pool: Pool, python: Path, tmp_path: Path) -> Runner:
    return Runner(standin_pool, python, tmp_path)


@pytest_asyncio.fixture
async def on_gpus(opened: object, python: Path, tmp_path: Path) -> AsyncIterator[Runner]:
    """Runs programs on a machine that seems to have two GPUs."""
    pool = Pool()
    yield Runner(pool, python, tmp_path)
    await pool.close()


@pytest_asyncio.fixture
async def gpu_pool() -> AsyncIterator[Pool]:
    pool = Pool()
    yield pool
    await pool.close()
