"""Tasks that no request waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from tensorhints.session.errors import RefusedError

from .client import Client


class BackgroundTasks:
    """Runs coroutines in the background; their exceptions are logged and shown to the user."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine in the background."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def start_after_answer(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine once the current request is answered.

        For work that waits for the user: Emacs closes a question when the answer to the command
        arrives.
        """
        self.start(self._after_answer(work))

    def cancel(self) -> None:
        """Cancel all tasks."""
        for task in self._tasks:
            task.cancel()

    async def _after_answer(self, work: Coroutine[Any, Any, None]) -> None:
        await self._client.until_answered()
        await work

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except RefusedError as refused:
            self._client.show_user_message(refused.user_message)
        except Exception as error:
            self._client.report_failure(error)
