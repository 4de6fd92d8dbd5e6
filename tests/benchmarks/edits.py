"""The time from an edit to the right hint, beside Pyrefly and beside running the whole program."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from .client import Client
from .environment import BenchmarkEnvironment
from .measure import Figure, Reference, Sample, title

_SLOW = """\
{indent}began = time.perf_counter()
{indent}while time.perf_counter() - began < {seconds}:
{indent}    work = x @ x
"""

_LAST_LINE = """\
import time
import torch
x = torch.randn(64, 64)
{slow}last = torch.zeros(3, 1)
"""

_INSIDE_MAIN = """\
import time
import torch

def main():
    x = torch.randn(64, 64)
{slow}    last = torch.zeros(3, 1)
    return last.sum()

if __name__ == "__main__":
    main()
"""

_CLASS_ABOVE = """\
import time
import torch

class Net(torch.nn.Module):
    def forward(self, x):
        last = torch.zeros(3, 1)
        return x + last.sum()

x = torch.randn(64, 64)
{slow}out = Net()(x)
"""


_OTHER_DOCUMENT = "".join(f"def function_{n}(x):\n    return x + {n}\n" for n in range(200))


@dataclass
class Edited:
    """A number in a file that each edit overwrites, and the hint that shows it."""

    path: Path
    line: int
    column: int
    pattern: str
    size: str = "1"

    @classmethod
    def at(cls, path: Path, before: str, size: str, pattern: str) -> Edited:
        """The number after the text `before`. `pattern` is part of its hint, without spaces."""
        lines = path.read_text(encoding="utf-8").split("\n")
        line = next(number for number, text in enumerate(lines) if before in text)
        return cls(path, line, lines[line].index(before) + len(before), pattern, size)

    async def edit(self, client: Client, size: int) -> float:
        """Edit, and return the milliseconds until an answer of the server shows the new number."""
        wanted = self.pattern.format(size)
        started = time.perf_counter()
        client.replace(self.path, self.line, self.column, self.column + len(self.size), str(size))
        self.size = str(size)
        await client.hint_that(
            self.path, lambda line, text: line == self.line and wanted in text.replace(" ", "")
        )
        return (time.perf_counter() - started) * 1000

    def write(self, size: int) -> None:
        """Make the edit in the file itself, for runs from disk."""
        lines = self.path.read_text(encoding="utf-8").split("\n")
        text = lines[self.line]
        tail = text[self.column :].lstrip("0123456789")
        lines[self.line] = f"{text[: self.column]}{size}{tail}"
        self.path.write_text("\n".join(lines), encoding="utf-8")


async def edit_lesson(environment: BenchmarkEnvironment) -> Figure:
    """An edit of a lesson."""

    def edited(name: str) -> Edited:
        return Edited.at(environment.lesson(name), "images = torch.rand(", "4", "{},32,32]")

    return await _beside_pyrefly(environment, edited, title(edit_lesson))


async def edit_mini_gpt(environment: BenchmarkEnvironment) -> Figure:
    """An edit of mini-GPT."""

    def edited(name: str) -> Edited:
        return Edited.at(environment.mini_gpt(name), "context = torch.zeros((1, ", "1", "[1,{}]")

    return await _beside_pyrefly(environment, edited, title(edit_mini_gpt))


async def edit_last_line(environment: BenchmarkEnvironment) -> Figure:
    """An edit of the last line, five seconds of work above it."""
    text = _LAST_LINE.format(slow=_SLOW.format(indent="", seconds=_seconds(environment)))
    return await _beside_whole(environment, title(edit_last_line), text, (0.01, 0.02))


async def edit_inside_main(environment: BenchmarkEnvironment) -> Figure:
    """An edit inside main(), five seconds of work above it."""
    text = _INSIDE_MAIN.format(slow=_SLOW.format(indent="    ", seconds=_seconds(environment)))
    return await _beside_whole(environment, title(edit_inside_main), text, (None, 0.02))


async def edit_class_above(environment: BenchmarkEnvironment) -> Figure:
    """An edit in a class above five seconds of loading."""
    text = _CLASS_ABOVE.format(slow=_SLOW.format(indent="", seconds=_seconds(environment)))
    return await _beside_whole(environment, title(edit_class_above), text, (None, 0.02))


async def edit_beside_30_documents(environment: BenchmarkEnvironment) -> Figure:
    """An edit while 30 other documents are open."""
    return await _beside_fewer_documents(environment, title(edit_beside_30_documents), 30)


async def edit_beside_100_documents(environment: BenchmarkEnvironment) -> Figure:
    """An edit while 100 other documents are open."""
    return await _beside_fewer_documents(environment, title(edit_beside_100_documents), 100)


def _seconds(environment: BenchmarkEnvironment) -> float:
    return 1.5 if environment.quick else 5.0


async def _beside_pyrefly(
    environment: BenchmarkEnvironment, edited: Callable[[str], Edited], what: str
) -> Figure:
    ours, theirs, cold = [], [], []
    own, other, plain = edited("ours"), edited("theirs"), edited("cold")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(environment.server(own.path.parent))
        rival = await stack.enter_async_context(environment.pyrefly(other.path.parent))
        client.open(own.path)
        rival.open(other.path)
        await client.run(own.path)
        sizes = _sizes()
        for _ in range(3):
            size = next(sizes)
            await own.edit(client, size)
            await other.edit(rival, size)
        for _ in range(environment.repetitions(25, 5)):
            size = next(sizes)
            ours.append(await own.edit(client, size))
            theirs.append(await other.edit(rival, size))
            plain.write(size)
            cold.append(await asyncio.to_thread(environment.cold, plain.path))
    return Figure(
        f"edit → hint: {what}",
        "ms",
        Sample.of(ours),
        (
            Reference("Pyrefly", Sample.of(theirs), 0.5),
            Reference("python FILE", Sample.of(cold), 0.04),
        ),
        spread=2.0,
    )


async def _beside_whole(
    environment: BenchmarkEnvironment, what: str, text: str, limits: tuple[float | None, float]
) -> Figure:
    def edited(name: str) -> Edited:
        path = environment.program(name, "program.py", text)
        return Edited.at(path, "last = torch.zeros(3, ", "1", "[3,{}]")

    own, whole, plain = edited("ours"), edited("whole"), edited("cold")
    sizes = _sizes()
    ours = await _edits(environment, own, sizes, environment.repetitions(25, 5), {})
    warm = await _edits(
        environment, whole, sizes, environment.repetitions(5, 2), {"checkpoints": False}
    )
    cold = []
    for _ in range(environment.repetitions(3, 2)):
        plain.write(next(sizes))
        cold.append(await asyncio.to_thread(environment.cold, plain.path))
    return Figure(
        f"edit → hint: {what}",
        "ms",
        Sample.of(ours),
        (
            Reference("all again, warm", Sample.of(warm), limits[1]),
            Reference("python FILE", Sample.of(cold), limits[0]),
        ),
        spread=2.0,
    )


async def _beside_fewer_documents(
    environment: BenchmarkEnvironment, what: str, count: int
) -> Figure:
    def edited(name: str) -> Edited:
        text = "import torch\nlast = torch.zeros(3, 1)\n"
        path = environment.program(name, "program.py", text)
        return Edited.at(path, "last = torch.zeros(3, ", "1", "[3,{}]")

    among, alone = edited("among"), edited("alone")
    beside, by_itself = [], []
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(environment.server(among.path.parent))
        other = await stack.enter_async_context(environment.server(alone.path.parent))
        for number in range(count):
            path = among.path.with_name(f"other_{number}.py")
            path.write_text(_OTHER_DOCUMENT, encoding="utf-8")
            client.open(path)
        for one, location in ((client, among), (other, alone)):
            one.open(location.path)
            await one.run(location.path)
        sizes = _sizes()
        for _ in range(3):
            size = next(sizes)
            await among.edit(client, size)
            await alone.edit(other, size)
        for _ in range(environment.repetitions(40, 10)):
            size = next(sizes)
            beside.append(await among.edit(client, size))
            by_itself.append(await alone.edit(other, size))
    return Figure(
        f"edit → hint: {what}",
        "ms",
        Sample.of(beside),
        (Reference("no other document", Sample.of(by_itself), 1.1),),
    )


async def _edits(
    environment: BenchmarkEnvironment,
    location: Edited,
    sizes: Iterator[int],
    count: int,
    run: dict[str, object],
) -> list[float]:
    async with environment.server(location.path.parent, **run) as client:
        client.open(location.path)
        await client.run(location.path)
        # The first edit of a line makes the checkpoint that the next ones resume from.
        await location.edit(client, next(sizes))
        return [await location.edit(client, next(sizes)) for _ in range(count)]


def _sizes() -> Iterator[int]:
    """Return numbers, a new one for each edit."""
    return itertools.count(2)


FIGURES: tuple[Callable[[BenchmarkEnvironment], Awaitable[Figure]], ...] = (
    edit_lesson,
    edit_mini_gpt,
    edit_last_line,
    edit_inside_main,
    edit_class_above,
    edit_beside_30_documents,
    edit_beside_100_documents,
)
