"""When a program starts again, with a host that takes its time."""

from __future__ import annotations

import asyncio
from typing import Any

from tensorhints.engine.results import Outcome
from tensorhints.model.messages import Started
from tensorhints.session.runs.live_file import BURST_SECONDS, Attempt, LiveFile
from tensorhints.session.runs.record import RunRecord
from tensorhints.session.text.documents import Document

PATH = "/a.py"


class SlowHost:
    """A desk and the runs that it launches, none of which begins by itself."""

    def __init__(self) -> None:
        self.launched: list[Attempt] = []
        self.stopped: list[Outcome] = []
        self.told: list[str] = []

    def attempt(self, program: LiveFile, *, explicit: bool, changed: frozenset[str]) -> Attempt:
        ended = asyncio.get_running_loop().create_future()
        number = len(self.launched) + 1
        return Attempt(number, explicit, "cpu", changed, RunRecord(), {}, None, ended)

    def launch(self, program: LiveFile, attempt: Attempt, only_if_changed: str | None) -> Any:
        self.launched.append(attempt)
        return self

    def stop(self, outcome: Outcome) -> None:
        self.stopped.append(outcome)

    async def finished(self) -> None:
        await asyncio.get_running_loop().create_future()

    def may_run_by_itself(self, when: object) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.told.append(name)

    def begin(self, program: LiveFile) -> None:
        program.on_message(self.launched[-1], Started(self.launched[-1].run, "cpu"))


async def test_edits_wait_while_the_host_takes_up_the_one_before() -> None:
    host = SlowHost()
    program = LiveFile(Document("file:///a.py", PATH, "", 1, "python"), host)
    program.is_live = True
    for _ in range(3):
        program.edited(PATH)
        await asyncio.sleep(2 * BURST_SECONDS)
    assert len(host.launched) == 1
    host.begin(program)
    assert len(host.launched) == 2
    host.begin(program)
    assert len(host.launched) == 2
    assert host.stopped == [Outcome.SUPERSEDED]
    for attempt in host.launched:
        assert attempt.task is not None
        attempt.task.cancel()


async def test_a_stop_forgets_the_edits_that_wait() -> None:
    host = SlowHost()
    program = LiveFile(Document("file:///a.py", PATH, "", 1, "python"), host)
    program.is_live = True
    for _ in range(2):
        program.edited(PATH)
        await asyncio.sleep(2 * BURST_SECONDS)
    program.stop()
    host.begin(program)
    assert len(host.launched) == 1
    task = host.launched[0].task
    assert task is not None
    task.cancel()


async def test_who_waits_for_hints_also_waits_for_a_slow_start() -> None:
    host = SlowHost()
    program = LiveFile(Document("file:///a.py", PATH, "", 1, "python"), host)
    attempt = program.run()
    waiting = asyncio.ensure_future(program.settled(0, starting_limit=60))
    await asyncio.sleep(0)
    assert not waiting.done()
    host.begin(program)
    await asyncio.wait_for(waiting, 60)
    assert attempt.task is not None
    attempt.task.cancel()
