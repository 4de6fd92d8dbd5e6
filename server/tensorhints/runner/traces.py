"""What a run has left in the file system, where a copy of it may look for it later.

A copy has the process as it was, but not the files. Where the program wrote a file before it was
copied, and that file has changed since (the rest of the program removed it, or wrote on), a run
that goes on from the copy would find it otherwise than one from the top.

Looked at: the folder that the program runs in and its own, two levels deep, and temporary folders
that Python removes when their owner ends.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
import weakref
from typing import Collection, Dict, Iterable, Iterator, Optional, Tuple

Stamp = Tuple[int, int, int]

DEPTH = 2
MOST_ENTRIES = 4000

_OF_EDITORS = (".py", ".pyi", ".ipynb", "~")
"""How names end that the user's own editor writes."""

_CLOCK_STEP = 10_000_000
"""Nanoseconds: file systems tell the time in steps."""


class FilesWritten:
    """By one run, or by those that went on one from another."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))
        self._written: Dict[str, Optional[Stamp]] = {}
        self._since = 0
        self.begin()

    def begin(self) -> None:
        """What is written from now on is this run's."""
        self._since = time.time_ns() - _CLOCK_STEP

    def look(self, restorable: Collection[int]) -> None:
        """Takes note of what was written by now. Open files that can be cut back to what they were
        are none of it: `restorable` are their inodes.
        """
        for path in self._written:
            self._written[path] = _stamp(path)
        for entry in _entries(self._folders):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            is_new = max(status.st_mtime_ns, status.st_ctime_ns) >= self._since
            if is_new and status.st_ino not in restorable:
                self._written[entry.path] = _stamp(entry.path)
        for folder in _to_be_removed():
            self._written[folder] = _stamp(folder)

    def are_unchanged(self) -> bool:
        return all(_stamp(path) == stamp for path, stamp in self._written.items())


def _stamp(path: str) -> Optional[Stamp]:
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return 0, 0, status.st_ino  # What is in it is looked at by itself.
    return status.st_mtime_ns, status.st_size, status.st_ino


def _entries(folders: Iterable[str]) -> Iterator[os.DirEntry[str]]:
    """Below the folders, nearest first, without what is hidden or Python's own."""
    left = MOST_ENTRIES
    level = list(folders)
    for _ in range(DEPTH):
        deeper = []
        for folder in level:
            try:
                found = list(os.scandir(folder))
            except OSError:
                continue
            for entry in found:
                if left == 0:
                    return
                left -= 1
                if entry.name.startswith((".", "__pycache__")):
                    continue
                if not entry.name.endswith(_OF_EDITORS):
                    yield entry
                if entry.is_dir(follow_symlinks=False):
                    deeper.append(entry.path)
        level = deeper


def _to_be_removed() -> Iterator[str]:
    """The folders of `tempfile.TemporaryDirectory` that are alive."""
    for finalizer in list(getattr(weakref.finalize, "_registry", ())):
        found = finalizer.peek()
        if found is not None and isinstance(found[0], tempfile.TemporaryDirectory):
            yield found[0].name
