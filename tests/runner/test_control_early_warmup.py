"""A host that is started before there is an event loop, to warm up while the server starts."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.engine.standby import HostPhase

from .conftest import Runner


def test_a_host_may_warm_up_before_there_is_an_event_loop(python: Path, tmp_path: Path) -> None:
    pool = Pool()
    pool.warm(python, tmp_path)
    assert pool.state(python).phase is HostPhase.WARMING

    async def serve() -> None:
        try:
            result, received = await Runner(pool, python, tmp_path).run("print(1)\n")
        finally:
            await pool.close()
        assert result.outcome is Outcome.FINISHED
        assert received.stdout == "1\n"

    asyncio.run(serve())
