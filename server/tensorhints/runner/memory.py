"""How much memory this process, another or the machine has: in bytes, 0 where nobody can tell."""

from __future__ import annotations

import os

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident(pid: str = "self") -> int:
    """In RAM and no file's. Cheap; pages that forks share count in each."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:
            fields = statm.read().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def rewritten() -> int:
    """Of this process's alone and written to: since a fork, what was copied for being written."""
    return _rolled_up("self", b"Private_Dirty:")


def share(pid: int) -> int:
    """What would be free without the process: a page that forks share counts by its part."""
    return _rolled_up(str(pid), b"Pss:")


def of_the_machine() -> int:
    return _field("/proc/meminfo", b"MemTotal:")


def _rolled_up(pid: str, name: bytes) -> int:
    return _field(f"/proc/{pid}/smaps_rollup", name)


def _field(path: str, name: bytes) -> int:
    try:
        with open(path, "rb") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0
