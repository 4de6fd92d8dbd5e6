"""Binds handlers to messages: takes the snapshot, passes the client, answers what is not open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from .client import Client
from .command_registry import CommandHandler, CommandRegistry
from .connection import Server
from .snapshot import Snapshot
from .views import Views

DocumentHandler = Callable[[Snapshot, Client, Any], Any]
"""Answers a request about a document from `(snapshot, client, params)`; may be a coroutine."""

MessageHandler = Callable[[Client, Any], Any]
"""Handles any other message from `(client, params)`; may be a coroutine."""


def _document_of_params(params: Any) -> str:
    return str(params.text_document.uri)


class Registry:
    """Registers the handlers of one client's features, as far as they were offered to it."""

    def __init__(
        self, server: Server, client: Client, views: Views, commands: CommandRegistry
    ) -> None:
        self.client = client
        self._server = server
        self._views = views
        self._commands = commands

    def document_request(
        self,
        method: str,
        handler: DocumentHandler,
        *,
        if_closed: Callable[[Any], Any] = lambda params: None,
        before: Callable[[Any], Awaitable[None]] | None = None,
        uri_of: Callable[[Any], str] = _document_of_params,
    ) -> None:
        """Handle a request about one document.

        `before(params)` is awaited first: the snapshot is taken after it. If the document at
        `uri_of(params)` is not open, the answer is `if_closed(params)`.
        """
        views, client = self._views, self.client

        def answer(params: Any) -> Any:
            snapshot = views.snapshot(uri_of(params))
            return if_closed(params) if snapshot is None else handler(snapshot, client, params)

        if not asyncio.iscoroutinefunction(handler) and before is None:
            self._server.on_offered(method, answer)
            return

        async def answer_later(params: Any) -> Any:
            if before is not None:
                await before(params)
            result = answer(params)
            return await result if asyncio.iscoroutine(result) else result

        self._server.on_offered(method, answer_later)

    def message(self, method: str, handler: MessageHandler) -> None:
        """Handle a request or notification that is not about one document, if it was offered."""
        self._server.on_offered(method, partial(handler, self.client))

    def unannounced_message(self, method: str, handler: MessageHandler) -> None:
        """Handle a notification that servers do not announce."""
        self._server.on(method, partial(handler, self.client))

    def command(self, name: str, command: CommandHandler) -> None:
        """Handle a command; `lsp/commands.py` has the fields of its argument."""
        self._server.on_command(name, self._commands.add(name, command))
