"""The source files that a run has read as modules: a copy of it is outdated when they change."""

from __future__ import annotations

import os
import tokenize
from typing import Dict, Mapping, Optional, Tuple

from ...model import messages
from .. import imports
from ..syntax.program import Program

Stamp = Tuple[int, int]


class FilesRead:
    """Of modules that the host had not imported."""

    def __init__(self) -> None:
        self._texts: Dict[str, str] = {}
        self._stamps: Dict[str, Optional[Stamp]] = {}

    def look(self, main: str, watched: Mapping[str, Program]) -> None:
        """Takes note of what has been read by now. The text of `main` is no module's."""
        self._texts = {path: program.text for path, program in watched.items() if path != main}
        for module in imports.imported_since():
            names = getattr(module, "__dict__", None)
            path = names.get("__file__") if type(names) is dict else None
            if type(path) is not str or path in self._stamps:
                continue
            if path != main and path not in self._texts:
                self._stamps[path] = _stamp(path)

    def are_unchanged(self, request: messages.Run) -> bool:
        """Whether a run of `request` would read the same."""
        unsaved = {os.path.realpath(path): text for path, text in request.buffers.items()}
        for path, text in self._texts.items():
            now = unsaved.get(os.path.realpath(path))
            if (_read(path) if now is None else now) != text:
                return False
        return all(_stamp(path) == stamp for path, stamp in self._stamps.items())


def _read(path: str) -> Optional[str]:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, ValueError):
        return None


def _stamp(path: str) -> Optional[Stamp]:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
