"""All warm hosts of the server, one for each interpreter and kind of run."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from . import host_kinds, host_memory
from .cuda_standbys import CudaStandbys
from .host_kinds import HostKind
from .live_run import LaunchingHost, LiveRun
from .results import RunListener
from .standby import WARM_UP_LIMIT, HostPhase, HostState
from .start_environment import read_at_start
from .warm_host import WarmHost

STANDBY_IDLE = 300.0
"""Seconds after which a CUDA standby that no run has used ends."""

_CLOSE_PATIENCE = 3.0
_NO_VARIABLES: Mapping[str, str] = {}


class Pool:
    """Starts runs on warm hosts. Satisfies `RunObserver`.

    `on_state` is called in the event loop on every change of a host's state, except for CUDA
    standbys, which no run waits for. With `single_use` no run is forked: each takes a process of
    its own that was warmed up before. Hosts hold at most `memory` bytes together, apart from what
    they do for runs: the least recently used ones are closed first.
    """

    def __init__(
        self,
        *,
        single_use: bool = False,
        warm_up_limit: float = WARM_UP_LIMIT,
        standby_idle: float = STANDBY_IDLE,
        memory: float | None = None,
        on_state: Callable[[Path, HostState], None] | None = None,
    ) -> None:
        self._single_use = single_use
        self._warm_up_limit = warm_up_limit
        self._standby_idle = standby_idle
        self._memory = host_memory.bound() if memory is None else memory
        self._on_state = on_state
        self._hosts: dict[tuple[Path, HostKind], WarmHost] = {}
        """From the least to the most recently used."""
        self._standbys: dict[Path, CudaStandbys] = {}
        self._last_hosts: dict[str, LaunchingHost] = {}
        """The host of each program's last run, by the program's path."""

    def warm(
        self,
        interpreter: Path,
        directory: Path,
        device: str = "auto",
        environment: Mapping[str, str] = _NO_VARIABLES,
    ) -> None:
        """Start the host for runs on `device`, with `directory` as its working directory.

        `environment` are the variables of these runs.

        This may be called before there is an event loop, and again once there is one: the host
        warms up while the server itself starts.
        """
        kind = host_kinds.kind_for(device, read_at_start(environment))
        self._host(interpreter, directory, kind).standby.warm()

    def start(
        self,
        interpreter: Path,
        request: messages.Run,
        listener: RunListener,
        *,
        timeout: float | None = None,
    ) -> LiveRun:
        """Start a run and return at once.

        `timeout` is in seconds and counts from the program's first statement.
        """
        directory = Path(request.directory or Path(request.path).parent)
        host = self._standbys_of(interpreter, directory).host_for(request)
        if host is None:
            environment = read_at_start(request.environment)
            kind = host_kinds.kind_for(request.device, environment)
            host = self._host(interpreter, directory, kind)
        is_last_host = self._last_hosts.get(request.path) is host and not host.is_single_use
        if request.only_if_changed is not None and not is_last_host:
            # Another host than that of the last run cannot compare the code with that run's.
            request = dataclasses.replace(request, only_if_changed=None)
        run = LiveRun(request, listener, timeout, host, self)
        host.start(run)
        return run

    def release(self, path: str) -> None:
        """Drop the checkpoints of a file that will not run for a while."""
        for host in self._hosts.values():
            host.release(path)

    async def inspect(
        self,
        interpreter: Path,
        request: messages.Inspect,
        environment: Mapping[str, str] = _NO_VARIABLES,
    ) -> messages.Inspected:
        """Inspect a tensor in the checkpoint at the end of a run with this environment."""
        # Only ordinary hosts keep checkpoints.
        kind = host_kinds.kind_for("auto", read_at_start(environment))
        host = self._known_host(interpreter, kind)
        if host is None:
            problem = UserMessage("tensor-no-checkpoint")
            return messages.Inspected(request.run, request.query, problem=problem)
        return await host.inspect(request)

    def state(
        self,
        interpreter: Path,
        device: str = "auto",
        environment: Mapping[str, str] = _NO_VARIABLES,
    ) -> HostState:
        """Return the state of the host for runs on `device` with this environment."""
        kind = host_kinds.kind_for(device, read_at_start(environment))
        host = self._known_host(interpreter, kind)
        return host.standby.state if host is not None else HostState(HostPhase.COLD)

    async def settled(self, interpreter: Path, device: str = "auto") -> HostState:
        """Return that state once the host is not warming up any more."""
        host = self._known_host(interpreter, host_kinds.kind_for(device))
        return await host.standby.settled() if host is not None else HostState(HostPhase.COLD)

    def standby_state(self, interpreter: Path, gpu: int) -> HostState:
        """Return the state of the CUDA standby on this GPU. Only tests need it."""
        host = self._known_host(interpreter, host_kinds.with_cuda_context(gpu))
        return host.standby.state if host is not None else HostState(HostPhase.COLD)

    async def close(self) -> None:
        """Stop every run and end every host, and wait until they are gone."""
        for standbys in self._standbys.values():
            standbys.close()
        await asyncio.gather(*(host.close(_CLOSE_PATIENCE) for host in self._hosts.values()))
        self._hosts.clear()

    # ---- for runs

    def run_started(self, run: LiveRun) -> None:
        """Note which host ran a program last."""
        self._last_hosts[run.request.path] = run.host

    def gpu_use_known(self, run: LiveRun, uses_gpu: bool) -> None:
        """Prepare a CUDA standby for a program's next run, or end the one that it had."""
        standbys = self._standbys[run.host.interpreter]
        if uses_gpu:
            standbys.prepare(run.request)
        else:
            standbys.forget(run.request)

    # ---- hosts

    def _known_host(self, interpreter: Path, kind: HostKind) -> WarmHost | None:
        return self._hosts.get((interpreter, self._kind(kind)))

    def _host(self, interpreter: Path, directory: Path, kind: HostKind) -> WarmHost:
        kind = self._kind(kind)
        host = self._hosts.pop((interpreter, kind), None) or WarmHost(
            interpreter,
            directory,
            kind,
            warm_up_limit=self._warm_up_limit,
            on_state=lambda state: self._report_state(interpreter, kind, state),
        )
        self._hosts[interpreter, kind] = host
        return host

    def _kind(self, kind: HostKind) -> HostKind:
        return dataclasses.replace(kind, single_use=kind.single_use or self._single_use)

    def _standbys_of(self, interpreter: Path, directory: Path) -> CudaStandbys:
        if interpreter not in self._standbys:
            self._standbys[interpreter] = CudaStandbys(
                lambda gpu: self._host(interpreter, directory, host_kinds.with_cuda_context(gpu)),
                self._standby_idle,
            )
        return self._standbys[interpreter]

    def _limit_memory(self) -> None:
        """Close hosts while all of them exceed the bound. CUDA standbys end by themselves."""
        hosts = [
            host for (_, kind), host in self._hosts.items() if not host_kinds.has_cuda_context(kind)
        ]
        for host in host_memory.to_close(hosts, self._memory):
            host.retire()

    def _report_state(self, interpreter: Path, kind: HostKind, state: HostState) -> None:
        if state.phase is HostPhase.READY and len(self._hosts) > 1:
            self._limit_memory()
        if self._on_state is not None and not host_kinds.has_cuda_context(kind):
            self._on_state(interpreter, state)
