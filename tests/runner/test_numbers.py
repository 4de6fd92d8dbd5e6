"""A label that ends in a number shows the last one that was bound, even in a hot loop.

Each program prints, at its end, what the name held last.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model.observations import Observation
from truth import product

PROGRAMS = {
    "in a function": """
        import torch
        def descend(w):
            for step in range(3000):
                slope = w * 2
                w = w - slope * 0.001
                last = w + 0
            return last
        print(descend(torch.tensor(3.0)).item())
    """,
    "at module level": """
        import torch
        last = torch.tensor(0)
        for step in range(3000):
            last = last + 1
        print(last.item())
    """,
    "an attribute": """
        import torch
        class Meter:
            last = None
        meter = Meter()
        for step in range(3000):
            meter.last = torch.tensor(step * 0.5)
        print(meter.last.item())
    """,
    "an item of a dict": """
        import torch
        metrics = {}
        for step in range(3000):
            metrics["last"] = torch.tensor(step * 0.5)
        print(metrics["last"].item())
    """,
    "an item of a list, by a computed index": """
        import torch
        def fill(last):
            for step in range(3000):
                last[step % 7] = torch.tensor(step * 0.5)
            return last[2999 % 7]
        print(fill([None] * 7).item())
    """,
    "an element of a tensor": """
        import torch
        last = torch.zeros(3000)
        for step in range(3000):
            last[step] = last.sum() + step
        print(last[2999].item())
    """,
    "an item in a tuple of targets": """
        import torch
        last = {}
        def pairs(step):
            return torch.tensor(step), step
        for step in range(3000):
            last["k"], other = pairs(step)
        print(last["k"].item())
    """,
    "an annotated item": """
        import torch
        last = {}
        for step in range(3000):
            last["k"]: torch.Tensor = torch.tensor(step)
        print(last["k"].item())
    """,
    "added to": """
        import torch
        def total(x):
            last = torch.zeros(())
            for step in range(3000):
                last += x
            return last
        print(total(torch.tensor(0.25)).item())
    """,
    "unpacked": """
        import torch
        def pairs():
            for step in range(3000):
                last, other = torch.tensor(step), step
            return last
        print(pairs().item())
    """,
    "a parameter": """
        import torch
        def take(last):
            return 0
        for step in range(3000):
            take(torch.tensor(step + 0.5))
        print(2999.5)
    """,
    "a generator": """
        import torch
        def numbers():
            for step in range(3000):
                last = torch.tensor(step)
                yield last
        for number in numbers():
            pass
        print(number.item())
    """,
    "an element of a larger tensor": """
        import torch
        x = torch.arange(3000.0)
        for step in range(3000):
            last = x[2999 - step // 2 * 2 :][0]
        print(last.item())
    """,
    "unaligned memory": """
        import torch
        data = torch.frombuffer(bytearray(range(255)) * 4, dtype=torch.int32, offset=1, count=200)
        for step in range(3000):
            last = data[step % 100]
        print(last.item())
    """,
    "a raised exception": """
        import torch
        def until(limit):
            for step in range(10**6):
                last = torch.tensor(step)
                if step == limit:
                    raise StopIteration(last)
        try:
            until(2500)
        except StopIteration as stop:
            print(stop.value.item())
    """,
    "another type late": """
        import torch
        for step in range(3000):
            last = torch.tensor(step if step > 2900 else step * 0.5)
        print(last.item())
    """,
}

NEGATIVE_VIEW = """
    import torch
    x = torch.arange(3000) * 1j
    for step in range(3000):
        last = x[step].conj().imag
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("numbers").resolve()
    paths = {}
    for number, (name, text) in enumerate({**PROGRAMS, "negative": NEGATIVE_VIEW}.items()):
        paths[name] = folder / f"program_{number}.py"
        paths[name].write_text(dedent(text).lstrip(), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def runs(python: Path, files: dict[str, Path]) -> Iterator[dict[Path, product.ProductRun]]:
    with product.opened(python) as opened:
        yield product.run_all(opened, {path: product.request(path) for path in files.values()})


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_number_is_the_last_one(
    name: str, files: dict[str, Path], runs: dict[Path, product.ProductRun]
) -> None:
    run = runs[files[name]]
    assert product.problem(run, [Outcome.FINISHED]) is None
    shown = _number(_in_the_loop(run, files[name]))
    assert shown == f"{float(run.stdout):.4g}", shown


def test_no_number_is_shown_if_memory_holds_another_one(
    files: dict[str, Path], runs: dict[Path, product.ProductRun]
) -> None:
    observation = _in_the_loop(runs[files["negative"]], files["negative"])
    assert observation.details is not None
    assert observation.details.scalar is None


def _in_the_loop(run: product.ProductRun, path: Path) -> Observation:
    """The location where `last`, or an item of it, is bound most often."""
    bound = [s for s in run.record.observations(str(path)) if "last" in s.location.name]
    return max(bound, key=lambda observation: sum(observation.counts))


def _number(observation: Observation) -> str:
    assert observation.details is not None
    assert observation.details.scalar is not None
    return f"{float(observation.details.scalar):.4g}"
