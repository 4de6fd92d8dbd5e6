"""The processes that a run started: found in /proc, killed to the last one.

A run leads its own session, so that what it started can be told from what another run started,
until something leaves the session; that is swept once no other run is alive.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import Callable, Collection, Dict, Iterable, List, Set

_PROC = "/proc"
_PATIENCE = 10.0


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    session: int
    zombie: bool


def listing() -> Dict[int, Process]:
    """Every process of the system by its id; empty where there is no /proc."""
    found: Dict[int, Process] = {}
    try:
        names = os.listdir(_PROC)
    except OSError:
        return found
    for name in names:
        if name.isdigit():
            process = _read(int(name))
            if process is not None:
                found[process.pid] = process
    return found


def _read(pid: int) -> Process | None:
    try:
        with open(f"{_PROC}/{pid}/stat", "rb") as stat:
            # The name in parentheses may hold anything, spaces and parentheses too.
            fields = stat.read().rpartition(b")")[2].split()
        return Process(pid, int(fields[1]), int(fields[3]), fields[0] == b"Z")
    except (OSError, ValueError, IndexError):
        return None


def below(root: int, processes: Dict[int, Process]) -> Set[int]:
    """All descendants of `root`."""
    children: Dict[int, List[int]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process.pid)
    found: Set[int] = set()
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def has_children_but(known: Collection[int]) -> bool:
    """Whether this process has children that are not `known`. Cheap; true where it cannot tell."""
    try:
        with open(f"{_PROC}/self/task/{os.getpid()}/children", "rb") as children:
            return any(int(child) not in known for child in children.read().split())
    except (OSError, ValueError):
        return True


def kill(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def sweep(
    ended: int, alive: Collection[int], spared: Collection[int], reap: Callable[[], None]
) -> int:
    """Kills what the run `ended` left behind and says how many processes that were.

    `alive` are the other runs' processes, `spared` the paused copies, which started nothing but
    other copies, in their own session; `reap` takes the dead from the list of processes.
    """
    killed: Set[int] = set()
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        reap()
        known = (*alive, *spared)
        left = _left_behind(ended, alive, spared) if has_children_but(known) else set()
        if not left:
            break
        killed |= left
        kill(left)
        time.sleep(0.001)
    return len(killed)


def _left_behind(ended: int, alive: Collection[int], spared: Collection[int]) -> Set[int]:
    processes = listing()
    mine = below(os.getpid(), processes)
    for run in (*alive, *spared):
        mine -= below(run, processes)
        mine.discard(run)
    mine = {
        pid for pid in mine if not processes[pid].zombie and processes[pid].session not in spared
    }
    if alive:
        roots = {pid for pid in mine if processes[pid].session == ended}
        return roots.union(*(below(root, processes) & mine for root in roots))
    return mine
