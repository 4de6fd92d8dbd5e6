"""One run of one file from the command line: starts it, follows it, and returns what was observed.

Knows nothing about how that is shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tensorhints.engine.interpreters import find_interpreter
from tensorhints.engine.live_run import LiveRun
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.devices import Device
from tensorhints.model.messages import FromRun, Run
from tensorhints.session.runs.record import RunRecord
from tensorhints.session.settings import RunSettings

from .arguments import RunFile
from .refusal import BAD_USAGE
from .source import Source

ENDED_WELL, FAILED, BY_LIMIT, BY_CTRL_C = 0, 1, 3, 130

Printer = Callable[[str, str], None]


@dataclass(frozen=True)
class Report:
    """A finished run: the source, the observations, the result, and the requested device."""

    source: Source
    record: RunRecord
    result: RunResult
    asked: str = "auto"

    @property
    def device(self) -> Device:
        """The device in force."""
        return self.record.device_for(self.asked)

    @property
    def exit_status(self) -> int:
        """The command's exit status."""
        outcome = self.result.outcome
        if outcome is Outcome.FINISHED:
            return FAILED if self.result.exit_status else ENDED_WELL
        if outcome in (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY):
            return BY_LIMIT
        if outcome is Outcome.STOPPED:
            return BY_CTRL_C
        if outcome is Outcome.REFUSED and self.result.rejected is None:
            return BAD_USAGE
        return FAILED


def watch(command: RunFile, source: Source, printer: Printer | None) -> Report:
    """Run the file to its end. `printer` receives (stream, text) as the program prints."""
    return asyncio.run(_run_to_end(command, source, printer))


def workspace_of(path: str) -> Path:
    """Return the folder whose modules and interpreter belong to a file.

    It is the working directory if the file is below it, otherwise the file's folder.
    """
    here, folder = Path.cwd(), Path(path).parent
    return here if folder.is_relative_to(here) else folder


class _Follower:
    """Records messages and prints output; a `RunListener` of the engine."""

    def __init__(self, record: RunRecord, printer: Printer | None) -> None:
        self._record = record
        self._printer = printer

    def on_message(self, message: FromRun) -> None:
        """Record a message."""
        self._record.on_message(message)

    def on_output(self, stream: str, text: str) -> None:
        """Record output, and print it."""
        self._record.on_output(stream, text)
        if self._printer is not None:
            self._printer(stream, text)


async def _run_to_end(command: RunFile, source: Source, printer: Printer | None) -> Report:
    workspace = workspace_of(source.path)
    interpreter = find_interpreter(command.interpreter, workspace)
    record = RunRecord()
    request = Run(
        run=1,
        path=source.path,
        text=source.text,
        arguments=command.arguments,
        directory=str(Path.cwd()),
        device=command.device,
        cells=source.cells,
        memory_limit=RunSettings().memory_limit,
        roots=tuple(dict.fromkeys((str(workspace), str(Path(source.path).parent)))),
    )
    pool = Pool()
    try:
        follower = _Follower(record, printer)
        live = pool.start(interpreter.path, request, follower, timeout=command.timeout)
        with _stopped_by_ctrl_c(live):
            result = await live.finished()
    finally:
        await pool.close()
    return Report(source, record, result, command.device)


@contextlib.contextmanager
def _stopped_by_ctrl_c(live: LiveRun) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, live.stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
