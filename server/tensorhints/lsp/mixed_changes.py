"""Restores the order of a document's changes for clients that send them in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

ChangeT = TypeVar("ChangeT")

# Helix sends what it mixes within about a millisecond. A version that is missing for longer does
# not exist: versions increase and may skip numbers (LSP 3.17, VersionedTextDocumentIdentifier), as
# Helix's do after a completion.
_PATIENCE_SECONDS = 0.1


class MixedChanges(Generic[ChangeT]):
    """Passes changes to `apply` in the order of their versions; `version` is the document's."""

    def __init__(self, version: int, apply: Callable[[ChangeT], None]) -> None:
        self._version = version
        self._apply = apply
        self._early: dict[int, ChangeT] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._complete = asyncio.Event()
        self._complete.set()

    def put(self, version: int, change: ChangeT) -> None:
        """Apply a change now, or when the versions before it have arrived."""
        self._early[version] = change
        while self._version + 1 in self._early:
            self._apply_next(self._version + 1)
        if not self._early:
            self.cancel()
        elif self._timer is None:
            self._complete.clear()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_PATIENCE_SECONDS, self._apply_all)

    async def complete(self) -> None:
        """Wait until no change waits for an earlier one."""
        await self._complete.wait()

    def cancel(self) -> None:
        """Stop waiting for missing versions."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._complete.set()

    def _apply_next(self, version: int) -> None:
        self._version = version
        self._apply(self._early.pop(version))

    def _apply_all(self) -> None:
        self.cancel()
        for version in sorted(self._early):
            self._apply_next(version)
