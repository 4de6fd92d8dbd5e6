"""A warm pool for all tests of this folder, and runs of short texts on it."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import pytest_asyncio

from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import RunResult
from tensorhints.model import messages
from tensorhints.model.messages import FromRun

if TYPE_CHECKING:
    from .editing import Edits

PATIENCE = 30.0

_numbers = itertools.count(1)

T = TypeVar("T")


@dataclass
class Received:
    """Everything that one run sent. Satisfies `RunListener`."""

    messages: list[FromRun] = field(default_factory=list)
    output: list[tuple[str, str]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def on_message(self, message: FromRun) -> None:
        self.messages.append(message)
        self.arrived.set()

    def on_output(self, stream: str, text: str) -> None:
        self.output.append((stream, text))
        self.arrived.set()

    def of(self, kind: type[T]) -> list[T]:
        return [message for message in self.messages if isinstance(message, kind)]

    def text(self, stream: str) -> str:
        return "".join(text for name, text in self.output if name == stream)

    @property
    def stdout(self) -> str:
        return self.text("stdout")

    @property
    def stderr(self) -> str:
        return self.text("stderr")

    @property
    def seen(self) -> dict[str, list[Any]]:
        """The values seen, by the name of their hint location."""
        locations = {
            location.id: location
            for message in self.of(messages.HintLocations)
            for location in message.locations
        }
        found: dict[str, list[Any]] = {}
        for message in self.of(messages.NewSignature):
            found.setdefault(locations[message.location].name, []).append(message.value)
        return found

    async def until(self, condition: Callable[[Received], bool]) -> None:
        """Wait until what was received fulfils the condition."""

        async def waits() -> None:
            while not condition(self):
                self.arrived.clear()
                await self.arrived.wait()

        await asyncio.wait_for(waits(), PATIENCE)


@dataclass(frozen=True)
class Runner:
    """Starts texts as programs in a folder of their own."""

    pool: Pool
    interpreter: Path
    folder: Path

    def start(
        self, text: str, *, timeout: float | None = 30.0, **fields: Any
    ) -> tuple[LiveRun, Received]:
        received = Received()
        fields.setdefault("path", str(self.folder / "program.py"))
        fields.setdefault("directory", str(self.folder))
        if fields.get("checkpoints") or fields.get("inspect"):
            fields.setdefault("token", secrets.token_hex(16))
        request = messages.Run(run=next(_numbers), text=text, **fields)
        return self.pool.start(self.interpreter, request, received, timeout=timeout), received

    async def run(self, text: str, **fields: Any) -> tuple[RunResult, Received]:
        live, received = self.start(text, **fields)
        return await finished(live), received

    def release(self) -> None:
        self.pool.release(str(self.folder / "program.py"))


async def finished(live: LiveRun) -> RunResult:
    return await asyncio.wait_for(live.finished(), PATIENCE)


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition outside of the event loop is true."""

    async def waits() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(waits(), PATIENCE)


class Clock:
    """The event loop's clock, which a test puts forward instead of waiting.

    It never goes back, so timers that are set later keep their meaning.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ahead = 0.0
        real = loop.time
        setattr(loop, "time", lambda: real() + self._ahead)  # noqa: B010

    def advance(self, seconds: float) -> None:
        """Let every timer that is due within this time fire in the loop's next turn."""
        self._ahead += seconds
        self._loop.call_soon(lambda: None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def clock() -> Clock:
    """The clock of the loop that all tests of this folder run in."""
    return Clock(asyncio.get_running_loop())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool(python: Path) -> AsyncIterator[Pool]:
    """One warm host for all tests that do not harm it."""
    pool = Pool()
    pool.warm(python, Path.cwd())
    yield pool
    await pool.close()


@pytest_asyncio.fixture(loop_scope="session")
async def runner(pool: Pool, python: Path, tmp_path: Path) -> AsyncIterator[Runner]:
    """Runs whose checkpoints are gone after the test."""
    from .editing import children

    found = Runner(pool, python, tmp_path)
    yield found
    found.release()
    ready = pool.state(python).ready
    if ready is not None and ready.forks and Path(f"/proc/{ready.pid}").exists():
        await eventually(lambda: not children(ready.pid))


RunText = Callable[..., Awaitable[tuple[RunResult, Received]]]


@pytest.fixture
def run_text(runner: Runner) -> RunText:
    """Runs a text to its end; takes `timeout` and the fields of `Run`."""
    return runner.run


@pytest_asyncio.fixture(loop_scope="session")
async def edits(runner: Runner) -> Edits:
    """Runs that may resume from checkpoints."""
    from .editing import Edits

    await runner.pool.settled(runner.interpreter)
    return Edits(runner)
