"""The warm host of one interpreter: brought up, brought back when it dies, and given runs.

A host that forks takes every run; where runs cannot be forked, each takes the place of a standby
host, and the next standby is brought up meanwhile.
"""

from __future__ import annotations

import asyncio
import enum
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.signals import LOCATE_SIGNAL, signal_name
from tensorhints.model.user_messages import UserMessage

from . import system_processes
from .host_kinds import HostKind
from .host_process import HostProcess
from .replay import Beginning, RunLog
from .runs import LiveRun

WARM_UP_LIMIT = 120.0
"""Seconds that importing torch may take: a cold network share needs a minute."""

RESTARTS = (0.0, 0.5, 2.0, 5.0)
"""Seconds to wait before each restart in a row. A run that ends as it should begins a new row."""

INSPECTION_LIMIT = 5.0
"""Seconds to wait for what a look at a tensor has shown."""

_RETRY_AFTER = {"host-keeps-crashing": 30.0, "no-context": 60.0}
_RETRY_SOON = 1.0
_DETAIL_KEPT = 500


class HostPhase(enum.Enum):
    COLD = "cold"
    WARMING = "warming"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class HostState:
    """`user_message` says why a host failed, `ready` what one that is ready said of itself."""

    phase: HostPhase
    user_message: UserMessage | None = None
    ready: messages.Ready | None = None


class WarmHost:
    """Satisfies the runs' `Conductor`."""

    def __init__(
        self,
        interpreter: Path,
        directory: Path,
        kind: HostKind,
        *,
        warm_up_limit: float,
        on_state: Callable[[HostState], None],
    ) -> None:
        self._interpreter = interpreter
        self._directory = directory
        self._kind = kind
        self._single_use = kind.single_use
        self._warm_up_limit = warm_up_limit
        self._on_state = on_state
        self.state = HostState(HostPhase.COLD)
        self._failed_at = 0.0
        self._deaths = 0
        self._closing = False
        self._standby: HostProcess | None = None
        self._asked: LiveRun | None = None  # single use: sent to the standby, not yet answered
        self._processes: set[HostProcess] = set()
        self._waiting: list[LiveRun] = []
        self._runs: dict[int, tuple[LiveRun, HostProcess]] = {}
        self._logs: dict[int, RunLog] = {}  # of runs from whose copies others may go on
        self._looks: dict[int, asyncio.Future[messages.Inspected]] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._changed: asyncio.Event | None = None
        self._emptied: asyncio.Event | None = None
        self._warm_up_timer: asyncio.TimerHandle | None = None

    # ---- warm and cold ---------------------------------------------------------------------------

    def warm(self) -> None:
        """Brings the host up where it is not. Works before there is an event loop."""
        if self._closing:
            return
        if self.state.phase is HostPhase.COLD or self._may_retry():
            self._spawn()
        self.attach()

    def attach(self) -> None:
        """Listens to a host that was spawned before there was an event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        for process in tuple(self._processes):
            process.attach()
        if self.state.phase is HostPhase.WARMING and self._warm_up_timer is None:
            self._warm_up_timer = loop.call_later(self._warm_up_limit, self._gave_up_waiting)

    async def settled(self) -> HostState:
        """The state once it is not `WARMING` any more."""
        while self.state.phase is HostPhase.WARMING:
            self._changed = self._changed or asyncio.Event()
            await self._changed.wait()
        return self.state

    @property
    def is_single_use(self) -> bool:
        return self._single_use

    @property
    def is_free(self) -> bool:
        """Whether a run would begin at once."""
        return self.state.phase is HostPhase.READY and self._asked is None

    def retire(self) -> None:
        """Lets a standby go with all that it holds of the machine; runs go on."""
        if self._asked is not None or self._closing:
            return
        standby, self._standby = self._standby, None
        if standby is not None:
            standby.kill()
        self._become(HostState(HostPhase.COLD))

    def _may_retry(self) -> bool:
        if self.state.phase is not HostPhase.FAILED or self.state.user_message is None:
            return False
        wait = _RETRY_AFTER.get(self.state.user_message.code, _RETRY_SOON)
        return time.monotonic() - self._failed_at >= wait

    def _spawn(self) -> None:
        try:
            self._standby = HostProcess(
                self._interpreter,
                self._directory,
                self._kind,
                on_message=self._on_message,
                on_exit=self._on_exit,
            )
        except OSError as error:
            missing = not self._interpreter.exists()
            detail = str(self._interpreter) if missing else f"{self._interpreter}: {error.strerror}"
            self._fail(UserMessage("no-interpreter", detail))
            return
        self._processes.add(self._standby)
        self._become(HostState(HostPhase.WARMING))
        self.attach()

    def _become(self, state: HostState) -> None:
        self.state = state
        if state.phase is not HostPhase.WARMING and self._warm_up_timer is not None:
            self._warm_up_timer.cancel()
            self._warm_up_timer = None
        if self._changed is not None:
            self._changed.set()
            self._changed = None
        self._on_state(state)

    def _fail(self, user_message: UserMessage) -> None:
        self._failed_at = time.monotonic()
        self._become(HostState(HostPhase.FAILED, user_message=user_message))
        waiting, self._waiting = self._waiting, []
        for run in waiting:
            run.refuse(user_message)

    def _gave_up_waiting(self) -> None:
        if self.state.phase is HostPhase.WARMING and self._standby is not None:
            self._fail(UserMessage("warm-up-timeout", f"{self._warm_up_limit:g}"))
            self._standby.kill()

    # ---- runs ------------------------------------------------------------------------------------

    def start(self, run: LiveRun) -> None:
        self.warm()
        if self._closing:
            run.refuse(UserMessage("runner-killed"))
        elif self.state.phase is HostPhase.FAILED and self.state.user_message is not None:
            run.refuse(self.state.user_message)
        else:
            self._waiting.append(run)
            self._launch_waiting()

    def _launch_waiting(self) -> None:
        while self._waiting and self.state.phase is HostPhase.READY and self._asked is None:
            assert self._standby is not None
            run = self._waiting.pop(0)
            descriptors = run.open_streams()
            self._runs[run.run] = (run, self._standby)
            if run.request.token:
                self._logs[run.run] = run.log
            if self._single_use:
                self._asked = run
            self._standby.send(run.request, descriptors)

    def stop_run(self, run: int, how: messages.StopKind) -> None:
        if run not in self._runs:
            return
        live, process = self._runs[run]
        if not self._single_use:
            process.send(messages.Stop(run, how))
        elif how == "kill":
            process.kill()
        elif live.pid is not None:
            number = signal.SIGINT if how == "interrupt" else LOCATE_SIGNAL
            if number is not None:
                process.signal(number)

    def forget(self, run: LiveRun) -> None:
        if run in self._waiting:
            self._waiting.remove(run)

    def beginning(self, run: int, copy: int) -> Beginning | None:
        log = self._logs.get(run)
        if log is None:
            return None
        known = self._runs.get(run)
        if known is not None:
            # The marks were written before the copy could be gone on from.
            known[0].drain()
        return log.beginning(copy)

    def release(self, path: str) -> None:
        """Nothing will run as `path` for a while."""
        if self.state.phase is HostPhase.READY and self._standby is not None:
            self._standby.send(messages.Release(path))

    async def inspect(self, request: messages.Inspect) -> messages.Inspected:
        """Looks at a tensor of a run's end."""
        answer: asyncio.Future[messages.Inspected]
        answer = asyncio.get_running_loop().create_future()
        if self.state.phase is not HostPhase.READY or self._standby is None:
            return messages.Inspected(
                request.run, request.query, problem=UserMessage("tensor-no-copy")
            )
        self._looks[request.query] = answer
        try:
            self._standby.send(request)
            return await asyncio.wait_for(answer, INSPECTION_LIMIT)
        except asyncio.TimeoutError:
            return messages.Inspected(
                request.run, request.query, problem=UserMessage("tensor-no-answer")
            )
        finally:
            del self._looks[request.query]

    def abandon(self, run: LiveRun) -> None:
        known = self._runs.get(run.run)
        if known is not None:
            known[1].kill()

    # ---- what comes from the host ----------------------------------------------------------------

    def _on_message(self, process: HostProcess, message: object) -> None:
        if isinstance(message, messages.Ready):
            self._on_ready(process, message)
        elif isinstance(message, messages.CheckpointDropped):
            self._forget(message.run, message.number)
        elif isinstance(message, messages.Inspected):
            if message.query in self._looks and not self._looks[message.query].done():
                self._looks[message.query].set_result(message)
        elif isinstance(message, messages.NotReady) and process is self._standby:
            self._fail(UserMessage(message.code, message.detail or str(self._interpreter)))
        elif isinstance(message, (messages.Forked, messages.Rejected, messages.Exited)):
            run, _ = self._runs.get(message.run, (None, process))
            if run is None:
                return
            if isinstance(message, messages.Forked):
                run.on_forked(message)
                if self._single_use:
                    self._asked = None
                    self._spawn()
                return
            del self._runs[message.run]
            self._forget(message.run)
            if isinstance(message, messages.Rejected):
                run.on_rejected(message)
                self._asked = None
                self._launch_waiting()
            else:
                self._deaths = 0
                run.on_exited(message)

    def _forget(self, run: int, copy: int | None = None) -> None:
        """A run has ended, or a copy of it: when all of them have, nobody asks how it began."""
        log = self._logs.get(run)
        if log is None:
            return
        if copy is not None:
            log.forget(copy)
        if log.is_idle and run not in self._runs:
            del self._logs[run]

    def _on_ready(self, process: HostProcess, message: messages.Ready) -> None:
        if process is not self._standby or self._closing:
            return
        if message.protocol != messages.PROTOCOL_VERSION:
            self._fail(UserMessage("wire-broken", f"protocol {message.protocol}"))
            process.kill()
            return
        self._become(HostState(HostPhase.READY, ready=message))
        self._launch_waiting()

    def _on_exit(self, process: HostProcess) -> None:
        self._processes.discard(process)
        lost = [run for run, holder in self._runs.values() if holder is process]
        for run in lost:
            del self._runs[run.run]
        if process is self._standby:
            self._logs.clear()
        for run in lost:
            if run.pid is not None and run.pid == process.pid:
                run.on_exited(_exited(run, process))
            else:
                # A run dies with its host, but what it had started itself does not.
                swept = system_processes.kill_session(run.pid) if run.pid is not None else 0
                run.on_host_lost(UserMessage("runner-killed"), swept)
        if self._asked in lost:
            self._asked = None
        if process is self._standby:
            self._standby = None
            if not self._closing:
                self._on_standby_lost(process)
        if self._closing and not self._processes and self._emptied is not None:
            self._emptied.set()

    def _on_standby_lost(self, process: HostProcess) -> None:
        if self.state.phase is HostPhase.FAILED:
            return
        status = process.status or 0
        killed = status in (-signal.SIGKILL, -signal.SIGTERM)
        if process.ready is None and not killed:
            last = process.log.rpartition("\n")[2][-_DETAIL_KEPT:]
            self._fail(UserMessage("torch-broken", last or _how(status)))
            return
        if self._deaths >= len(RESTARTS):
            self._deaths = 0
            self._fail(UserMessage("host-keeps-crashing", _how(status)))
            return
        pause = RESTARTS[self._deaths]
        self._deaths += 1
        self._become(HostState(HostPhase.WARMING))
        if pause:
            self._later(pause, self._respawn)
        else:
            self._spawn()

    def _respawn(self) -> None:
        if not self._closing and self.state.phase is HostPhase.WARMING and self._standby is None:
            self._spawn()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        def acted() -> None:
            self._timers.discard(timer)
            act()

        timer = asyncio.get_running_loop().call_later(seconds, acted)
        self._timers.add(timer)

    # ---- the end ---------------------------------------------------------------------------------

    async def close(self, patience: float) -> None:
        """Ends every run and every process, and waits for that."""
        self._closing = True
        self.attach()
        for timer in self._timers:
            timer.cancel()
        if self._warm_up_timer is not None:
            self._warm_up_timer.cancel()
        for run in tuple(self._waiting):
            run.stop()
        if not self._processes:
            return
        self._emptied = asyncio.Event()
        for process in tuple(self._processes):
            # A host that imports torch or became a run does not listen.
            if process.ready is None or self._single_use:
                process.kill()
            process.close_control()
        try:
            await asyncio.wait_for(self._emptied.wait(), patience)
        except asyncio.TimeoutError:
            for process in tuple(self._processes):
                process.kill()
            await self._emptied.wait()


def _exited(run: LiveRun, process: HostProcess) -> messages.Exited:
    """What a host says of its child, of a host that became the run itself."""
    status = process.status or 0
    swept = system_processes.kill_session(process.pid)
    return messages.Exited(run.run, max(status, 0), max(-status, 0), swept)


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return signal_name(-status) or f"signal {-status}"
