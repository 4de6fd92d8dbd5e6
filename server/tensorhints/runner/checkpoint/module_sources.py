"""The source files of the modules that a run has imported.

A checkpoint of the run is outdated once one of them has changed.
"""

from __future__ import annotations

import os
import tokenize
from typing import Dict, Mapping, Optional, Tuple

from ...model import messages
from ...model.source_text import as_read_from_file, digest
from .. import imports
from ..syntax.program import Program
from .file_states import Stamp, is_at, stamp


class ModuleSources:
    """Records the source files of modules that the host had not imported."""

    def __init__(self) -> None:
        self._texts: Dict[str, str] = {}
        self._stamps: Dict[str, Optional[Stamp]] = {}

    @property
    def paths(self) -> Tuple[str, ...]:
        """The files that are recorded."""
        return (*self._texts, *self._stamps)

    def record(self, main: str, instrumented: Mapping[str, Program]) -> None:
        """Record what has been read by now.

        `instrumented` programs are recorded by their texts, which may be unsaved, and other files
        by their stamps. The main program is left out.
        """
        self._texts = {path: program.text for path, program in instrumented.items() if path != main}
        for module in imports.imported_since():
            names = getattr(module, "__dict__", None)
            path = names.get("__file__") if type(names) is dict else None
            if type(path) is not str or path in self._stamps:
                continue
            if path != main and path not in self._texts:
                self._stamps[path] = stamp(path)

    def changed(self, request: messages.Run) -> Optional[str]:
        """Return a file of which a run of `request` would read another text, if there is one."""
        unsaved = {os.path.realpath(path): digest for path, digest in request.buffers.items()}
        for path, text in self._texts.items():
            now = unsaved.get(os.path.realpath(path))
            if now is not None and now != digest(text):
                return path
            # A text that was saved meanwhile is the same apart from its line ends.
            if now is None and _read(path) != as_read_from_file(text):
                return path
        return next((path for path, then in self._stamps.items() if not is_at(path, then)), None)


def _read(path: str) -> Optional[str]:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, ValueError):
        return None
