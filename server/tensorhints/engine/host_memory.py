"""The memory that the warm hosts of a server share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from . import system_processes
from .warm_host import WarmHost

SHARE = 1 / 8
"""The part of the machine's memory that warm hosts may hold, apart from runs and checkpoints.

A host takes 0.2 to 0.4 GB: a machine of 8 GB keeps two to four, and no machine swaps for them. The
host used last is always kept, since the next edit needs it.
"""


def bound() -> float:
    """Return the bound of this machine in bytes."""
    try:
        return SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return float("inf")  # It is not known: nothing is closed.


def used_by(host: WarmHost) -> int:
    """Return the bytes that a host's process holds for itself, 0 if it has none."""
    process = host.standby.process
    return 0 if process is None else system_processes.private_memory(process.pid) or 0


def to_close(
    hosts: Iterable[WarmHost], limit: float, used: Callable[[WarmHost], int] = used_by
) -> list[WarmHost]:
    """Return the hosts to close, of `hosts` from the least to the most recently used.

    Hosts with runs under way are kept, and so is the last one.
    """
    sizes = [(host, used(host)) for host in hosts]
    total = sum(size for _, size in sizes)
    found = []
    for host, size in sizes[:-1]:
        if total > limit and size and not host.is_in_use:
            found.append(host)
            total -= size
    return found
