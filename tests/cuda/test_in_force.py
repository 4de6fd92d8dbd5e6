"""The GPU in force on a machine that seems to have two, and its report."""

from __future__ import annotations

import pytest

from runner.conftest import Received, Runner
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.devices import Device
from tensorhints.present.devices import device_in_force

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM = "import torch\nx = torch.ones(2)\n"


def in_force(asked: str, received: Received) -> str:
    (started,) = received.of(messages.Started)
    return device_in_force(Device(asked, started.device, started.gpus), "en")


async def test_the_device_in_force_is_named_with_its_reason(beside_gpus: Runner) -> None:
    both = "cuda:0 — Stand-in GPU, cuda:1 — Stand-in GPU"
    for asked, expected in (
        ("auto", f"auto: cpu, and {both} if the program asks for it"),
        ("cpu", "cpu: GPUs are hidden from the program"),
        ("cuda", "cuda:0 — Stand-in GPU"),
        ("cuda:1", "cuda:1 — Stand-in GPU"),
    ):
        _, received = await beside_gpus.run(PROGRAM, device=asked)
        assert in_force(asked, received) == expected


async def test_a_run_whose_environment_selects_a_gpu_is_offered_that_one(
    beside_gpus: Runner,
) -> None:
    _, received = await beside_gpus.run(PROGRAM, environment={"CUDA_VISIBLE_DEVICES": "1"})
    expected = "auto: cpu, and cuda:0 — Stand-in GPU if the program asks for it"
    assert in_force("auto", received) == expected


async def test_tensors_are_created_on_the_requested_device(beside_gpus: Runner) -> None:
    _, received = await beside_gpus.run(PROGRAM, device="cuda:1")
    (value,) = received.seen["x"]
    assert value.device == "meta"  # where the stand-in puts them


async def test_a_gpu_that_does_not_exist_is_refused(beside_gpus: Runner) -> None:
    result, received = await beside_gpus.run(PROGRAM, device="cuda:2")
    assert result.outcome is Outcome.REFUSED
    assert result.user_message is not None
    assert (result.user_message.code, result.user_message.detail) == ("no-such-gpu", "cuda:2")
    assert received.stdout == ""


async def test_memory_of_a_gpu_is_reported_as_torch_counts_it(beside_gpus: Runner) -> None:
    text = "import torch\ntorch.cuda.init()\nx = torch.ones(2)\n"
    _, received = await beside_gpus.run(text)
    assert received.of(messages.MemoryUse)[-1].devices == (
        messages.DeviceMemory("cuda:0", 3 << 20, 20 << 20, 5 << 20),
        messages.DeviceMemory("cpu", 8),
    )


async def test_no_memory_is_reported_for_a_gpu_that_was_not_used(beside_gpus: Runner) -> None:
    _, received = await beside_gpus.run(PROGRAM)
    (memory,) = received.of(messages.MemoryUse)
    assert [used.device for used in memory.devices] == ["cpu"]
