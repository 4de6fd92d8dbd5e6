"""All the warm hosts of the server, one an interpreter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.places import Notice

from .host import WARM_UP_LIMIT, Host, HostPhase, HostState
from .runs import LiveRun, Outcome, RunListener, RunResult

__all__ = [
    "HostPhase",
    "HostState",
    "LiveRun",
    "Outcome",
    "Pool",
    "RunListener",
    "RunResult",
]

_CLOSE_PATIENCE = 3.0


class Pool:
    """Starts runs. `on_state` hears of every change of a host's state, in the event loop.

    With `single_use` no run is forked: each takes a process of its own that was warmed before.
    """

    def __init__(
        self,
        *,
        single_use: bool = False,
        warm_up_limit: float = WARM_UP_LIMIT,
        on_state: Callable[[Path, HostState], None] | None = None,
    ) -> None:
        self._single_use = single_use
        self._warm_up_limit = warm_up_limit
        self._on_state = on_state
        self._hosts: dict[Path, Host] = {}

    def warm(self, interpreter: Path, directory: Path) -> None:
        """Begins to bring the interpreter's host up; `directory` is where it starts.

        May be called before there is an event loop, and again once there is one: the time that the
        server itself needs to start is not lost.
        """
        self._host(interpreter, directory).warm()

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
        host = self._host(interpreter, directory)
        run = LiveRun(request, listener, timeout, host)
        host.start(run)
        return run

    def release(self, path: str) -> None:
        """Nothing will run as `path` for a while: its paused copies may go."""
        for host in self._hosts.values():
            host.release(path)

    async def inspect(self, interpreter: Path, request: messages.Inspect) -> messages.Inspected:
        """Looks at a tensor of a run's end, where a copy of that was kept."""
        host = self._hosts.get(interpreter)
        if host is None:
            return messages.Inspected(request.run, request.query, problem=Notice("tensor-no-copy"))
        return await host.inspect(request)

    def state(self, interpreter: Path) -> HostState:
        host = self._hosts.get(interpreter)
        return host.state if host is not None else HostState(HostPhase.COLD)

    async def settled(self, interpreter: Path) -> HostState:
        """The host's state once it does not warm up any more."""
        host = self._hosts.get(interpreter)
        return await host.settled() if host is not None else HostState(HostPhase.COLD)

    async def close(self) -> None:
        """Ends every run and every host, and waits until they are gone."""
        await asyncio.gather(*(host.close(_CLOSE_PATIENCE) for host in self._hosts.values()))
        self._hosts.clear()

    def _host(self, interpreter: Path, directory: Path) -> Host:
        if interpreter not in self._hosts:
            self._hosts[interpreter] = Host(
                interpreter,
                directory,
                single_use=self._single_use,
                warm_up_limit=self._warm_up_limit,
                on_state=lambda state: self._tell(interpreter, state),
            )
        return self._hosts[interpreter]

    def _tell(self, interpreter: Path, state: HostState) -> None:
        if self._on_state is not None:
            self._on_state(interpreter, state)
