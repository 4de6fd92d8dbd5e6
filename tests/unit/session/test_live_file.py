"""When a live file runs again, with a host that needs time to start a run."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.results import Outcome, RunListener, RunResult
from tensorhints.engine.suspension import Suspension
from tensorhints.model import messages
from tensorhints.model.locations import HintLocation, Span
from tensorhints.model.messages import (
    CurrentLine,
    HintLocations,
    InstrumentedFile,
    LocationTally,
    NewSignature,
    Started,
    Tally,
)
from tensorhints.model.user_messages import UserMessage
from tensorhints.model.values import Tensor, TensorDetails
from tensorhints.session.lesson_checks import Checks
from tensorhints.session.runs.live_file import BURST_SECONDS, LiveFile
from tensorhints.session.runs.setup import Refusals, RunContext
from tensorhints.session.runs.states import Phase, ProgramState, Severity
from tensorhints.session.text.documents import Document, Edit
from tensorhints.session.text.open_documents import Documents
from tensorhints.session.workspace import Workspace

PATH = "/a.py"


class Editor:
    """Satisfies `session.Listener`; shows nothing."""

    def hints_changed(self) -> None: ...

    def hints_settled(self) -> None: ...

    def diagnostics_changed(self, uris: Sequence[str]) -> None: ...

    def state_changed(self, state: ProgramState) -> None: ...

    def tensors_changed(self, uri: str) -> None: ...

    def lines_changed(self, uris: Sequence[str]) -> None: ...

    def verdicts_changed(self, uri: str) -> None: ...

    def printed(self, uri: str, run: int, stream: str, text: str) -> None: ...

    def user_message(self, user_message: UserMessage) -> None: ...


@dataclass
class SlowHost:
    """Satisfies `RunStarter`. A requested run starts when the test calls `begin`."""

    requests: list[messages.Run] = field(default_factory=list)
    listeners: list[RunListener] = field(default_factory=list)
    stopped: list[Outcome] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._suspension = Suspension(1, self)

    def start(
        self,
        interpreter: Path,
        request: messages.Run,
        listener: RunListener,
        *,
        timeout: float | None = None,
    ) -> LiveRun:
        self.requests.append(request)
        self.listeners.append(listener)
        return cast(LiveRun, self)

    def release(self, path: str) -> None: ...

    def stop(self, outcome: Outcome) -> None:
        self.stopped.append(outcome)

    @property
    def suspension(self) -> Suspension:
        return self._suspension

    def stop_run(self, run: int, how: messages.StopKind) -> None:
        self.signals.append(how)

    async def finished(self) -> RunResult:
        never: asyncio.Future[RunResult] = asyncio.get_running_loop().create_future()
        return await never

    def begin(self) -> None:
        """Start the run that was requested last."""
        self.listeners[-1].on_message(Started(self.requests[-1].run, "cpu"))


class NoLessons:
    """Satisfies `LessonChecks`, without a course."""

    def is_lesson(self, path: str) -> bool:
        return False

    def checks(self, path: str) -> Checks | None:
        return None


@dataclass
class FakeClock:
    """Satisfies `Timer`. Time passes only in `advance`."""

    now: float = 0.0
    timers: list[tuple[float, Callable[[], object], asyncio.TimerHandle]] = field(
        default_factory=list
    )

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> asyncio.TimerHandle:
        when = self.now + delay
        loop = asyncio.get_running_loop()
        handle = asyncio.TimerHandle(when, callback, (), loop)
        self.timers.append((when, callback, handle))
        return handle

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.timers if timer[0] <= self.now]
        self.timers = [timer for timer in self.timers if timer[0] > self.now]
        for _, callback, handle in due:
            if not handle.cancelled():
                callback()


@dataclass
class Scene:
    """A live file with a slow host and a fake clock."""

    host: SlowHost
    clock: FakeClock
    file: LiveFile

    def edit(self) -> None:
        """Edit the file and wait until a burst of edits would be over."""
        self.file.edited(PATH)
        self.clock.advance(2 * BURST_SECONDS)


@pytest_asyncio.fixture
async def scene() -> AsyncIterator[Scene]:
    host, clock, editor, documents = SlowHost(), FakeClock(), Editor(), Documents()
    document = Document("file:///a.py", PATH, "", 1, "python")
    documents.add(document)
    context = RunContext(
        workspace=Workspace([], trusted=True),
        documents=documents,
        starter=host,
        lessons=NoLessons(),
        listener=editor,
        refusals=Refusals(editor),
        run_ids=itertools.count(1),
    )
    file = LiveFile(document, context, clock)
    yield Scene(host, clock, file)
    for listener in cast(list[Any], host.listeners):
        listener.task.cancel()


async def test_edits_wait_while_the_host_starts_the_run_before(scene: Scene) -> None:
    scene.file.is_live = True
    for _ in range(3):
        scene.edit()
    assert len(scene.host.requests) == 1
    scene.host.begin()
    assert len(scene.host.requests) == 2
    scene.host.begin()
    assert len(scene.host.requests) == 2
    assert scene.host.stopped == [Outcome.SUPERSEDED]


async def test_a_stop_forgets_the_edits_that_wait(scene: Scene) -> None:
    scene.file.is_live = True
    for _ in range(2):
        scene.edit()
    scene.file.stop()
    scene.host.begin()
    assert len(scene.host.requests) == 1


async def test_waiting_for_hints_includes_a_slow_start(scene: Scene) -> None:
    scene.file.run()
    waiting = asyncio.ensure_future(scene.file.settled(0, starting_limit=60))
    await asyncio.sleep(0)
    assert not waiting.done()
    scene.host.begin()
    await asyncio.wait_for(waiting, 60)


LIMIT = 60.0
"""The default of `run.timeoutSeconds`."""

_numbers = itertools.count()


def _tally(scalar: str) -> Tally:
    details = TensorDetails(scalar=scalar)
    return Tally(1, (LocationTally(1, (next(_numbers),), 0, False, details),))


EVENTS: dict[str, Callable[[RunListener], None]] = {
    "output": lambda listener: listener.on_output("stdout", "."),
    "a new signature": lambda listener: listener.on_message(
        NewSignature(1, 1, Tensor((2,), "float32", "cpu"), 1)
    ),
    "another value": lambda listener: listener.on_message(_tally(str(next(_numbers)))),
    "an imported file": lambda listener: listener.on_message(InstrumentedFile(1, "/b.py", "")),
}


def _observe(scene: Scene) -> None:
    span = Span(0, 0, 0, 1)
    location = HintLocation(1, PATH, "target", "x", span, 0, 1, 0, 0)
    scene.host.listeners[-1].on_message(HintLocations(1, (location,)))
    EVENTS["a new signature"](scene.host.listeners[-1])


@pytest.mark.parametrize("event", EVENTS)
async def test_a_run_that_shows_something_new_has_no_limit(scene: Scene, event: str) -> None:
    scene.file.run()
    scene.host.begin()
    _observe(scene)
    for _ in range(50):
        scene.clock.advance(LIMIT - 1)
        EVENTS[event](scene.host.listeners[-1])
    assert scene.host.signals == []
    assert scene.file.state.phase is Phase.RUNNING


async def test_counts_that_rise_do_not_count(scene: Scene) -> None:
    scene.file.run()
    scene.host.begin()
    _observe(scene)
    scene.host.listeners[-1].on_message(_tally("1"))
    for _ in range(6):
        scene.clock.advance(LIMIT / 5)
        scene.host.listeners[-1].on_message(_tally("1"))
    assert scene.host.signals == ["suspend"]


async def test_a_run_that_shows_nothing_new_is_suspended_not_stopped(scene: Scene) -> None:
    attempt = scene.file.run()
    scene.host.begin()
    scene.host.listeners[-1].on_message(CurrentLine(1, PATH, 3))
    scene.clock.advance(LIMIT)
    state = scene.file.state
    assert (scene.host.signals, scene.host.stopped) == (["suspend"], [])
    assert (state.phase, state.suspended) == (Phase.IDLE, True)
    last = await attempt.ended
    assert (last.outcome, last.seconds) == (Outcome.TIMED_OUT, LIMIT)
    assert last.user_message == UserMessage("suspended", "60")


async def test_a_suspended_run_continues_without_a_limit(scene: Scene) -> None:
    scene.file.run()
    scene.host.begin()
    scene.clock.advance(LIMIT)
    assert scene.file.proceed()
    state = scene.file.state
    assert (state.phase, state.suspended) == (Phase.RUNNING, False)
    scene.clock.advance(100 * LIMIT)
    assert scene.host.signals == ["suspend", "continue"]
    assert not scene.file.proceed()


async def test_a_suspended_run_shows_information_at_its_line(scene: Scene) -> None:
    scene.file.document.edit([Edit("x = 1\nwhile True:\n    pass\n")], 2)
    scene.file.run()
    scene.host.begin()
    scene.host.listeners[-1].on_message(CurrentLine(1, PATH, 2))
    scene.clock.advance(LIMIT)
    (shown,) = scene.file.results.diagnostics(scene.file.document)
    assert (shown.span.line, shown.severity) == (2, Severity.INFORMATION)
    scene.file.proceed()
    assert list(scene.file.results.diagnostics(scene.file.document)) == []


async def test_a_newer_run_takes_over_from_a_suspended_one(scene: Scene) -> None:
    scene.file.run()
    scene.host.begin()
    scene.clock.advance(LIMIT)
    scene.edit()
    assert scene.file.state.phase.value == "starting"
    scene.host.begin()
    assert scene.host.stopped == [Outcome.SUPERSEDED]
    assert scene.file.state.phase is Phase.RUNNING
    assert not scene.file.state.suspended


async def test_waiting_for_hints_does_not_wait_for_a_suspended_run(scene: Scene) -> None:
    scene.file.run()
    scene.host.begin()
    scene.clock.advance(LIMIT)
    await asyncio.wait_for(scene.file.settled(60, 60), 30)
