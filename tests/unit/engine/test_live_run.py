"""A run whose host dies: whether it can be launched once more."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.results import Outcome
from tensorhints.engine.run_log import CheckpointLog
from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

LOST = UserMessage("runner-killed")


class Host:
    """Satisfies `LaunchingHost`."""

    interpreter = Path("python")

    def stop_run(self, run: int, how: messages.StopKind) -> None: ...

    def file_imported(self, run: LiveRun, path: str) -> None: ...

    def run_concluded(self, run: LiveRun) -> None: ...

    def abandon(self, run: LiveRun) -> None: ...

    def checkpoint_log(self, run: int, checkpoint: int) -> CheckpointLog | None: ...


class Listener:
    """Satisfies `RunListener`."""

    def on_message(self, message: messages.FromRun) -> None: ...

    def on_output(self, stream: str, text: str) -> None: ...


class Observer:
    """Satisfies `RunObserver`."""

    def run_started(self, run: LiveRun) -> None: ...

    def gpu_use_known(self, run: LiveRun, uses_gpu: bool) -> None: ...


def launch(run: LiveRun) -> None:
    for far_end in run.open_streams():
        os.close(far_end)


@pytest_asyncio.fixture
async def run() -> AsyncIterator[LiveRun]:
    found = LiveRun(messages.Run(1, "/a.py", ""), Listener(), 30.0, Host(), Observer())
    launch(found)
    yield found
    found.on_host_lost(LOST)


async def test_a_run_that_was_not_forked_is_launched_once_more(run: LiveRun) -> None:
    assert run.recover()
    launch(run)
    assert not run.recover()


async def test_a_fork_that_has_not_come_to_the_first_statement_is_repeated(run: LiveRun) -> None:
    run.on_forked(messages.Forked(1, 1 << 22))
    assert run.recover()
    assert run.pid is None


async def test_a_program_that_has_started_is_not_repeated(run: LiveRun) -> None:
    run.on_message(messages.Started(1, "cpu"))
    assert not run.recover()
    run.on_host_lost(LOST)
    assert (await run.finished()).user_message == LOST


async def test_a_run_that_was_stopped_is_not_repeated(run: LiveRun) -> None:
    run.stop(Outcome.SUPERSEDED)
    assert not run.recover()


async def test_a_run_that_waits_for_its_second_host_can_be_stopped(run: LiveRun) -> None:
    assert run.recover()
    run.stop(Outcome.STOPPED)
    assert (await run.finished()).outcome is Outcome.STOPPED
