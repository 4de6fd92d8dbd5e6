"""The unsaved texts that a host has received, each once."""

from __future__ import annotations

import dataclasses
from typing import Dict

from ...model.messages import Run


class ReceivedTexts:
    """Keeps the texts that the last request of each program named.

    The server computes from its requests which texts these are: `engine.sent_texts` must follow
    the same rule.
    """

    def __init__(self) -> None:
        self._by_program: Dict[str, Dict[str, str]] = {}

    def complete(self, request: Run) -> Run:
        """Return a request with all of its texts that have been received by now."""
        known = {**self._by_program.get(request.path, {}), **request.texts}
        named = {*request.buffers.values(), *request.compared}
        kept = {digest: text for digest, text in known.items() if digest in named}
        self._by_program[request.path] = kept
        return dataclasses.replace(request, texts=kept)

    def forget(self, path: str) -> None:
        """Drop the texts of a program that will not run for a while."""
        self._by_program.pop(path, None)
