"""Typical programs on the simulated device: the values observed at each name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import interpreters
from tensorhints.engine.results import Outcome
from tensorhints.model.values import Tensor

from .conftest import RunText

_PRELUDE = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
_SHORT = {
    "float16": "f16", "float32": "f32", "float64": "f64", "bfloat16": "bf16", "int32": "i32",
    "int64": "i64", "complex64": "c64",
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A program of the archive: its code, the expected labels by name, and the expected failure."""

    title: str
    code: str
    labels: dict[str, str]
    failure: tuple[str, str] | None


def _archive() -> list[Written]:
    text = (Path(__file__).parent / "simulated" / "programs.txt").read_text("utf-8")
    programs = []
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, _, code = part.partition("\n")
        labels = dict(re.findall(r"^#> (\S+) (.*)$", code, re.MULTILINE))
        failure = re.search(r"^#! (\w+): (.*)$", code, re.MULTILINE)
        programs.append(Written(title, code, labels, (failure[1], failure[2]) if failure else None))
    return programs


PROGRAMS = _archive()


def test_each_program_of_the_archive_has_expectations() -> None:
    assert len(PROGRAMS) >= 97
    assert all(program.labels or program.failure for program in PROGRAMS)
    assert len({program.title for program in PROGRAMS}) == len(PROGRAMS)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("simulation")
@pytest.mark.parametrize("program", PROGRAMS, ids=[program.title for program in PROGRAMS])
async def test_a_program_runs_on_the_simulated_device(
    program: Written, python: Path, run_text: RunText
) -> None:
    if "nn.GRU" in program.code and interpreters.is_built_for_gpus(python):
        pytest.skip("a torch that was built for CUDA has no shapes of its fused GRU")
    result, received = await run_text(_PRELUDE + program.code, device="simulated", timeout=60.0)
    shown = {
        name: _label(received.seen[name][-1]) for name in program.labels if name in received.seen
    }
    assert shown == program.labels, received.stderr
    if program.failure is None:
        assert result.outcome is Outcome.FINISHED, received.stderr
    else:
        assert result.failure is not None
        assert result.failure.exception == program.failure[0]
        assert program.failure[1] in result.failure.message


def _label(value: object) -> str:
    assert isinstance(value, Tensor)
    assert value.type_name in ("Tensor", "Parameter")
    guessed = "≈" if value.guessed else ""
    sizes = ",".join(map(str, value.shape or ()))
    gradient = " ∇" if value.requires_grad else ""
    return f"{guessed}{_SHORT.get(value.dtype, value.dtype)}[{sizes}] {value.device}{gradient}"
