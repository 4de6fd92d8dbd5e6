"""Memory of this process, of another one, or of the machine, in bytes; 0 if it is not known."""

from __future__ import annotations

import os

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident(pid: str = "self") -> int:
    """Return the resident anonymous memory of a process.

    Cheap. Pages that forks share count in full for each of them.
    """
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:
            fields = statm.read().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def first_written() -> int:
    """Return the size of the pages that were first written, again after each fork. Cheap."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * _PAGE


def proportional_share(pid: int) -> int:
    """Return the proportional set size: a page shared by n processes counts as 1/n of a page."""
    return _field(f"/proc/{pid}/smaps_rollup", b"Pss:")


def total() -> int:
    """Return the memory of the machine."""
    return _field("/proc/meminfo", b"MemTotal:")


def _field(path: str, name: bytes) -> int:
    try:
        with open(path, "rb") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass  # Not Linux: the caller handles the missing number.
    return 0
