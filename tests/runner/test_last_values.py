"""The number in a label is the last one bound there: random programs against plain Python.

A program is one loop over statements that bind values in every way. The truth comes from a second
text of the same program, executed without the product, which logs what every location holds:

    ‹table["k"]› = {v}      logs `table["k"]` after the statement, or at the start of its block
    ‹_|{1}›, ‹_› = {v}, {v}  logs the value of the first `{v}` there
    return «{v}»            logs the expression itself

The end of each mark is where its hint is expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import interpreters
from tensorhints.engine.results import Outcome
from tensorhints.present.labels import label
from truth import product

BEGIN = """\
import numpy as np
import torch
from torch import nn

class Box:
    pass

class hold:
    def __init__(self, ‹value›):
        ‹self.value› = value
    def __enter__(self):
        return «self.value»
    def __exit__(self, *why):
        pass

def give(‹p›, *‹others›, k=None):
    return «p»

def half(‹number›):
    ‹halved› = torch.tensor(number * 0.5)
    return «halved»

def stored(‹where›, ‹value›):
    ‹where['s']› = value
    ‹where['t']›, ‹held.t› = value, value
    return «where['s']»

box, held, table, row, key = Box(), Box(), {}, [None] * 6, "k"
vector, grid, array = torch.arange(3.0), torch.zeros(4, 3), np.zeros((4, 3))
w = nn.Parameter(torch.ones(3))
numbers = [torch.tensor(n * 0.25) for n in range(7)]
i = 0
"""

INIT = """\
‹total› = torch.zeros(())
‹box.total›, ‹table["total"]›, ‹row[4]› = torch.zeros(()), torch.zeros(()), torch.zeros(())
"""

NUMBERS = (
    "torch.tensor(i * 0.5)",
    "torch.tensor(i)",
    "half(i)",
    "stored(table, torch.tensor(i + 0.25))",
    "give(torch.tensor(i * 0.5), i)",
    "vector[i % 3]",
    "numbers[i % 7]",
    "numbers[(i + 1) % 7]",
    "(vector * i).sum()",
    "(w * i).sum()",
    "w.sum().detach() * i",
    "torch.tensor(i * 0.5, dtype=torch.bfloat16)",
    "nn.Parameter(torch.tensor(i * 0.5))",
    "torch.tensor(i if i > 20 else i * 0.5)",
    "torch.tensor(i * 0.5) if i % 5 else torch.tensor(0.25)",
    "torch.tensor(i > 5)",
)
"""Tensors without dimensions, as expressions of the number `i` of the pass."""

REAL = NUMBERS[:12]
"""Those that can be stored in a tensor of float32."""

OTHERS = (
    "i",
    "None",
    "i * 0.5",
    "vector * i",
    "np.float64(i)",
    "np.arange(3.0)[i % 3]",
    "np.array(i * 0.5)",
    "torch.zeros(i % 3)",
    "[torch.tensor(i)]",
    "(torch.tensor(i), i)",
    "(torch.tensor(i * 0.5) if i % 5 else None)",
    "(torch.tensor(i * 0.5) if i > 25 else 0.5)",
    "(torch.tensor(i * 0.5) if i < 25 else vector)",
    "torch.tensor(i * 1j)",
    "torch._neg_view(torch.tensor(i * 0.5))",
    "w",
)

STATEMENTS = (
    "‹a› = {v}",
    "‹box.a› = {v}",
    "‹table['k']› = {v}",
    "‹table[key]› = {v}",
    "‹table[i % 2]› = {v}",
    "‹table['x', i % 2]› = {v}",
    "‹row[0]› = {v}",
    "‹row[i % 4]› = {v}",
    "‹row[-1]› = {v}",
    "‹grid[i % 4]|{1}› = {r}",
    "‹grid[0, i % 3]|{1}› = {r}",
    "‹grid[:, 1]|{1}› = {r}",
    "‹array[i % 4]|{1}.item()› = {r}.item()",
    "‹b› = ‹c› = {v}",
    "‹a› = ‹table['c']› = ‹box.c› = {v}",
    "‹a›, ‹table['t']› = {v}, {v}",
    "‹box.t›, (‹row[1]›, ‹b›) = {v}, ({v}, {v})",
    "[‹table['l']›, ‹c›] = [{v}, {v}]",
    "‹table['s']›, *‹box.s›, ‹row[2]› = {v}, {v}, {v}",
    "*‹table['r']›, ‹c› = {v}, {v}",
    "‹_|{1}›, ‹b›, ‹_› = {v}, {v}, {v}",
    "‹table['v']›, ‹table['i']› = (vector * i).max(dim=0)",
    "‹a|[{1}, {1}]› = ‹b›, ‹a› = [{v}, {v}][:1] * 2",
    "‹total› += {r}",
    "‹box.total› += {r}",
    "‹table['total']› += {r}",
    "‹row[4]› += {r}",
    "‹grid[0, 1:]|None› += {r}.detach()",
    "d: torch.Tensor‹|{1}› = {v}",
    "table['z']: object‹|{1}› = {v}",
    "box.z: object‹|{1}› = {v}",
    "if ((‹n› := {v}) is None) or True:\n    pass",
    "‹a› = [(‹n› := {v}), {v}][1]",
    "while ((‹n› := {v}) is None) or True:\n    break",
    "for ‹u› in [{v}, {v}]:\n    pass",
    "for ‹table['loop']›, ‹u› in [({v}, {v})]:\n    pass",
    "for ‹box.loop› in ({v},):\n    ‹e› = box.loop",
    "with hold({v}) as ‹h›:\n    pass",
    "with hold(({v}, {v})) as (‹h›, ‹table['with']›):\n    pass",
    "«{v}»",
    "«give({v})»",
    "if i % 3:\n    ‹table['if']› = {v}\nelse:\n    ‹table['else']› = {v}",
    "try:\n    ‹row[0]› = {v}\nfinally:\n    ‹f› = {v}",
    "‹g› = [t for ‹t|{1}|{2}› in ({v}, {v})]",
    "‹q› = (lambda ‹y|{1}›: y)({v})",
    "class K:\n    ‹k› = {v}\n    ‹l›, ‹box.l› = {v}, {v}\n    ‹k› = k",
    "‹x› = {v} if i % 2 else {v}",
    "‹table['x']› = {v} if i % 2 else {v}",
)

PATTERNS = (
    "match ({v}, {v}):\n    case (‹o›, *‹rest›):\n        pass",
    "match [{v}]:\n    case [‹o›] if i % 2 or True:\n        pass",
)
"""Statements for Python 3.10 and later."""

FRAMES = (
    """\
{init}for i in range({n}):
{body}
""",
    """\
{init}while i < {n}:
{body}
    i += 1
""",
    """\
def run(count):
{init4}
    for i in range(count):
{body4}
run({n})
""",
    """\
{init}def step(‹i›):
    ‹total› = torch.zeros(())
{body}
for number in range({n}):
    step(number)
""",
    """\
{init}for again in range(2):
    for i in range({n}):
{body4}
""",
    """\
def numbered(count):
{init4}
    for i in range(count):
{body4}
        yield i
for number in numbered({n}):
    pass
""",
)
"""Where the statements are repeated `n` times."""


@dataclass
class Texts:
    """One program: `plain` is what runs, `logged` also calls `log(location, value)`."""

    plain: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    locations: list[tuple[int, int]] = field(default_factory=list)
    """The line and column, from 0, of the hint of each location."""


_MARK = re.compile(r"‹([^‹›|]*)((?:\|[^‹›]*)?)›|«([^«»]*)»")


def texts(marked: str) -> Texts:
    """Split a marked program into its two texts."""
    found = Texts()
    for line in marked.splitlines():
        _add_line(found, line)
    return found


def _add_line(found: Texts, line: str) -> None:
    plain, logged, logs, end = "", "", [], 0
    for mark in _MARK.finditer(line):
        before = line[end : mark.start()]
        number = len(found.locations)
        target, truths, value = mark.groups()
        text = target if value is None else value
        plain += before + text
        found.locations.append((len(found.plain), len(plain)))
        logged += before + (text if value is None else f"log({number}, {value})")
        if value is None:
            read = truths[1:].split("|") if truths else [target]
            logs += [f"log({number}, {one})" for one in read]
        end = mark.end()
    found.plain.append(plain + line[end:])
    found.logged.append(logged + line[end:])
    margin = " " * (len(line) - len(line.lstrip()) + 4 * line.rstrip().endswith(":"))
    found.logged += [margin + log for log in logs]


VALUES = st.sampled_from(NUMBERS) | st.sampled_from(NUMBERS + OTHERS)


@st.composite
def statements(draw: st.DrawFn, patterns: tuple[str, ...]) -> str:
    """Draw a statement with its values, marked."""
    text = draw(st.sampled_from(STATEMENTS + patterns))
    slots: list[str] = []

    def fill(slot: re.Match[str]) -> str:
        if slot[1].isdigit():
            return slot[0]
        slots.append(draw(VALUES if slot[1] == "v" else st.sampled_from(REAL)))
        return slots[-1]

    filled = re.sub(r"\{(\w)\}", fill, text)
    return re.sub(r"\{(\d)\}", lambda slot: slots[int(slot[1]) - 1], filled)


@st.composite
def programs(draw: st.DrawFn, patterns: tuple[str, ...]) -> str:
    """Draw a marked program."""
    drawn = draw(st.lists(statements(patterns), min_size=2, max_size=6))
    body = indent("".join(f"{statement}\n" for statement in drawn), "    ")
    count = draw(st.sampled_from((1, 2, 3, 5, 17, 18, 19, 40, 60, 300)))
    more = {"init4": indent(INIT, "    "), "body4": indent(body, "    ")}
    return BEGIN + draw(st.sampled_from(FRAMES)).format(n=count, init=INIT, body=body, **more)


@dataclass(frozen=True)
class Logged:
    """A value that was bound: `number` as a label writes it, `None` if it is no such tensor."""

    number: str | None
    dtype: torch.dtype | None
    is_lazy: bool
    """Whether memory holds another number than the one that the tensor stands for."""


def truth_of(logged: str, count: int) -> list[list[Logged]]:
    """Execute the logged text; return the values of each location in order."""
    found: list[list[Logged]] = [[] for _ in range(count)]

    def log(location: int, value: Any) -> Any:
        is_number = isinstance(value, torch.Tensor) and value.dim() == 0
        found[location].append(
            Logged(written(value.item()), value.dtype, value.is_neg())
            if is_number
            else Logged(None, None, False)
        )
        return value

    exec(compile(logged, "logged.py", "exec"), {"log": log, "__name__": "__main__"})
    return found


def written(number: Any) -> str:
    """A number as a label writes it."""
    if isinstance(number, complex):
        return f"{_written(number.real)}{'+' if number.imag >= 0 else ''}{_written(number.imag)}j"
    return _written(number) if isinstance(number, float) else str(number)


def _written(number: float) -> str:
    text = f"{number:.4g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def labels_of(run: product.ProductRun, path: Path) -> dict[tuple[int, int], str | None]:
    """Return the label at each line and column."""
    return {
        (one.location.line, one.location.column): label(one)
        for one in run.record.observations(str(path))
    }


def problems(program: Texts, labels: dict[tuple[int, int], str | None]) -> Iterator[str]:
    """Compare every label with the truth."""
    labels = dict(labels)
    truth = truth_of("\n".join(program.logged), len(program.locations))
    for (line, column), values in zip(program.locations, truth):
        text = labels.pop((line, column), None)
        number = re.search(r"= (\S+)", text or "")
        where = f"line {line + 1}, column {column + 1}: {text!r}"
        expected = values[-1].number if values else None
        if number is not None and number[1] != expected:
            yield f"{where}; the last value is {expected}"
        kinds = {value.dtype for value in values}
        is_lazy = any(value.is_lazy for value in values)
        if number is None and len(kinds) == 1 and None not in kinds and not is_lazy:
            yield f"{where} has no number; the last value is {expected}"
    for (line, column), text in labels.items():
        if text is not None and re.search(r"= \S", text):
            yield f"line {line + 1}, column {column + 1}: {text!r} is not expected"


@pytest.fixture(scope="module")
def opened(python: Path) -> Iterator[product.Product]:
    with product.opened(python) as opened:
        yield opened


def test_the_number_shown_is_the_last_one_bound(
    python: Path, opened: product.Product, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("last") / "program.py"
    patterns = PATTERNS if interpreters.version(python) >= (3, 10) else ()
    shown = 0

    # Without shrinking: the programs are short, and the clock makes each run a little different.
    @settings(derandomize=True, database=None, max_examples=40, phases=[Phase.generate])
    @given(programs(patterns))
    def compare(marked: str) -> None:
        nonlocal shown
        program = texts(marked)
        run = opened.run(product.request(path, "\n".join(program.plain) + "\n"))
        assert product.problem(run, [Outcome.FINISHED]) is None
        labels = labels_of(run, path)
        found = list(problems(program, labels))
        assert not found, "\n".join([*found, *program.plain])
        shown += sum(" = " in (text or "") for text in labels.values())

    compare()
    assert shown > 200
