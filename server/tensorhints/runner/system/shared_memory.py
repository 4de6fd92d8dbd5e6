"""Shared memory mappings of the program, which a fork does not copy.

A checkpoint replaces them by private copies while it waits. A resumed run shares their content
again, at the same addresses and under the same descriptors.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Dict, List, Tuple

from .descriptors import TORCH_SHARED_MEMORY, open_files

_SEMAPHORE, _DELETED = "/dev/shm/sem.", " (deleted)"
_PROT_READ_WRITE = 3
_MAP_SHARED, _MAP_PRIVATE, _MAP_FIXED, _MAP_ANONYMOUS = 0x01, 0x02, 0x10, 0x20


@dataclass(frozen=True)
class SharedMapping:
    """A writable mapping that several processes may see. `device` and `inode` name its file."""

    start: int
    length: int
    offset: int
    device: int
    inode: int
    path: str

    @property
    def is_restorable(self) -> bool:
        """Whether a copy is as good: torch's memory, or a semaphore that no other process can open.

        A semaphore without a name is shared with processes that were forked from this one alone.
        """
        return self.path.startswith(TORCH_SHARED_MEMORY) or (
            self.path.startswith(_SEMAPHORE) and self.path.endswith(_DELETED)
        )


def shared_mappings() -> List[SharedMapping]:
    """List the writable shared mappings of this process."""
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
                inode = int(fields[4])
                found.append(SharedMapping(start, end - start, offset, device, inode, path))
    return found


def make_private(mappings: List[SharedMapping]) -> None:
    """Replace mappings by private copies at the same addresses. Raises `OSError`."""
    for mapping in mappings:
        content = ctypes.string_at(mapping.start, mapping.length)
        _map(mapping, _MAP_PRIVATE | _MAP_ANONYMOUS, -1, 0)
        ctypes.memmove(mapping.start, content, mapping.length)


def share_again(mappings: List[SharedMapping]) -> None:
    """Undo `make_private`: share the memory with future forks and receivers of its descriptors.

    Raises `OSError`.
    """
    numbers: Dict[Tuple[int, int], List[int]] = {}
    for file in open_files():
        numbers.setdefault(file.identity, []).append(file.descriptor)
    by_file: Dict[Tuple[int, int], List[SharedMapping]] = {}
    for mapping in mappings:
        by_file.setdefault((mapping.device, mapping.inode), []).append(mapping)
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


def _map(mapping: SharedMapping, flags: int, descriptor: int, offset: int) -> None:
    mmap = ctypes.CDLL(None, use_errno=True).mmap
    mmap.restype = ctypes.c_void_p
    mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    flags |= _MAP_FIXED
    address = mmap(mapping.start, mapping.length, _PROT_READ_WRITE, flags, descriptor, offset)
    if address != mapping.start:
        raise OSError(ctypes.get_errno(), "shared memory could not be mapped")
