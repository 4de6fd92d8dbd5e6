"""The helper processes of `multiprocessing`, which live on when the workers have ended.

The resource tracker removes named locks and shared memory that a program has left behind; the fork
server makes processes. Both wait at a pipe until the program ends. They stay with the run: a
resumed run starts its own.
"""

from __future__ import annotations

import os
import sys
from typing import Any, FrozenSet, List, Set, Tuple


class HelperProcesses:
    """The helpers of this process. Create it before the program starts."""

    def __init__(self) -> None:
        self._resources: Set[Tuple[str, str]] = set()
        self._is_watching = False

    def start(self) -> None:
        """Note from now on what is registered with the resource tracker, which cannot be asked."""
        tracker: Any = _singleton(*_TRACKER)
        if not callable(getattr(tracker, "_send", None)):
            return
        original, resources = tracker._send, self._resources

        def send(command: str, name: str, kind: str) -> None:
            original(command, name, kind)
            if command == "REGISTER":
                resources.add((name, kind))
            elif command == "UNREGISTER":
                resources.discard((name, kind))

        tracker._send = send
        self._is_watching = True

    @property
    def have_resources(self) -> bool:
        """Whether the tracker removes something at the end of this run that a resumed one uses."""
        tracker: Any = _singleton(*_TRACKER)
        is_running = getattr(tracker, "_pid", None) is not None
        return is_running and (bool(self._resources) or not self._is_watching)

    @property
    def pids(self) -> FrozenSet[int]:
        """The processes of the helpers."""
        return frozenset(pid for _, pid, _ in _running())

    @property
    def descriptors(self) -> FrozenSet[int]:
        """The descriptors by which they notice that the program has ended."""
        return frozenset(descriptor for _, _, descriptor in _running())

    def leave(self) -> List[Any]:
        """Let go of the helpers in a process that was forked from the run; return their clients."""
        clients = []
        for client, _, descriptor in _running():
            os.close(descriptor)
            for name in _FIELDS:
                if hasattr(client, name):
                    setattr(client, name, None)
            clients.append(client)
        if clients:
            # The folder of their sockets, which the run removes at its end.
            process: Any = sys.modules["multiprocessing.process"]
            process.current_process()._config.pop("tempdir", None)
        return clients


_TRACKER = "multiprocessing.resource_tracker", "_resource_tracker"
_SERVER = "multiprocessing.forkserver", "_forkserver"
_FIELDS = (
    "_fd", "_pid",
    "_forkserver_address", "_forkserver_alive_fd", "_forkserver_authkey", "_forkserver_pid",
)  # fmt: skip


def _singleton(module: str, name: str) -> Any:
    return getattr(sys.modules.get(module), name, None)


def _running() -> List[Tuple[Any, int, int]]:
    """Return each helper's client in this process, process id and descriptor.

    Without the fork server as long as it may have children.
    """
    found = []
    tracker: Any = _singleton(*_TRACKER)
    pid, descriptor = getattr(tracker, "_pid", None), getattr(tracker, "_fd", None)
    if pid and descriptor is not None:
        found.append((tracker, pid, descriptor))
    server: Any = _singleton(*_SERVER)
    pid = getattr(server, "_forkserver_pid", None)
    descriptor = getattr(server, "_forkserver_alive_fd", None)
    if pid and descriptor is not None and not _has_workers():
        found.append((server, pid, descriptor))
    return found


def _has_workers() -> bool:
    return bool(getattr(sys.modules.get("multiprocessing.process"), "_children", True))
