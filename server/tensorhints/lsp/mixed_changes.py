"""The changes of one document in the order in which they were made, where a client mixes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

ChangeT = TypeVar("ChangeT")

# What Helix mixes arrives within a millisecond or so. Longer than this a version is not late: there
# was none. Versions grow, and may leave numbers out (LSP 3.17, VersionedTextDocumentIdentifier);
# Helix does so once it has shown a completion in the text.
_PATIENCE_SECONDS = 0.1


class MixedChanges(Generic[ChangeT]):
    """Gives changes to `take` in the order of their versions; `version` is the one they follow."""

    def __init__(self, version: int, take: Callable[[ChangeT], None]) -> None:
        self._version = version
        self._take = take
        self._early: dict[int, ChangeT] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._complete = asyncio.Event()
        self._complete.set()

    def put(self, version: int, change: ChangeT) -> None:
        self._early[version] = change
        while self._version + 1 in self._early:
            self._give(self._version + 1)
        if not self._early:
            self.cancel()
        elif self._timer is None:
            self._complete.clear()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_PATIENCE_SECONDS, self._give_all)

    async def complete(self) -> None:
        """Until no change waits for one before it."""
        await self._complete.wait()

    def cancel(self) -> None:
        """Wait for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._complete.set()

    def _give(self, version: int) -> None:
        self._version = version
        self._take(self._early.pop(version))

    def _give_all(self) -> None:
        self.cancel()
        for version in sorted(self._early):
            self._give(version)
