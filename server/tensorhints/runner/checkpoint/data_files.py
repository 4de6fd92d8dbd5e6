"""Detects changes to files that a checkpointed run has written or may have read.

A checkpoint preserves a process but not the file system. If the program wrote or read a file before
the checkpoint, or looked for one, and that file has changed since, then a run that resumes would
differ from a run from the start. Often the rest of the program has changed it itself, by removing
it or by writing more.

`file_accesses` sees what Python opens, lists and examines, wherever it is. What C++ code and other
processes read is judged by the names in the code that has run, and what they write by time stamps.
That covers, two levels deep, the working directory, the folder of the program and folders that its
variables name; and the temporary folders that Python removes when their owner dies.
"""

from __future__ import annotations

import os
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
from .file_accesses import FileAccesses
from .file_states import CLOCK_STEP, FileStates, Stamp, is_at, stamp

DEPTH = 2
MAX_ENTRIES = 4000

_MAX_PATH = 1024
_MAX_FOLDERS = 20

_EDITOR_SUFFIXES = (".py", ".pyi", ".ipynb", "~")
"""Endings of files that the user's editor writes."""


class DataFiles:
    """Records the files that a run has written or may have read.

    After a resume it also covers the files of the runs before, up to their checkpoints.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))
        self._written: Dict[str, Optional[Stamp]] = {}
        self._named_folders: Tuple[str, ...] = ()
        self._matching: Dict[str, Optional[Stamp]] = {}
        self._patterns: FrozenSet[str] = frozenset()
        self._open_inodes: FrozenSet[int] = frozenset()
        self._since = 0
        self._accesses = FileAccesses()
        self._states = FileStates()
        self.start()

    def start(self) -> None:
        """Attribute files that are written from now on to this run."""
        self._since = time.time_ns() - CLOCK_STEP

    def watch(self) -> None:
        """Record what the program looks for, until `unwatch`."""
        self._accesses.resume()

    def unwatch(self) -> None:
        """Record nothing that is looked for from now on: the runner does."""
        self._accesses.pause()

    def record(
        self,
        open_inodes: Collection[int],
        writable_inodes: Collection[int],
        variables: Mapping[str, Any],
        patterns: FrozenSet[str],
        sources: Collection[str],
    ) -> None:
        """Record what was written or looked for by now, and files whose names match `patterns`.

        Files that the program holds open are left out, given by their inodes: they are restored by
        themselves. Of those that it has looked for, only the writable ones are left out. The
        `sources` of the program and its modules are left out too: their texts are compared.
        """
        self._states.record(self._accesses, writable_inodes, sources)
        self._open_inodes, self._patterns = frozenset(open_inodes), patterns
        self._named_folders = tuple(_named_folders(variables))
        for path in self._written:
            self._written[path] = stamp(path)
        for entry, status in self._entries():
            if max(status.st_mtime_ns, status.st_ctime_ns) >= self._since:
                self._written[entry.path] = stamp(entry.path)
        self._matching = self._find_matching()
        for folder in _temporary_folders():
            self._written[folder] = stamp(folder)

    def changed(self) -> Optional[str]:
        """Return a file that is not as recorded, or a new one that matches the patterns, if any."""
        for path, recorded in self._written.items():
            if not is_at(path, recorded):
                return path
        found = self._states.changed()
        if found is not None:
            return found
        for path, recorded in self._matching.items():
            if not is_at(path, recorded):
                return path
        return next((path for path in self._find_matching() if path not in self._matching), None)

    def _entries(self) -> Iterator[Tuple[os.DirEntry[str], os.stat_result]]:
        for entry in _walk(dict.fromkeys((*self._folders, *self._named_folders))):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if status.st_ino not in self._open_inodes:
                yield entry, status

    def _find_matching(self) -> Dict[str, Optional[Stamp]]:
        if not self._patterns:
            return {}
        return {
            entry.path: stamp(entry.path)
            for entry, _ in self._entries()
            if filenames.matches(entry.name, self._patterns)
        }


def _named_folders(variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folders whose absolute paths are values of the program's variables."""
    seen: List[str] = []
    for value in list(variables.values()):
        if type(value) is str or isinstance(value, PurePath):
            path = str(value)
            if path.startswith("/") and len(path) < _MAX_PATH and len(seen) < _MAX_FOLDERS:
                seen.append(path)
    for path in seen:
        try:
            if os.path.isdir(path):
                yield os.path.realpath(path)
        except (OSError, ValueError):
            continue


def _walk(folders: Iterable[str]) -> Iterator[os.DirEntry[str]]:
    """Walk the folders breadth-first, without hidden entries and Python's caches."""
    left = MAX_ENTRIES
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
                if not entry.name.endswith(_EDITOR_SUFFIXES):
                    yield entry
                if entry.is_dir(follow_symlinks=False):
                    deeper.append(entry.path)
        level = deeper


def _temporary_folders() -> Iterator[str]:
    """Yield the folders of all living `tempfile.TemporaryDirectory` objects."""
    for finalizer in list(getattr(weakref.finalize, "_registry", ())):
        found = finalizer.peek()
        if found is not None and isinstance(found[0], tempfile.TemporaryDirectory):
            yield found[0].name
