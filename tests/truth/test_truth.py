"""Every location that holds a tensor gets the right signatures, and no hint is wrong.

`recorder` records the truth for the programs of tests/corpus; the product runs them through its
engine. The tests print a table of what was found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import values
from truth import comparison, product
from truth.comparison import Truth, Verdict

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
PROGRAMS = sorted(
    [*CORPUS.glob("*.py"), CORPUS / "minigpt" / "train.py", CORPUS / "imports" / "main.py"]
)
NAMES = [program.relative_to(CORPUS).as_posix() for program in PROGRAMS]


@pytest.fixture(scope="module")
def truths(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Truth]:
    return comparison.record(python, PROGRAMS, CORPUS, tmp_path_factory.mktemp("truth"))


@pytest.fixture(scope="module")
def runs(python: Path, truths: dict[Path, Truth]) -> Iterator[dict[Path, product.ProductRun]]:
    with product.opened(python) as opened:
        yield product.run_all(opened, {path: product.request(path) for path in PROGRAMS})


@pytest.fixture(scope="module")
def verdicts(
    truths: dict[Path, Truth], runs: dict[Path, product.ProductRun]
) -> dict[Path, list[Verdict]]:
    """The comparison of each program's files, by program."""
    found = {}
    for program in PROGRAMS:
        record, truth = runs[program].record, truths[program]
        found[program] = [
            comparison.compare(path, spots, record.observations(str(path)))
            for path, spots in truth.files.items()
        ]
    print("\n" + comparison.table((v for several in found.values() for v in several), CORPUS))
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=NAMES)
def test_the_program_ends_as_it_does_without_the_product(
    program: Path, truths: dict[Path, Truth], runs: dict[Path, product.ProductRun]
) -> None:
    expected = Outcome.FINISHED if truths[program].failure is None else Outcome.FAILED
    assert product.problem(runs[program], [expected]) is None


@pytest.mark.parametrize("program", PROGRAMS, ids=NAMES)
def test_every_tensor_is_found(program: Path, verdicts: dict[Path, list[Verdict]]) -> None:
    assert sum(verdict.total for verdict in verdicts[program]) > 0
    missed = [line for verdict in verdicts[program] for line in _lines(verdict, verdict.missed)]
    assert not missed, comparison.listed(missed)


@pytest.mark.parametrize("program", PROGRAMS, ids=NAMES)
def test_no_hint_is_wrong(program: Path, verdicts: dict[Path, list[Verdict]]) -> None:
    wrong = [line for verdict in verdicts[program] for line in _lines(verdict, verdict.wrong)]
    assert not wrong, comparison.listed(wrong)


def test_the_recorder_sees_every_name_of_a_file(truths: dict[Path, Truth]) -> None:
    """The recorder itself must not miss anything: in a flat script it sees every bound name."""
    path = CORPUS / "flat_script.py"
    tree = ast.parse(path.read_text())
    bound = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    assert bound == {spot.name for spot in truths[path].files[path] if spot.kind == "name"}


def test_counts_that_are_not_lower_bounds_are_exact(
    truths: dict[Path, Truth], runs: dict[Path, product.ProductRun]
) -> None:
    wrong = []
    for program in PROGRAMS:
        for path, spots in truths[program].files.items():
            for observation in runs[program].record.observations(str(path)):
                spot = comparison.spot_of(observation.location)
                held = (
                    value for value in spots.get(spot, ()) if comparison.holds_tensor(value.value)
                )
                total = sum(value.count for value in held)
                pairs = zip(observation.values, observation.counts)
                claimed = sum(count for value, count in pairs if values.holds_tensor(value))
                if total and (claimed > total or (claimed < total and not observation.lower_bound)):
                    wrong.append(f"{path.name}:{spot}: {claimed} claimed, {total} true")
    assert not wrong, comparison.listed(wrong)


def _lines(verdict: Verdict, found: list[str]) -> list[str]:
    return [f"{verdict.path.name}:{text}" for text in found]
