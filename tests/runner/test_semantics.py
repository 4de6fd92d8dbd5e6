"""A program behaves the same with and without probes.

Every program of tests/corpus/semantics runs by plain `python FILE` and through the product: its
output, its tracebacks with their carets, and its exit status are equal. A first line
`# arguments: …` gives the command line.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

import interpreters
from tensorhints.engine.results import Outcome
from truth import product

pytestmark = pytest.mark.slow

PROGRAMS = sorted((Path(__file__).resolve().parent.parent / "corpus" / "semantics").glob("*.py"))

# What differs between any two runs of Python: addresses, names of temporary folders, the times and
# process ids that torch's profiler logs, the number of the source file's line in torch's own C++.
VARYING = (
    (re.compile(r"0x[0-9a-f]+"), "0x…"),
    (re.compile(r"/tmp/tmp\w+"), "/tmp/tmp…"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+:\d+"), "date"),
    (re.compile(r"pid \d+|pid=\d+|process \d+"), "pid"),
    # Python 3.12 and later count the recorder's clock among the threads of a process that forks.
    (re.compile(r"\S+ DeprecationWarning: This process .* is multi-threaded.*\n.*\n"), ""),
)


@dataclass(frozen=True)
class Ran:
    stdout: str
    stderr: str
    status: int


def arguments(program: Path) -> tuple[str, ...]:
    first = program.read_text(encoding="utf-8").split("\n", 1)[0]
    mark = "# arguments: "
    return tuple(shlex.split(first.removeprefix(mark))) if first.startswith(mark) else ()


def same_everywhere(text: str) -> str:
    for pattern, replacement in VARYING:
        text = pattern.sub(replacement, text)
    return text


def run_plainly(python: Path, program: Path) -> Ran:
    done = subprocess.run(
        [str(python), str(program), *arguments(program)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=program.parent,
        timeout=110,
        check=False,
    )
    # A signal shows as a shell would show it, as the product does.
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return Ran(
        done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), status
    )


def as_ran(run: product.ProductRun) -> Ran:
    status = run.result.exit_status
    return Ran(run.stdout, run.stderr, -1 if status is None else status)


@pytest.fixture(scope="module")
def environment() -> Iterator[None]:
    """Set the same variables for both: programs can see those such as PYTHONUNBUFFERED."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("PYTHON", "PYTEST")):
                patch.delenv(name)
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        patch.setenv("PYTHONHASHSEED", "0")
        yield


@pytest.fixture(scope="module")
def plain(
    request: pytest.FixtureRequest, environment: None, python: Path
) -> Iterator[dict[Path, Future[Ran]]]:
    """Run the programs of the selected tests plainly, two at a time."""
    chosen = {
        item.callspec.params.get("program"): None
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    }
    with ThreadPoolExecutor(2) as executor:
        yield {path: executor.submit(run_plainly, python, path) for path in chosen if path}
        executor.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def observed(environment: None, python: Path) -> Iterator[product.Product]:
    with product.opened(python) as opened:
        yield opened


def run_observed(opened: product.Product, program: Path) -> product.ProductRun:
    return opened.run(product.request(program, arguments=arguments(program)))


ONE_FRAME_BELOW = pytest.mark.xfail(
    strict=True,
    reason="one frame is below the program's first: Python cannot execute code without one",
)


def each_program() -> Iterator[object]:
    for program in PROGRAMS:
        shows_the_stack = program.stem in ("bottom_of_the_stack", "torch_anomaly")
        marks = [ONE_FRAME_BELOW] if shows_the_stack else []
        yield pytest.param(program, id=program.stem, marks=marks)


@pytest.mark.parametrize("program", list(each_program()))
def test_an_observed_program_behaves_as_under_plain_python(
    program: Path, python: Path, plain: dict[Path, Future[Ran]], observed: product.Product
) -> None:
    if not interpreters.parses(python, program):
        pytest.skip("the program has newer syntax than the interpreter")
    run = run_observed(observed, program)
    expected, seen = plain[program].result(), as_ran(run)
    differences = [
        *difference("stdout", expected.stdout, seen.stdout),
        *difference("stderr", expected.stderr, seen.stderr),
    ]
    if expected.status != seen.status:
        differences.append(f"exit status: {expected.status} alone, {seen.status} observed")
    assert not differences, "\n".join([*differences, str(run.result)])


def difference(stream: str, expected: str, seen: str) -> list[str]:
    before, after = (same_everywhere(text).split("\n") for text in (expected, seen))
    lines = difflib.unified_diff(
        before, after, f"{stream} alone", f"{stream} observed", "", "", 1, ""
    )
    return list(lines)


def test_tensors_beside_hostile_classes_are_still_seen(observed: product.Product) -> None:
    """A class that raises or misreports itself hides no other tensor."""
    program = next(program for program in PROGRAMS if program.stem == "liars")
    run = run_observed(observed, program)
    assert run.result.outcome is Outcome.FINISHED
    seen = {observation.location.name for observation in run.record.observations(str(program))}
    assert {"t", "ft", "fl", "_th_g0"} <= seen
