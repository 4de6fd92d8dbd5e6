"""The warm process of a host: spawned, watched while it warms up, and respawned when it dies."""

from __future__ import annotations

import asyncio
import enum
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.signals import signal_name
from tensorhints.model.user_messages import UserMessage

from .host_kinds import HostKind
from .host_process import HostProcess
from .timers import Timers

WARM_UP_LIMIT = 120.0
"""Seconds that importing torch may take: from a slow network drive it takes a minute."""

RESTARTS = (0.0, 0.5, 2.0, 5.0)
"""Seconds to wait before each restart in a row. A run that ends normally begins a new row."""

_RETRY_AFTER = {"host-keeps-crashing": 30.0, "no-context": 60.0}
_RETRY_SOON = 1.0
_DETAIL_KEPT = 500


class HostPhase(enum.Enum):
    """Whether a host can take runs."""

    COLD = "cold"
    WARMING = "warming"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class HostState:
    """The phase of a host, with the reason if it failed or its `Ready` message if it is ready."""

    phase: HostPhase
    user_message: UserMessage | None = None
    ready: messages.Ready | None = None

    @property
    def refusal(self) -> UserMessage | None:
        """The reason why runs are refused, if they are."""
        return self.user_message if self.phase is HostPhase.FAILED else None


class Standby:
    """The process that takes a host's next runs.

    In a host of single use the process becomes the run, and `spawn` replaces it. `processes` are
    all that exist, those of runs included. `on_state` is called on every change of `state`.
    """

    def __init__(
        self,
        interpreter: Path,
        directory: Path,
        kind: HostKind,
        *,
        warm_up_limit: float,
        on_state: Callable[[HostState], None],
        on_message: Callable[[HostProcess, object], None],
        on_exit: Callable[[HostProcess], None],
    ) -> None:
        self.interpreter = interpreter
        self.state = HostState(HostPhase.COLD)
        self.process: HostProcess | None = None
        self.processes: set[HostProcess] = set()
        self.is_closing = False
        self._directory = directory
        self._kind = kind
        self._warm_up_limit = warm_up_limit
        self._on_state = on_state
        self._on_message = on_message
        self._on_exit = on_exit
        self._failed_at = 0.0
        self._deaths = 0
        self._timers = Timers()
        self._warm_up_timer: asyncio.TimerHandle | None = None
        self._changed: asyncio.Event | None = None
        self._emptied: asyncio.Event | None = None

    def warm(self) -> None:
        """Spawn the process unless it exists. This works before there is an event loop."""
        if self.is_closing:
            return
        if self.state.phase is HostPhase.COLD or self._may_retry():
            self.spawn()
        self.attach()

    def attach(self) -> None:
        """Start to read from processes that were spawned before there was an event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        for process in tuple(self.processes):
            process.attach()
        if self.state.phase is HostPhase.WARMING and self._warm_up_timer is None:
            self._warm_up_timer = loop.call_later(self._warm_up_limit, self._on_warm_up_limit)

    async def settled(self) -> HostState:
        """Return the state once it is not `WARMING` any more."""
        while self.state.phase is HostPhase.WARMING:
            self._changed = self._changed or asyncio.Event()
            await self._changed.wait()
        return self.state

    def spawn(self) -> None:
        """Spawn a process to take the next runs."""
        try:
            self.process = HostProcess(
                self.interpreter,
                self._directory,
                self._kind,
                on_message=self._on_message,
                on_exit=self._on_exit,
            )
        except OSError as error:
            missing = not self.interpreter.exists()
            detail = str(self.interpreter) if missing else f"{self.interpreter}: {error.strerror}"
            self.fail(UserMessage("no-interpreter", detail))
            return
        self.processes.add(self.process)
        self._set_state(HostState(HostPhase.WARMING))
        self.attach()

    def retire(self) -> None:
        """Kill the process with everything that it holds of the machine. Runs continue."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
        self._set_state(HostState(HostPhase.COLD))

    def fail(self, user_message: UserMessage) -> None:
        """Refuse runs for this reason, until a later `warm` tries again."""
        self._failed_at = time.monotonic()
        self._set_state(HostState(HostPhase.FAILED, user_message=user_message))

    def on_ready(self, process: HostProcess, message: messages.Ready) -> None:
        """A process is warm."""
        if process is not self.process or self.is_closing:
            return
        if message.protocol != messages.PROTOCOL_VERSION:
            self.fail(UserMessage("wire-broken", f"protocol {message.protocol}"))
            process.kill()
        else:
            self._set_state(HostState(HostPhase.READY, ready=message))

    def on_run_ended(self) -> None:
        """A run has ended normally: count the deaths of processes anew."""
        self._deaths = 0

    def on_exit(self, process: HostProcess) -> None:
        """A process has exited. Respawn it if it was to take the next runs."""
        self.processes.discard(process)
        if process is self.process:
            self.process = None
            if not self.is_closing:
                self._on_lost(process)
        if self.is_closing and not self.processes and self._emptied is not None:
            self._emptied.set()

    async def close(self, patience: float) -> None:
        """End all processes; kill those that still exist after `patience` seconds."""
        self.is_closing = True
        self.attach()
        self._timers.cancel()
        self._cancel_warm_up_timer()
        if not self.processes:
            return
        self._emptied = asyncio.Event()
        for process in tuple(self.processes):
            # A process that imports torch or became a run does not read from the channel.
            if process.ready is None or self._kind.single_use:
                process.kill()
            process.close_control()
        try:
            await asyncio.wait_for(self._emptied.wait(), patience)
        except asyncio.TimeoutError:
            for process in tuple(self.processes):
                process.kill()
            await self._emptied.wait()

    def _may_retry(self) -> bool:
        if self.state.phase is not HostPhase.FAILED or self.state.user_message is None:
            return False
        wait = _RETRY_AFTER.get(self.state.user_message.code, _RETRY_SOON)
        return time.monotonic() - self._failed_at >= wait

    def _set_state(self, state: HostState) -> None:
        self.state = state
        if state.phase is not HostPhase.WARMING:
            self._cancel_warm_up_timer()
        if self._changed is not None:
            self._changed.set()
            self._changed = None
        self._on_state(state)

    def _cancel_warm_up_timer(self) -> None:
        if self._warm_up_timer is not None:
            self._warm_up_timer.cancel()
            self._warm_up_timer = None

    def _on_warm_up_limit(self) -> None:
        if self.state.phase is HostPhase.WARMING and self.process is not None:
            self.fail(UserMessage("warm-up-timeout", f"{self._warm_up_limit:g}"))
            self.process.kill()

    def _on_lost(self, process: HostProcess) -> None:
        if self.state.phase is HostPhase.FAILED:
            return
        status = process.status or 0
        killed = status in (-signal.SIGKILL, -signal.SIGTERM)
        if process.ready is None and not killed:
            last = process.log.rpartition("\n")[2][-_DETAIL_KEPT:]
            self.fail(UserMessage("torch-broken", last or _describe_status(status)))
            return
        if self._deaths >= len(RESTARTS):
            self._deaths = 0
            self.fail(UserMessage("host-keeps-crashing", _describe_status(status)))
            return
        pause = RESTARTS[self._deaths]
        self._deaths += 1
        self._set_state(HostState(HostPhase.WARMING))
        if pause:
            self._timers.after(pause, self._respawn)
        else:
            self.spawn()

    def _respawn(self) -> None:
        is_warming = self.state.phase is HostPhase.WARMING
        if not self.is_closing and is_warming and self.process is None:
            self.spawn()


def _describe_status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return signal_name(-status) or f"signal {-status}"
