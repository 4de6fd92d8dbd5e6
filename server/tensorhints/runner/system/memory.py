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


def touched() -> int:
    """Written to for the first time, since the process began or after a fork, each time. Cheap."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * _PAGE


def share(pid: int) -> int:
    """What would be free without the process: a page that forks share counts by its part."""
    return _field(f"/proc/{pid}/smaps_rollup", b"Pss:")


def of_the_machine() -> int:
    return _field("/proc/meminfo", b"MemTotal:")


def _field(path: str, name: bytes) -> int:
    try:
        with open(path, "rb") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0
