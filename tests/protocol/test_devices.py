"""The device of a run: chosen by setting or command, shown in lens and status."""

from __future__ import annotations

import pytest
import torch

from protocol.editor import Editor

PROGRAM = """\
import torch
device = "cuda" if torch.cuda.is_available() else "cpu"
x = torch.ones(2, 3, device=device)
"""
SIMULATED = "simulated: no values are computed"


async def test_the_device_in_use_is_shown_with_its_reason(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert (await neovim.run(uri))["device"] == "cpu"
    assert "· auto: cpu" in (await neovim.lenses(uri))[1]
    assert neovim.runs[-1].device == "cpu"
    assert neovim.runs[-1].deviceText.startswith("auto: cpu")


@pytest.mark.usefixtures("simulation")
async def test_another_device_runs_the_file_again_there(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.command("setDevice", {"uri": uri, "device": "cpu"})
    await neovim.run(uri)
    assert "x«: f32[2,3] cpu»" in await neovim.drawn(uri)
    known = len(neovim.runs)
    assert await neovim.command("setDevice", {"uri": uri, "device": "simulated"}) == "simulated"
    ended = await neovim.run_after(known)
    assert (ended.outcome, ended.device, ended.deviceText) == ("finished", "simulated", SIMULATED)
    await neovim.until_drawn(uri, "x«: f32[2,3] cuda:0»")
    assert (await neovim.lenses(uri))[1].endswith(f"· {SIMULATED}")


@pytest.mark.usefixtures("simulation")
async def test_a_failed_simulated_run_is_marked_as_simulated(neovim: Editor) -> None:
    text = PROGRAM + "y = x + torch.ones(2, 3)\n"
    uri = neovim.open("program.py", text)
    await neovim.command("run", {"uri": uri, "device": "simulated"})
    lens = (await neovim.lenses(uri))[1]
    assert lens.startswith("✗ failed at line 4")
    assert lens.endswith(f"· {SIMULATED}")


async def test_the_memory_of_each_device_comes_with_the_rows(neovim: Editor) -> None:
    uri = neovim.open("program.py", "import torch\nx = torch.ones(8)\nkept = [torch.ones(8)]\n")
    await neovim.command("run", {"uri": uri, "device": "cpu"})
    totals = (await neovim.command("tensors", {"uri": uri}))["totals"]
    expected = {"tensors": 1, "bytes": 32, "allocated": 64, "reserved": None, "peak": None}
    assert totals == {"cpu": expected}


@pytest.mark.parametrize("device", ["cuda:77", "mps"])
async def test_a_missing_device_is_refused_and_not_replaced(neovim: Editor, device: str) -> None:
    if device == "mps" and torch.backends.mps.is_available():
        pytest.skip("there is an mps device here")
    uri = neovim.open("program.py", PROGRAM)
    answer = await neovim.command("run", {"uri": uri, "device": device})
    assert answer["outcome"] == "refused"
    messages = await neovim.until(
        lambda: [text for text in neovim.shown_messages() if "device" in text]
    )
    assert "tensorhints doctor" in messages[-1] or "“cpu”" in messages[-1]
    assert (await neovim.lenses(uri))[1] == "✗ did not run"


async def test_the_setting_moves_live_files(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    known = len(neovim.runs)
    await neovim.configure({"run": {"device": "cpu"}})
    ended = await neovim.run_after(known)
    assert ended.deviceText in ("cpu", "cpu: GPUs are hidden from the program")
    await neovim.configure({})


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
async def test_a_program_that_needs_a_gpu_is_offered_the_simulated_device(neovim: Editor) -> None:
    text = "import torch\nx = torch.ones(2, 3)\ny = x.cuda()\n"
    uri = neovim.open("program.py", text)
    assert (await neovim.run(uri))["outcome"] == "failed"
    (found,) = await neovim.until(lambda: neovim.published(uri))
    assert "has no CUDA device" in found.message
    assert "Choose the device “simulated”" in found.message

    assert await neovim.actions(uri, 1, automatic=True) == []
    (fix,) = await neovim.actions(uri, 2, automatic=True)
    assert (fix.kind, fix.title) == (
        "quickfix",
        "Tensor Hints: use a simulated device (shapes only)",
    )
    known = len(neovim.runs)
    await neovim.command("setDevice", fix.command.arguments[0])
    assert (await neovim.run_after(known)).outcome == "finished"
    await neovim.until_drawn(uri, "y«: f32[2,3] cuda:0»")
    assert await neovim.actions(uri, 2, automatic=True) == []
