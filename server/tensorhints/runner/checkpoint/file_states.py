"""The state of files, folders and modules, compared with their state at a checkpoint."""

from __future__ import annotations

import hashlib
import importlib.machinery
import os
import stat
import sys
import time
from typing import Collection, Dict, FrozenSet, Iterable, Iterator, Optional, Tuple

from .file_accesses import FileAccesses

Stamp = Tuple[int, int, int, int, bytes]
"""Modification and status change time in nanoseconds, size in bytes, inode, and a digest if needed.

The content decides where the time stamps cannot: the file was written within the last clock step.
"""

CLOCK_STEP = 10_000_000
"""Nanoseconds: the resolution of time stamps in file systems."""

_RECENT = 2 * CLOCK_STEP
_MAX_DIGESTED = 1 << 20
_NO_DIGEST = b""
_EDITOR_TEMPORARY = (".swp", ".swo", ".swx", "~")
_CACHE = "__pycache__"


def stamp(path: str) -> Optional[Stamp]:
    """Return the state of a file; `None` if there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        # The entries of a folder are recorded separately. To read a FIFO or a device would wait for
        # another process, or take what the program is to read.
        return 0, 0, 0, status.st_ino, _NO_DIGEST
    digest = _NO_DIGEST
    if time.time_ns() - status.st_ctime_ns < _RECENT:
        digest = _digest(path, status.st_size)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, digest


def is_at(path: str, recorded: Optional[Stamp]) -> bool:
    """Whether the state of a file is as recorded."""
    now = stamp(path)
    if now is None or recorded is None or now[:4] != recorded[:4]:
        return now is recorded is None
    return recorded[4] in (_NO_DIGEST, _digest(path, now[2]))


def _digest(path: str, size: int) -> bytes:
    if size > _MAX_DIGESTED:
        return _NO_DIGEST
    try:
        with open(path, "rb") as file:
            return hashlib.blake2b(file.read(), digest_size=16).digest()
    except OSError:
        return _NO_DIGEST


class FileStates:
    """What a run had looked for by a checkpoint, with its state then."""

    def __init__(self) -> None:
        self._files: Dict[str, Optional[Stamp]] = {}
        self._folders: Dict[str, Optional[int]] = {}
        self._modules: Dict[str, FrozenSet[str]] = {}

    def record(
        self, accesses: FileAccesses, left_out: Collection[int], sources: Collection[str]
    ) -> None:
        """Record the current state.

        Files with the inodes `left_out` are restored by themselves. The `sources` of the program
        and of its modules are left out too: their texts are compared.
        """
        found = ((path, stamp(path)) for path in accesses.paths if path not in sources)
        self._files = {p: s for p, s in found if s is None or s[3] not in left_out}
        self._folders = {folder: _listing(folder) for folder in accesses.folders}
        self._modules = {name: _candidates(name) for name in accesses.modules}

    def changed(self) -> Optional[str]:
        """Return a file, a folder or a module that is not as recorded, if there is one."""
        for path, recorded in self._files.items():
            if not is_at(path, recorded):
                return path
        for folder, names in self._folders.items():
            if _listing(folder) != names:
                return folder
        for name, candidates in self._modules.items():
            if _candidates(name) != candidates:
                return name
        return None


def _listing(folder: str) -> Optional[int]:
    """Return a hash of the names in a folder, without what editors and Python put there."""
    try:
        names = os.listdir(folder)
    except (OSError, ValueError):
        return None
    return hash(
        frozenset(
            name
            for name in names
            if name != _CACHE and not name.endswith(_EDITOR_TEMPORARY) and name[:2] != ".#"
        )
    )


def _candidates(name: str) -> FrozenSet[str]:
    """Return the existing files and folders that an import of a module would consider.

    Of a module that was found, those outside of the installation: they could stand before it.
    """
    parent, _, last = name.rpartition(".")
    folders: Iterable[object] = sys.path
    if parent:
        folders = getattr(sys.modules.get(parent), "__path__", None) or ()
    suffixes = ("", *importlib.machinery.all_suffixes())
    return frozenset(
        path
        for folder in _searched(folders, is_found=name in sys.modules)
        for path in (os.path.join(folder, last) + suffix for suffix in suffixes)
        if os.path.exists(path)
    )


def _searched(folders: Iterable[object], is_found: bool) -> Iterator[str]:
    for folder in list(folders):
        if isinstance(folder, str):
            path = os.path.abspath(folder)
            if not is_found or not path.startswith((sys.prefix, sys.base_prefix)):
                yield path
