"""The simulated device: its costs, its lack of side effects, and the errors that end a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.values import Tensor

from .conftest import RunText

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("simulation"),
]

SEVEN_BILLION = """\
import resource
import torch
from torch import nn

layer = nn.TransformerEncoderLayer(
    4096, 32, 16384, batch_first=True, device="cuda", dtype=torch.bfloat16
)
model = nn.TransformerEncoder(layer, 32, enable_nested_tensor=False)
head = nn.Linear(4096, 128_000, device="cuda", dtype=torch.bfloat16)
features = model(torch.randn(8, 2048, 4096, device="cuda", dtype=torch.bfloat16))
logits = head(features)
print(sum(p.numel() for p in [*model.parameters(), *head.parameters()]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


async def test_a_model_of_seven_billion_parameters_needs_a_few_hundred_megabytes(
    run_text: RunText,
) -> None:
    result, received = await run_text(SEVEN_BILLION, device="simulated", timeout=60.0)
    assert result.outcome is Outcome.FINISHED, received.stderr
    parameters, kilobytes = map(int, received.stdout.split())
    assert parameters > 6_900_000_000
    assert kilobytes < 700_000
    (logits,) = received.seen["logits"]
    assert (logits.shape, logits.device) == ((8, 2048, 128_000), "cuda:0")


async def test_values_that_were_not_computed_are_not_shown(run_text: RunText) -> None:
    text = "import torch\nx = torch.rand(3).sum()\ny = torch.tensor(2.0)\nprint(x, f'{x:6.2f}')\n"
    _, received = await run_text(text, device="simulated")
    details = [message.details for message in received.of(messages.NewSignature)]
    assert details
    assert all(found is None or found.scalar is None for found in details)
    assert received.stdout == "tensor(..., size=())      ?\n"


async def test_no_file_of_the_user_is_overwritten(run_text: RunText, tmp_path: Path) -> None:
    weights = tmp_path / "model.pt"
    weights.write_bytes(b"precious")
    text = "import torch\ntorch.save(torch.rand(3), 'model.pt')\nx = torch.load('model.pt')\n"
    result, received = await run_text(text, device="simulated")
    assert result.outcome is Outcome.FINISHED, received.stderr
    assert received.seen["x"] == [Tensor((3,), "float32", "cpu")]
    assert weights.read_bytes() == b"precious"


async def test_code_that_needs_real_values_stops_and_keeps_the_hints_above(
    run_text: RunText,
) -> None:
    text = "import torch\nx = torch.rand(2000, 2000)\nrows = x.tolist()\ny = x * 2\n"
    result, received = await run_text(text, device="simulated")
    assert result.failure is not None
    assert result.failure.user_message == "needs-real-values"
    assert result.failure.span.line == 2
    assert set(received.seen) == {"x"}


async def test_operations_that_fake_tensors_do_not_support_give_the_same_message(
    run_text: RunText,
) -> None:
    text = (
        "import torch\nclass Named(torch.Tensor):\n    pass\n"
        "x = torch.rand(3)\ny = x.as_subclass(Named)\n"
    )
    result, received = await run_text(text, device="simulated")
    assert result.failure is not None
    assert (result.failure.user_message, result.failure.span.line) == ("needs-real-values", 4)
    assert "x" in received.seen


async def test_a_loop_that_simulated_answers_never_end_is_stopped_with_its_line(
    run_text: RunText,
) -> None:
    text = "import torch\nx = torch.rand(3)\nwhile True:\n    if x.sum() > 1:\n        pass\n"
    result, _ = await run_text(text, device="simulated", timeout=60.0)
    assert result.failure is not None
    assert result.failure.user_message == "needs-real-values"
    assert result.failure.span.line == 3


async def test_an_ordinary_run_is_not_affected_by_an_earlier_simulated_one(
    run_text: RunText,
) -> None:
    await run_text("import torch\n", device="simulated")
    text = "import torch\nx = torch.rand(())\nprint(torch.cuda.is_available(), type(x).__name__)\n"
    _, received = await run_text(text, device="cpu")
    assert received.stdout == "False Tensor\n"
    assert received.of(messages.NewSignature)[0].details.scalar is not None  # type: ignore[union-attr]


async def test_the_checks_of_a_lesson_report_that_values_are_missing(run_text: RunText) -> None:
    checks = '@check("sum.values", needs=["x"])\ndef _(x):\n    expect(x).values([1.0, 2.0])\n'
    text = "import torch\nx = torch.rand(2)\n"
    _, received = await run_text(text, device="simulated", checks=checks, checks_path="checks.py")
    (verdict,) = received.of(messages.CheckVerdict)
    assert (verdict.verdict, verdict.kind) == ("cannot_check", "simulated")
