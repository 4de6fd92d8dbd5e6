"""The locks of this process on its open files: `flock`, `lockf` and open-file-description locks.

A fork shares `flock` locks, as they belong to what it has open in common with its parent, and does
not inherit `lockf` locks. Linux alone lists them.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import List

_KINDS = ("FLOCK", "POSIX", "OFDLCK")
_TO_END = "EOF"
_FLOCK_LAYOUT = "hhqqi4x"
"""`struct flock` of Linux with 64-bit offsets: type, whence, start, length, process id."""


@dataclass(frozen=True)
class FileLock:
    """One lock, as /proc lists it. `length` is in bytes from `start`; 0 reaches to the end.

    `kind` is one of `FLOCK`, `POSIX` and `OFDLCK`, or another word for a lease.
    """

    kind: str
    is_exclusive: bool
    start: int
    length: int

    @property
    def can_be_taken(self) -> bool:
        """Whether it can be released and taken again, unlike a lease."""
        return self.kind in _KINDS

    def take(self, descriptor: int) -> None:
        """Take the lock on an open file. Raises `OSError` if another process holds it."""
        import fcntl

        if self.kind == "FLOCK":
            kind = fcntl.LOCK_EX if self.is_exclusive else fcntl.LOCK_SH
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        command = fcntl.F_SETLK if self.kind == "POSIX" else fcntl.F_OFD_SETLK
        kind = fcntl.F_WRLCK if self.is_exclusive else fcntl.F_RDLCK
        asked = struct.pack(_FLOCK_LAYOUT, kind, os.SEEK_SET, self.start, self.length, 0)
        fcntl.fcntl(descriptor, command, asked)


def locks_on(descriptor: int) -> List[FileLock]:
    """Return the locks that this process holds through a descriptor."""
    with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as details:
        return [_parsed(line) for line in details if line.startswith("lock:")]


def are_held_by(pid: int) -> bool:
    """Whether a process holds locks on files; false where the system does not list them."""
    try:
        with open("/proc/locks", "rb") as listed:
            # 1: FLOCK  ADVISORY  WRITE 11296 fe:00:2146581 0 EOF; `->` marks one who waits.
            found = [line.split() for line in listed]
    except OSError:
        return False
    return any(fields[1] != b"->" and fields[4] == b"%d" % pid for fields in found)


def _parsed(line: str) -> FileLock:
    # lock: 1: POSIX  ADVISORY  READ 11296 fe:00:2146581 10 14
    fields = line.split()
    kind, access, start, last = fields[2], fields[4], fields[-2], fields[-1]
    length = 0 if last == _TO_END else int(last) - int(start) + 1
    return FileLock(kind, access == "WRITE", int(start), length)
