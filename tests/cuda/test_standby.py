"""The standby process that holds a CUDA context for the next run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from runner.conftest import Runner, eventually
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.engine.standby import HostPhase

Opened = Callable[[], list[tuple[int, int]]]

USES = "import os, torch\ntorch.cuda.init()\nx = torch.ones(2)\nprint(os.getpid())\n"
USES_NOT = "import os, torch\nx = torch.ones(2)\nprint(os.getpid())\n"


async def test_no_context_is_opened_before_a_run_has_used_one(
    on_gpus: Runner, opened: Opened
) -> None:
    for device in ("auto", "cpu"):
        result, _ = await on_gpus.run(USES_NOT, device=device)
        assert result.outcome is Outcome.FINISHED
    assert opened() == []
    assert phase(on_gpus) is HostPhase.COLD


async def test_after_a_run_with_cuda_the_next_begins_with_its_context_open(
    on_gpus: Runner, opened: Opened
) -> None:
    _, first = await on_gpus.run(USES)
    assert opened() == [(int(first.stdout), 0)]
    await standing_by(on_gpus)
    _, second = await on_gpus.run(
        USES.replace("torch.cuda.init()", "assert torch.cuda.is_initialized()")
    )
    assert (int(second.stdout), 0) in opened()
    assert second.seen["x"][0].shape == (2,)


async def test_programs_that_do_not_use_a_gpu_are_forked_as_usual(
    on_gpus: Runner, opened: Opened
) -> None:
    await on_gpus.run(USES)
    await standing_by(on_gpus)
    _, received = await on_gpus.run(USES_NOT, path=str(on_gpus.folder / "other.py"))
    assert int(received.stdout) not in [pid for pid, _ in opened()]


async def test_a_program_that_chooses_gpus_starts_with_cuda_uninitialised(
    on_gpus: Runner, opened: Opened
) -> None:
    await on_gpus.run(USES)
    await standing_by(on_gpus)
    _, received = await on_gpus.run(
        "import torch\nprint(torch.cuda.is_initialized())\n",
        environment={"CUDA_VISIBLE_DEVICES": "1"},
    )
    assert received.stdout == "False\n"


async def test_a_context_that_is_not_needed_is_released(on_gpus: Runner, opened: Opened) -> None:
    pool = Pool(standby_idle=0.1)
    impatient = dataclasses.replace(on_gpus, pool=pool)
    try:
        await impatient.run(USES)
        # A standby process that lives for a tenth of a second may have exited before it is seen.
        await eventually(lambda: len(opened()) == 2)
        await eventually(lambda: phase(impatient) is HostPhase.COLD)
        result, _ = await impatient.run(USES)
        assert result.outcome is Outcome.FINISHED
    finally:
        await pool.close()


@pytest.mark.parametrize("device", ["cpu", "cuda:1"])
async def test_choosing_another_device_releases_the_context(on_gpus: Runner, device: str) -> None:
    await on_gpus.run(USES)
    await standing_by(on_gpus)
    live, _ = on_gpus.start(USES_NOT, device=device)
    assert phase(on_gpus) is HostPhase.COLD
    await live.finished()


async def test_code_is_only_called_unchanged_by_the_host_that_ran_it_last(
    on_gpus: Runner,
) -> None:
    path = str(on_gpus.folder / "program.py")
    await on_gpus.run(USES)
    await standing_by(on_gpus)
    await on_gpus.run(USES + "y = x + 1\n", only_if_changed=path)
    result, _ = await on_gpus.run(USES, only_if_changed=path, environment={"CUDA_A": "1"})
    assert result.outcome is Outcome.FINISHED


def phase(runner: Runner, gpu: int = 0) -> HostPhase:
    return runner.pool.standby_state(runner.interpreter, gpu).phase


async def standing_by(runner: Runner, gpu: int = 0) -> None:
    await eventually(lambda: phase(runner, gpu) is HostPhase.READY)
