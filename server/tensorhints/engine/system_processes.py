"""What the system knows of processes: how much memory one holds, which are left of a session.

Answers nothing, rather than fail, where there is no /proc.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def private_memory(pid: int) -> int | None:
    """Bytes in RAM that are no file's: mapped checkpoints, which cost nothing, do not count."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_bytes().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE
    except (OSError, ValueError, IndexError):
        return None


def kill(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        pass


def kill_session(session: int) -> int:
    """Kills every process of a session, and says how many there were."""
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
