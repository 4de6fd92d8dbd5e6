"""Without `fork`, each run gets a process of its own, in which programs behave the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import interpreters
from truth import comparison, product

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
PROGRAMS = [CORPUS / "semantics" / name for name in ("streams.py", "scopes.py", "exit_text.py")]


@pytest.fixture(scope="module")
def opened(python: Path) -> Iterator[product.Product]:
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("PYTHON"):
                patch.delenv(name)
        patch.setenv("LC_ALL", "C.UTF-8")
        with product.opened(python, single_use=True) as found:
            yield found


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.stem for program in PROGRAMS])
def test_a_program_behaves_as_under_plain_python(
    program: Path, python: Path, opened: product.Product
) -> None:
    if not interpreters.parses(python, program):
        pytest.skip("the program has newer syntax than the interpreter")
    plain = subprocess.run(
        [str(python), str(program)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        cwd=program.parent,
        check=False,
    )
    run = opened.run(product.request(program))
    assert (run.stdout, run.stderr) == (plain.stdout, plain.stderr)
    assert run.result.exit_status == plain.returncode


def test_every_tensor_is_found(python: Path, tmp_path: Path, opened: product.Product) -> None:
    program = CORPUS / "minigpt" / "train.py"
    truth = comparison.record(python, [program], CORPUS, tmp_path)[program]
    run = opened.run(product.request(program))
    for path, spots in truth.files.items():
        verdict = comparison.compare(path, spots, run.record.observations(str(path)))
        assert not verdict.missed, comparison.listed(verdict.missed)
        assert not verdict.wrong, comparison.listed(verdict.wrong)
