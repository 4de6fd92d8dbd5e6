"""The unsaved texts that a host's process has received, so that each is sent once."""

from __future__ import annotations

import dataclasses

from tensorhints.model.messages import Run


class SentTexts:
    """Reduces requests to the texts that one process needs and does not have.

    A process keeps the texts that the last request of each program named, as
    `runner.host.received_texts` does.
    """

    def __init__(self) -> None:
        self._sent: dict[str, set[str]] = {}
        self._imported: dict[str, set[str]] = {}

    def note_import(self, program: str, path: str) -> None:
        """A run of a program has imported a file: its unsaved texts are sent from now on."""
        self._imported.setdefault(program, set()).add(path)

    def reduced(self, request: Run) -> Run:
        """Return the request as it is sent, and note that it was."""
        imported = self._imported.get(request.path, set())
        needed = {digest for path, digest in request.buffers.items() if path in imported}
        needed.update(request.compared)
        sent = self._sent.get(request.path, set())
        texts = {digest: text for digest, text in request.texts.items() if digest in needed - sent}
        named = {*request.buffers.values(), *request.compared}
        self._sent[request.path] = (sent | texts.keys()) & named
        return dataclasses.replace(request, texts=texts)

    def forget(self, program: str) -> None:
        """Forget the texts of a program, which the process drops on `Release`."""
        self._sent.pop(program, None)
        self._imported.pop(program, None)
