"""What a run has left in the file system or found there, where a copy of it may look for it later.

A copy has the process as it was, but not the files. Where the program wrote a file before it was
copied, or may have read one (by the names in what it has executed), and that file has changed since
(the rest of the program removed it, or wrote on), a run that goes on from the copy would be another
one than from the top.

Looked at: the folder that the program runs in and its own, those that its variables name, two
levels deep, and temporary folders that Python removes when their owner ends.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
import weakref
from pathlib import PurePath
from typing import (
    Any,
    Collection,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Tuple,
)

from . import filenames

Stamp = Tuple[int, int, int]

DEPTH = 2
MOST_ENTRIES = 4000

_LONGEST = 1024
_MOST_FOLDERS = 20

_OF_EDITORS = (".py", ".pyi", ".ipynb", "~")
"""How names end that the user's own editor writes."""

_CLOCK_STEP = 10_000_000
"""Nanoseconds: file systems tell the time in steps."""


class FilesWritten:
    """By one run, or by those that went on one from another."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))
        self._written: Dict[str, Optional[Stamp]] = {}
        self._named_folders: Tuple[str, ...] = ()
        self._named: Dict[str, Optional[Stamp]] = {}
        self._patterns: FrozenSet[str] = frozenset()
        self._restorable: FrozenSet[int] = frozenset()
        self._since = 0
        self.begin()

    def begin(self) -> None:
        """What is written from now on is this run's."""
        self._since = time.time_ns() - _CLOCK_STEP

    def look(
        self, restorable: Collection[int], names: Mapping[str, Any], patterns: FrozenSet[str]
    ) -> None:
        """Takes note of what was written by now, and of the files that fit `patterns`. Open files
        that can be cut back to what they were are none of it: `restorable` are their inodes.
        `names` are the program's variables.
        """
        self._restorable, self._patterns = frozenset(restorable), patterns
        self._named_folders = tuple(_folders_named(names))
        for path in self._written:
            self._written[path] = _stamp(path)
        for entry, status in self._found():
            if max(status.st_mtime_ns, status.st_ctime_ns) >= self._since:
                self._written[entry.path] = _stamp(entry.path)
        self._named = self._found_named()
        for folder in _to_be_removed():
            self._written[folder] = _stamp(folder)

    def are_unchanged(self) -> bool:
        if not all(_stamp(path) == stamp for path, stamp in self._written.items()):
            return False
        return self._found_named() == self._named

    def _found(self) -> Iterator[Tuple[os.DirEntry[str], os.stat_result]]:
        for entry in _entries(dict.fromkeys((*self._folders, *self._named_folders))):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if status.st_ino not in self._restorable:
                yield entry, status

    def _found_named(self) -> Dict[str, Optional[Stamp]]:
        if not self._patterns:
            return {}
        return {
            entry.path: _stamp(entry.path)
            for entry, _ in self._found()
            if filenames.fits(entry.name, self._patterns)
        }


def _folders_named(names: Mapping[str, Any]) -> Iterator[str]:
    """The folders whose absolute paths are values of the program's variables."""
    seen: List[str] = []
    for value in list(names.values()):
        if type(value) is str or isinstance(value, PurePath):
            path = str(value)
            if path.startswith("/") and len(path) < _LONGEST and len(seen) < _MOST_FOLDERS:
                seen.append(path)
    for path in seen:
        try:
            if os.path.isdir(path):
                yield os.path.realpath(path)
        except (OSError, ValueError):
            continue


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
