"""The text of a file on disk, read again only if the file may have changed."""

from __future__ import annotations

import os
import time
import tokenize
from collections.abc import Callable

from tensorhints.model.source_text import digest

_SETTLED_SECONDS = 2.0
"""A file that was just written may be written again without a visible change of its times."""

_Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, size in bytes, and inode."""


class TextFile:
    """A source file, which other programs may change."""

    def __init__(self, path: str, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._stamp: _Stamp | None = None
        self._digest: str | None = None

    def digest(self) -> str | None:
        """Return the digest of the text as Python reads it; None if it cannot be read."""
        stamp = self._current_stamp()
        if stamp is None or stamp != self._stamp:
            self._digest = None if stamp is None else self._read()
            is_settled = stamp is not None and self._clock() - stamp[0] / 1e9 > _SETTLED_SECONDS
            self._stamp = stamp if is_settled else None
        return self._digest

    def _current_stamp(self) -> _Stamp | None:
        try:
            status = os.stat(self._path)
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> str | None:
        try:
            with tokenize.open(self._path) as file:
                return digest(file.read())
        except (OSError, SyntaxError, ValueError, LookupError):
            return None
