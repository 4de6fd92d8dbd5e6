"""Facts about processes from /proc: memory use, and the processes of a session.

Without /proc the answers are None, 0 and nothing; there are no errors.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def private_memory(pid: int) -> int | None:
    """Return the bytes in RAM that are not backed by a file, as mapped model files are."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_bytes().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE
    except (OSError, ValueError, IndexError):
        return None


def kill(pid: int, number: int) -> None:
    """Send a signal to a process, if it exists."""
    try:
        os.kill(pid, number)
    except OSError:
        pass


def kill_session(session: int) -> int:
    """Kill every process of a session, and return how many there were."""
    killed = 0
    for pid in _pids():
        try:
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if len(fields) > 3 and int(fields[3]) == session and fields[0] != b"Z":
            kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def signal_group(pid: int, number: int) -> None:
    """Send a signal to the process group that a process leads, if it exists."""
    try:
        os.killpg(pid, number)
    except OSError:
        pass  # It has ended.
