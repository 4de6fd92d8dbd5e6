"""Tensors are inspected in a checkpoint of the program's end, without side effects."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.inspections import Inspection
from tensorhints.model.user_messages import UserMessage

from .conftest import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

_queries = itertools.count(1)


async def ended(runner: Runner, text: str, **fields: Any) -> messages.Inspect:
    """Run a text to its end; return a request to inspect its `x`."""
    result, received = await runner.run(text, inspect=True, **fields)
    assert result.outcome in (Outcome.FINISHED, Outcome.FAILED), received.stderr
    return messages.Inspect(received.of(messages.Started)[0].run, next(_queries), "x")


async def inspected(runner: Runner, request: messages.Inspect) -> Inspection:
    answer = await runner.pool.inspect(runner.interpreter, request)
    assert answer.problem is None, answer.problem
    assert answer.inspection is not None
    return answer.inspection


@pytest.mark.parametrize(
    "text",
    [
        "import torch\nx = torch.ones(2, 3)\n",
        "import torch\nx = torch.ones(2, 3)\nx @ x\n",
        "import torch, sys\nx = torch.ones(2, 3)\nsys.exit(3)\n",
        # Modes left active, threads left running, functions of torch replaced.
        "import torch\nx = torch.ones(2, 3)\ntorch.set_default_device('meta')\n",
        "import torch\nx = torch.ones(2, 3)\ntorch.inference_mode().__enter__()\n",
        "import torch\nx = torch.ones(2, 3)\ntorch.use_deterministic_algorithms(True)\n",
        "import torch\nx = torch.ones(2, 3)\ntorch.Tensor.mean = torch.arange = None\n",
        (
            "import torch, threading\nx = torch.ones(2, 3)\n"
            "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        ),
    ],
)
async def test_a_tensor_is_inspected_after_the_program_has_ended(runner: Runner, text: str) -> None:
    found = await inspected(runner, await ended(runner, text))
    assert found.numbers is not None, found.reason
    assert found.numbers.block.rows == (("1.0",) * 3,) * 2


async def test_inspection_does_not_run_code_of_the_program(runner: Runner) -> None:
    text = """\
import torch
class Loud(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *arguments, **options):
        open("heard", "w").close()
        return super().__torch_function__(*arguments, **options)
x = torch.ones(2).as_subclass(Loud)
"""
    request = await ended(runner, text)
    (runner.folder / "heard").unlink(missing_ok=True)
    assert (await inspected(runner, request)).numbers is not None
    assert not (runner.folder / "heard").exists()


async def test_a_billion_elements_are_inspected_like_a_few(runner: Runner) -> None:
    text = "import torch\nx = torch.arange(10.0).repeat(100).expand(1_000_000, 1000)\n"
    found = await inspected(runner, await ended(runner, text))
    assert found.numbers is not None
    assert found.numbers.sampled
    assert (found.numbers.statistics.minimum, found.numbers.statistics.maximum) == ("0.0", "9.0")


async def test_an_inspection_changes_nothing_and_frees_its_memory(runner: Runner) -> None:
    request = await ended(runner, "import torch\nx = torch.rand(3, 300, 300)\n")
    first = await inspected(runner, request)
    for _ in range(5):
        assert await inspected(runner, request) == first


async def test_a_program_whose_checkpoint_was_dropped_reports_it(runner: Runner) -> None:
    request = await ended(runner, "import torch\nx = torch.ones(2)\n")
    assert (await inspected(runner, request)).numbers is not None
    runner.release()
    answer = await runner.pool.inspect(runner.interpreter, request)
    assert answer.problem == UserMessage("tensor-no-checkpoint")


async def test_a_run_without_a_request_for_inspection_keeps_no_checkpoint(runner: Runner) -> None:
    result, received = await runner.run("import torch\nx = torch.ones(2)\n")
    assert result.outcome is Outcome.FINISHED
    request = messages.Inspect(received.of(messages.Started)[0].run, next(_queries), "x")
    answer = await runner.pool.inspect(runner.interpreter, request)
    assert answer.problem == UserMessage("tensor-no-checkpoint")
