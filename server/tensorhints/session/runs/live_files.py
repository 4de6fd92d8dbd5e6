"""The live files of a session, by path."""

from __future__ import annotations

from collections.abc import Iterator

from tensorhints.session.text.documents import Document

from .live_file import LiveFile
from .setup import RunContext


class LiveFiles:
    """The documents of a session that have been run or were given a device."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._by_path: dict[str, LiveFile] = {}

    def __iter__(self) -> Iterator[LiveFile]:
        return iter(self._by_path.values())

    def get(self, document: Document) -> LiveFile | None:
        """Return the live file of a document, if it is one."""
        return self._by_path.get(document.path)

    def make(self, document: Document) -> LiveFile:
        """Return the live file of a document, created if need be."""
        file = self._by_path.get(document.path)
        if file is None:
            file = self._by_path[document.path] = LiveFile(document, self._context)
        return file

    def watching(self, path: str) -> list[LiveFile]:
        """Return the live files whose last run instrumented `path`, or that are that file."""
        return [file for file in self if file.results.watches(path)]

    def latest(self, path: str) -> LiveFile | None:
        """Return the one of those whose run started last."""
        started = [file for file in self.watching(path) if file.results.hints.record is not None]
        return max(started, key=lambda file: file.results.last_started, default=None)

    def remove(self, document: Document) -> LiveFile | None:
        """Stop and remove the live file of a document that was closed, if it was one."""
        file = self._by_path.pop(document.path, None)
        if file is not None:
            file.close()
        return file
