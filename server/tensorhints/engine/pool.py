"""All the warm hosts of the server: one an interpreter and a kind of run."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from . import host_kinds
from .cuda_standby import Contexts
from .host_kinds import HostKind
from .runs import LiveRun, Outcome, RunListener, RunResult
from .warm_host import WARM_UP_LIMIT, HostPhase, HostState, WarmHost

__all__ = [
    "HostPhase",
    "HostState",
    "LiveRun",
    "Outcome",
    "Pool",
    "RunListener",
    "RunResult",
]

CONTEXT_IDLE = 300.0
"""Seconds for which a GPU's context stands by and is not used."""

_CLOSE_PATIENCE = 3.0


class Pool:
    """Starts runs. `on_state` hears of every change of a host's state, in the event loop; not of
    those that stand by with a GPU's context: no run waits for them.

    With `single_use` no run is forked: each takes a process of its own that was warmed before.
    """

    def __init__(
        self,
        *,
        single_use: bool = False,
        warm_up_limit: float = WARM_UP_LIMIT,
        context_idle: float = CONTEXT_IDLE,
        on_state: Callable[[Path, HostState], None] | None = None,
    ) -> None:
        self._single_use = single_use
        self._warm_up_limit = warm_up_limit
        self._context_idle = context_idle
        self._on_state = on_state
        self._hosts: dict[tuple[Path, HostKind], WarmHost] = {}
        self._contexts: dict[Path, Contexts] = {}
        self._ran_on: dict[str, WarmHost] = {}  # the host of each program's last run, by its path

    def warm(self, interpreter: Path, directory: Path, device: str = "auto") -> None:
        """Begins to bring the host up that runs on `device` take; `directory` is where it starts.

        May be called before there is an event loop, and again once there is one: the time that the
        server itself needs to start is not lost.
        """
        self._host(interpreter, directory, host_kinds.kind_for(device)).warm()

    def start(
        self,
        interpreter: Path,
        request: messages.Run,
        listener: RunListener,
        *,
        timeout: float | None = None,
    ) -> LiveRun:
        """Returns at once. `timeout`, in seconds, counts from the program's first statement."""
        directory = Path(request.directory or Path(request.path).parent)
        contexts = self._contexts_of(interpreter, directory)
        host = contexts.host_for(request)
        if host is None:
            host = self._host(interpreter, directory, host_kinds.kind_for(request.device))
        if host.is_single_use or self._ran_on.get(request.path) is not host:
            # Only the host that ran a program last knows whether its code has changed since.
            request = dataclasses.replace(request, only_if_changed=None)
        watcher = _Watcher(listener, request, contexts, lambda: self._began(request.path, host))
        run = LiveRun(request, watcher, timeout, host)
        host.start(run)
        return run

    def release(self, path: str) -> None:
        """Nothing will run as `path` for a while: its paused copies may go."""
        for host in self._hosts.values():
            host.release(path)

    async def inspect(self, interpreter: Path, request: messages.Inspect) -> messages.Inspected:
        """Looks at a tensor of a run's end, where a copy of that was kept."""
        # No other kind of host keeps copies.
        host = self._hosts.get((interpreter, self._kind(host_kinds.ORDINARY)))
        if host is None:
            return messages.Inspected(
                request.run, request.query, problem=UserMessage("tensor-no-copy")
            )
        return await host.inspect(request)

    def state(self, interpreter: Path, device: str = "auto") -> HostState:
        host = self._hosts.get((interpreter, self._kind(host_kinds.kind_for(device))))
        return host.state if host is not None else HostState(HostPhase.COLD)

    async def settled(self, interpreter: Path, device: str = "auto") -> HostState:
        """The host's state once it does not warm up any more."""
        host = self._hosts.get((interpreter, self._kind(host_kinds.kind_for(device))))
        return await host.settled() if host is not None else HostState(HostPhase.COLD)

    def context(self, interpreter: Path, gpu: int) -> HostState:
        """The state of the process that stands by with a context on this GPU."""
        host = self._hosts.get((interpreter, self._kind(host_kinds.with_context(gpu))))
        return host.state if host is not None else HostState(HostPhase.COLD)

    async def close(self) -> None:
        """Ends every run and every host, and waits until they are gone."""
        for contexts in self._contexts.values():
            contexts.close()
        await asyncio.gather(*(host.close(_CLOSE_PATIENCE) for host in self._hosts.values()))
        self._hosts.clear()

    def _host(self, interpreter: Path, directory: Path, kind: HostKind) -> WarmHost:
        kind = self._kind(kind)
        if (interpreter, kind) not in self._hosts:
            self._hosts[interpreter, kind] = WarmHost(
                interpreter,
                directory,
                kind,
                warm_up_limit=self._warm_up_limit,
                on_state=lambda state: self._tell(interpreter, kind, state),
            )
        return self._hosts[interpreter, kind]

    def _kind(self, kind: HostKind) -> HostKind:
        return dataclasses.replace(kind, single_use=kind.single_use or self._single_use)

    def _contexts_of(self, interpreter: Path, directory: Path) -> Contexts:
        if interpreter not in self._contexts:
            self._contexts[interpreter] = Contexts(
                lambda gpu: self._host(interpreter, directory, host_kinds.with_context(gpu)),
                self._context_idle,
            )
        return self._contexts[interpreter]

    def _began(self, path: str, host: WarmHost) -> None:
        self._ran_on[path] = host

    def _tell(self, interpreter: Path, kind: HostKind, state: HostState) -> None:
        if self._on_state is not None and not host_kinds.stands_by(kind):
            self._on_state(interpreter, state)


class _Watcher:
    """Hears a run for its listener, and learns from it whether its program uses a GPU."""

    def __init__(
        self,
        listener: RunListener,
        request: messages.Run,
        contexts: Contexts,
        began: Callable[[], None],
    ) -> None:
        self._listener = listener
        self._request = request
        self._contexts = contexts
        self._began = began
        self._uses_gpu = False

    def on_message(self, message: messages.FromRun) -> None:
        if isinstance(message, messages.Started):
            self._began()
        elif isinstance(message, messages.MemoryUse) and not self._uses_gpu:
            self._uses_gpu = any(used.device.startswith("cuda") for used in message.devices)
            if self._uses_gpu:
                self._contexts.used(self._request)
        elif isinstance(message, messages.Ended) and not self._uses_gpu and not message.exit_status:
            self._contexts.unused(self._request)
        self._listener.on_message(message)

    def on_output(self, stream: str, text: str) -> None:
        self._listener.on_output(stream, text)
