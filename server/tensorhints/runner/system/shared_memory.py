"""Memory that the program shares between processes, which a fork does not copy.

A paused copy takes a copy of its own while the run waits; a run that goes on from it shares that
anew, under the same addresses and descriptors.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Dict, List, Tuple

from .descriptors import opened

_PROT_READ_WRITE = 3
_MAP_SHARED, _MAP_PRIVATE, _MAP_FIXED, _MAP_ANONYMOUS = 0x01, 0x02, 0x10, 0x20
_OF_TORCH = "/dev/shm/torch_"


@dataclass(frozen=True)
class SharedMap:
    """A writable map that several processes may see. `device` and `inode` name its file."""

    start: int
    length: int
    offset: int
    device: int
    inode: int
    path: str

    @property
    def is_torchs(self) -> bool:
        return self.path.startswith(_OF_TORCH)


def shared_maps() -> List[SharedMap]:
    found = []
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        for line in maps:
            fields = line.split(None, 5)
            if fields[1][1] == "w" and fields[1][3] == "s":
                start, end = (int(part, 16) for part in fields[0].split("-"))
                major, minor = (int(part, 16) for part in fields[3].split(":"))
                path = fields[5].strip() if len(fields) > 5 else ""
                offset = int(fields[2], 16)
                device = os.makedev(major, minor)
                found.append(SharedMap(start, end - start, offset, device, int(fields[4]), path))
    return found


def make_private(maps: List[SharedMap]) -> None:
    """Replaces shared maps by private copies at the same addresses. Raises `OSError`."""
    for shared in maps:
        content = ctypes.string_at(shared.start, shared.length)
        _map(shared, _MAP_PRIVATE | _MAP_ANONYMOUS, -1, 0)
        ctypes.memmove(shared.start, content, shared.length)


def share_anew(maps: List[SharedMap]) -> None:
    """Undoes `make_private` in one process: what it forks or sends a descriptor to from now on will
    see the same memory. Raises `OSError`.
    """
    numbers: Dict[Tuple[int, int], List[int]] = {}
    for file in opened():
        numbers.setdefault(file.identity, []).append(file.descriptor)
    by_file: Dict[Tuple[int, int], List[SharedMap]] = {}
    for shared in maps:
        by_file.setdefault((shared.device, shared.inode), []).append(shared)
    for identity, parts in by_file.items():
        memory = os.memfd_create("shared", os.MFD_CLOEXEC)
        try:
            os.ftruncate(memory, max(part.offset + part.length for part in parts))
            for part in parts:
                os.pwrite(memory, ctypes.string_at(part.start, part.length), part.offset)
                _map(part, _MAP_SHARED, memory, part.offset)
            for number in numbers.get(identity, ()):
                os.dup2(memory, number, inheritable=os.get_inheritable(number))
        finally:
            os.close(memory)


def _map(where: SharedMap, flags: int, descriptor: int, offset: int) -> None:
    mmap = ctypes.CDLL(None, use_errno=True).mmap
    mmap.restype = ctypes.c_void_p
    mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    got = mmap(where.start, where.length, _PROT_READ_WRITE, flags | _MAP_FIXED, descriptor, offset)
    if got != where.start:
        raise OSError(ctypes.get_errno(), "shared memory could not be mapped")
