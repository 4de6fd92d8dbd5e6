"""Every public operation that takes two tensors refuses mixed devices when it is simulated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tensorhints.engine.results import Outcome

from .conftest import RunText

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("simulation"),
]

PROGRAM = Path(__file__).parent / "simulated" / "mixed_devices.py"
SERVER = Path(__file__).resolve().parents[2] / "server"

SIZES_ALONE = {
    "broadcast_tensors", "expand_as", "reshape_as", "view_as", "atleast_1d", "atleast_2d",
    "atleast_3d", "resize_as_", "torch.is_same_size", "torch.Tensor.expand_as",
    "torch.Tensor.is_same_size", "torch.Tensor.reshape_as", "torch.Tensor.resize_as",
    "torch.Tensor.resize_as_", "torch.Tensor.view_as",
}  # fmt: skip
"""Their tensors are handled one by one, or only the size of the second one counts."""

COPIES = {
    "diagonal_scatter", "slice_scatter", "to", "torch.diagonal_scatter", "torch.slice_scatter",
    "torch.Tensor.copy_", "torch.Tensor.diagonal_scatter", "torch.Tensor.slice_scatter",
    "torch.Tensor.to", "torch.Tensor.type_as", "torch.Tensor.module_load",
}  # fmt: skip
"""They copy from one device to the other."""

SOME = {
    "__getitem__": [[0]],  # indices on the CPU are moved to the tensor's device
    "index_put": [[0, 2]],
    "diff": [[0], [0, 1], [0, 2], [1], [1, 2], [2]],  # of order 0: nothing is appended
}
"""Operations that accept these positions on the GPU alone."""


@pytest.mark.slow
async def test_every_operation_that_takes_two_tensors_refuses_two_devices() -> None:
    pytest.importorskip("expecttest")  # torch's own test cases need it
    environment = {**os.environ, "PYTHONPATH": str(SERVER)}
    ran = subprocess.run(
        [sys.executable, str(PROGRAM)], capture_output=True, env=environment, text=True
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert len(found["called"]) > 550
    assert {"nn.functional.conv2d", "torch.Tensor.masked_select", "bincount", "equal"} <= set(
        found["called"]
    )
    accepted = found["accepted"]
    assert {name: accepted[name] for name in SOME} == SOME
    assert set(accepted) - SOME.keys() == SIZES_ALONE | COPIES


@pytest.mark.parametrize("kind", ["Conv", "ConvTranspose"])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
async def test_a_convolution_names_the_types_as_torch_does(
    run_text: RunText, kind: str, dimensions: int
) -> None:
    text = (
        "import torch\n"
        f"net = torch.nn.Sequential(torch.nn.{kind}{dimensions}d(1, 4, 3)).cuda()\n"
        f"x = torch.zeros(1, 1{', 8' * dimensions})\n"
        "y = net(x)\n"
    )
    result, received = await run_text(text, device="simulated")
    assert result.failure is not None, received.stderr
    assert result.failure.span.line == 3
    assert result.failure.message == (
        "Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same"
    )


async def test_an_index_on_the_gpu_cannot_index_a_tensor_on_the_cpu(run_text: RunText) -> None:
    text = (
        "import torch\n"
        "index = torch.zeros(2, dtype=torch.long)\n"
        "a = torch.zeros(3, device='cuda')[index]\n"
        "torch.zeros(3, device='cuda')[index] = torch.tensor(1.0)\n"
        "b = torch.zeros(3)[index.cuda()]\n"
    )
    result, received = await run_text(text, device="simulated")
    assert result.failure is not None, received.stderr
    assert (result.failure.span.line, result.failure.message) == (
        4,
        "indices should be either on cpu or on the same device as the indexed tensor (cpu)",
    )


async def test_lists_may_be_spread_over_devices(run_text: RunText) -> None:
    text = (
        "import torch\n"
        "a = [torch.ones(2), torch.ones(2, device='cuda')]\n"
        "torch._foreach_mul_(a, 2.0)\n"
        "b = torch.empty(2, device='cuda')\n"
        "b.copy_(torch.ones(2))\n"
        "b += 1\n"
        "c = b + torch.tensor(2.0)\n"
    )
    result, received = await run_text(text, device="simulated")
    assert result.outcome is Outcome.FINISHED, received.stderr
