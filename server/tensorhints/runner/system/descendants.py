"""Finds and kills the processes that a run has started.

Each run leads a session of its own, which tells its processes from those of other runs. Processes
that leave the session are killed once no other run is alive.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import Callable, Collection, Dict, Iterable, List, Optional, Set

_PROC = "/proc"
_SWEEP_SECONDS = 10.0


@dataclass(frozen=True)
class Process:
    """One line of the system's process table."""

    pid: int
    parent: int
    session: int
    is_zombie: bool


def process_table() -> Dict[int, Process]:
    """Return every process of the system by its id; empty without /proc."""
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


def _read(pid: int) -> Optional[Process]:
    try:
        with open(f"{_PROC}/{pid}/stat", "rb") as stat:
            # The name in parentheses may contain anything, including spaces and parentheses.
            fields = stat.read().rpartition(b")")[2].split()
        return Process(pid, int(fields[1]), int(fields[3]), fields[0] == b"Z")
    except (OSError, ValueError, IndexError):
        return None


def descendants_of(root: int, processes: Dict[int, Process]) -> Set[int]:
    """Return the ids of all descendants of process `root`."""
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


def has_other_children(known: Collection[int]) -> bool:
    """Whether this process has children that are not `known`. Cheap; true if it cannot tell."""
    try:
        with open(f"{_PROC}/self/task/{os.getpid()}/children", "rb") as children:
            return any(int(child) not in known for child in children.read().split())
    except (OSError, ValueError):
        return True


def kill(pids: Iterable[int]) -> None:
    """Send SIGKILL to each process that still exists."""
    _signal(pids, signal.SIGKILL)


def _signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass  # It has ended already.


def suspend_tree(pid: int) -> None:
    """Halt a process and all of its descendants where they are."""
    halted: Set[int] = set()
    found = {pid}
    # A process that was not halted yet may have forked meanwhile.
    while found - halted:
        _signal(found - halted, signal.SIGSTOP)
        halted |= found
        found = {pid, *descendants_of(pid, process_table())}


def continue_tree(pid: int) -> None:
    """Let a process and all of its descendants run again."""
    _signal([*descendants_of(pid, process_table()), pid], signal.SIGCONT)


def kill_tree(pid: int) -> None:
    """Kill a process and all of its descendants."""
    kill([pid, *descendants_of(pid, process_table())])


def sweep(
    ended: int, alive: Collection[int], checkpoints: Collection[int], reap: Callable[[], None]
) -> int:
    """Kill what the run with process id `ended` has left behind; return the number of processes.

    `alive` are the processes of the other runs. The `checkpoints` are spared, and so are the spares
    that they fork in their own sessions. `reap` waits for dead children.
    """
    killed: Set[int] = set()
    deadline = time.monotonic() + _SWEEP_SECONDS
    while time.monotonic() < deadline:
        reap()
        known = (*alive, *checkpoints)
        left = _left_behind(ended, alive, checkpoints) if has_other_children(known) else set()
        if not left:
            break
        killed |= left
        kill(left)
        time.sleep(0.001)
    return len(killed)


def _left_behind(ended: int, alive: Collection[int], checkpoints: Collection[int]) -> Set[int]:
    processes = process_table()
    mine = descendants_of(os.getpid(), processes)
    for pid in (*alive, *checkpoints):
        mine -= descendants_of(pid, processes)
        mine.discard(pid)
    mine = {
        pid
        for pid in mine
        if not processes[pid].is_zombie and processes[pid].session not in checkpoints
    }
    if alive:
        roots = {pid for pid in mine if processes[pid].session == ended}
        return roots.union(*(descendants_of(root, processes) & mine for root in roots))
    return mine
