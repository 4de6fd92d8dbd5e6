"""Behaviour that needs a real GPU: costs, synchronisation, memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from runner.conftest import Runner, eventually
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome
from tensorhints.engine.standby import HostPhase
from tensorhints.model import messages
from tensorhints.model.values import Tensor

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.version.cuda, reason="this PyTorch was built without CUDA"),
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU here"),
]

STEPS = 400
TRAINING = f"""\
import time, torch
torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(1024, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 10)
).to("cuda")
optimizer = torch.optim.AdamW(net.parameters())
x = torch.randn(512, 1024, device="cuda")
y = torch.randint(0, 10, (512,), device="cuda")

def step():
    out = net(x)
    loss = torch.nn.functional.cross_entropy(out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss

for _ in range(50):
    loss = step()
torch.cuda.synchronize()
start = time.perf_counter()
for _ in range({STEPS}):
    loss = step()
torch.cuda.synchronize()
print(time.perf_counter() - start)
"""
WAITS = """\
import torch
from torch.profiler import ProfilerActivity, profile
x = torch.ones(64, 64, device="cuda")
total = x.sum()
with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
    for _ in range(200):
        y = x @ x
        total = y.sum()
        parts = [y, (total, y)]
waits = {"cudaDeviceSynchronize", "cudaStreamSynchronize", "cudaEventSynchronize"}
waits |= {"cudaMemcpyAsync", "cudaMemcpy"}
print(sum(event.count for event in seen.key_averages() if event.key in waits))
"""


@pytest.fixture
def on_gpu(python: Path, tmp_path: Path, gpu_pool: Pool) -> Runner:
    return Runner(gpu_pool, python, tmp_path)


def plain(text: str, folder: Path) -> str:
    """Return what `python FILE` prints."""
    file = folder / "plain.py"
    file.write_text(text)
    ran = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    return ran.stdout


async def test_hints_on_a_gpu_have_no_values(on_gpu: Runner) -> None:
    text = "import torch\nx = torch.ones(2, 3)\ntotal = x.sum()\n"
    result, received = await on_gpu.run(text, device="cuda")
    assert result.outcome is Outcome.FINISHED
    assert received.seen["x"][0].device == "cuda:0"
    (total,) = [
        seen
        for seen in received.of(messages.NewSignature)
        if isinstance(seen.value, Tensor) and seen.value.shape == ()
    ]
    assert total.details is not None
    assert total.details.scalar is None


async def test_probes_do_not_synchronise_with_the_gpu(on_gpu: Runner, tmp_path: Path) -> None:
    _, watched = await on_gpu.run(WAITS)
    assert int(watched.stdout) == int(plain(WAITS, tmp_path))


async def test_an_instrumented_training_loop_ends_like_the_plain_one(
    on_gpu: Runner, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Print the cost of hints. It is not asserted, since it depends on the machine.

    Runs alternate, so that other load on the machine affects both kinds.
    """
    ratios = []
    for _ in range(7):
        own = float(plain(TRAINING, tmp_path))
        result, watched = await on_gpu.run(TRAINING)
        assert result.outcome is Outcome.FINISHED, watched.stderr
        ratios.append(float(watched.stdout) / own)
    card = torch.cuda.get_device_name(0)
    record_property("overhead", statistics.median(ratios))
    record_property("card", card)
    print(f"{card}: hints on a training loop {statistics.median(ratios):.3f} x")


async def test_the_second_run_begins_with_its_context_open(
    on_gpu: Runner, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    text = (
        "import torch\nx = torch.ones(2, 3, device='cuda')\ny = x @ x.T\ntorch.cuda.synchronize()\n"
    )
    await on_gpu.run(text)
    await eventually(
        lambda: on_gpu.pool.standby_state(on_gpu.interpreter, 0).phase is HostPhase.READY
    )
    start = time.perf_counter()
    result, received = await on_gpu.run(text)
    warm = time.perf_counter() - start
    assert result.outcome is Outcome.FINISHED, received.stderr
    start = time.perf_counter()
    plain(text, tmp_path)
    cold = time.perf_counter() - start
    record_property("edit to end, context open", warm)
    record_property("cold python", cold)
    print(f"{torch.cuda.get_device_name(0)}: run {warm:.3f} s, context open; python {cold:.3f} s")


async def test_the_memory_of_the_gpu_is_reported_as_torch_counts_it(on_gpu: Runner) -> None:
    text = (
        "import json, torch\n"
        "x = torch.ones(1 << 20, device='cuda')\n"
        "del x\n"
        "y = torch.ones(1 << 18, device='cuda')\n"
        "stats = torch.cuda.memory_stats(0)\n"
        "names = ('allocated_bytes.all.current', 'reserved_bytes.all.current',\n"
        "         'allocated_bytes.all.peak')\n"
        "print(json.dumps([stats[name] for name in names]))\n"
    )
    _, received = await on_gpu.run(text)
    memory = {used.device: used for used in received.of(messages.MemoryUse)[-1].devices}["cuda:0"]
    assert [memory.allocated, memory.reserved, memory.peak] == json.loads(received.stdout)


async def test_running_out_of_gpu_memory_is_explained_with_the_largest_names(
    on_gpu: Runner,
) -> None:
    text = (
        "import torch\n"
        "weights = torch.empty(1 << 28, device='cuda')\n"
        "more = torch.empty(1 << 48, device='cuda')\n"
    )
    result, _ = await on_gpu.run(text)
    assert result.outcome is Outcome.OUT_OF_MEMORY
    assert result.failure is not None
    assert result.failure.memory_of == "cuda:0"
    assert [holder.name for holder in result.failure.holders] == ["weights"]
    assert result.user_message is not None
    assert result.user_message.code == "gpu-out-of-memory"


async def test_the_last_gpu_is_reached_by_its_index(on_gpu: Runner) -> None:
    last = torch.cuda.device_count() - 1
    _, received = await on_gpu.run("import torch\nx = torch.ones(2)\n", device=f"cuda:{last}")
    assert received.seen["x"][0].device == f"cuda:{last}"
    (started,) = received.of(messages.Started)
    assert started.gpus == {f"cuda:{last}": torch.cuda.get_device_name(last)}


async def test_a_program_on_the_cpu_does_not_see_a_gpu(on_gpu: Runner) -> None:
    text = "import torch\nprint(torch.cuda.is_available(), torch.cuda.device_count())\n"
    _, received = await on_gpu.run(text, device="cpu")
    assert received.stdout == "False 0\n"
