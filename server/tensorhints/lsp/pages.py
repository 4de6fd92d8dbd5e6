"""The pages in browsers: served from the first request on, and notified while they are open.

A page's commands are those of the editor, but the page shows the answers itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from tensorhints.model.locales import LOCALES
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document
from tensorhints.session.text.open_documents import Documents

from . import names
from .background import BackgroundTasks
from .command_registry import CommandRegistry
from .request_origin import mark_requested_by_page

if TYPE_CHECKING:
    from tensorhints.browser.page_server import PageServer, Socket

# Messages of one page that are handled at a time; the next one is read when one is done.
_MAX_PENDING = 32
_OPENING_SECONDS = 10.0

OnMessage = Callable[["PageConnection", dict[str, Any]], Awaitable[None]]
"""Handles a message of a page that is not a command. Raises `RefusedError`."""


class Pages:
    """The open pages of one client, and the server that serves them."""

    def __init__(
        self, commands: CommandRegistry, documents: Documents, background: BackgroundTasks
    ) -> None:
        self.on_message: OnMessage | None = None
        self._commands = commands
        self._documents = documents
        self._background = background
        self._server: PageServer | None = None
        self._connections: set[PageConnection] = set()
        self._opening: dict[str, list[asyncio.Future[Document]]] = {}

    @property
    def are_open(self) -> bool:
        """Whether any page is open."""
        return bool(self._connections)

    async def address(self, page: str, query: Mapping[str, str | None]) -> str:
        """Return the address of a page for a browser. Raises `RefusedError`."""
        if self._server is None:
            self._server = await self._started_server()
        return self._server.address(page, query)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification to the pages that show it."""
        for connection in self._connections:
            message = connection.message_for(method, params)
            if message is not None:
                self._background.start(connection.send(message))

    def close(self) -> None:
        """Stop serving pages."""
        if self._server is not None:
            self._server.close()

    # ---- documents that a page needs

    async def until_open(self, path: str, show: Callable[[], Awaitable[object]]) -> Document | None:
        """Make the client open a file by `show`, and return its document once it is open.

        Returns None if the client does not open it within ten seconds.
        """
        known = self._documents.at_path(path)
        if known is not None:
            return known
        opened: asyncio.Future[Document] = asyncio.get_running_loop().create_future()
        waiting = self._opening.setdefault(path, [])
        waiting.append(opened)
        try:
            await show()
            return await asyncio.wait_for(opened, _OPENING_SECONDS)
        except asyncio.TimeoutError:
            return None
        finally:
            waiting.remove(opened)

    def document_opened(self, document: Document) -> None:
        """Resume what waits in `until_open` for this document."""
        for opened in self._opening.get(document.path, ()):
            if not opened.done():
                opened.set_result(document)

    # ---- connections

    async def _started_server(self) -> PageServer:
        try:
            # Deferred: most editors never need it, and the extension for VS Code is shipped without
            # the websockets library, because it has webviews.
            from tensorhints.browser.bundle import NotBuiltError, built
            from tensorhints.browser.page_server import PageServer
        except ImportError as error:
            raise RefusedError("pages-not-served", str(error)) from error
        try:
            server = PageServer(self._connect, built(), LOCALES)
            await server.start()
        except NotBuiltError as error:
            raise RefusedError("pages-not-built") from error
        except OSError as error:
            raise RefusedError("pages-not-served", str(error)) from error
        return server

    async def _connect(self, socket: Socket) -> None:
        mark_requested_by_page()
        connection = PageConnection(socket)
        self._connections.add(connection)
        try:
            await self._serve(connection)
        finally:
            self._connections.discard(connection)

    async def _serve(self, connection: PageConnection) -> None:
        """Handle a page's messages until it is closed; work that it began is completed."""
        pending: set[asyncio.Task[None]] = set()
        while (message := await connection.receive()) is not None:
            if len(pending) >= _MAX_PENDING:
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            task = self._background.start(self._handle(connection, message))
            pending.add(task)
            task.add_done_callback(pending.discard)

    async def _handle(self, connection: PageConnection, message: dict[str, Any]) -> None:
        if message["type"] == "command":
            await self._call(connection, message)
        elif self.on_message is not None:
            await self.on_message(connection, message)

    async def _call(self, connection: PageConnection, message: dict[str, Any]) -> None:
        name = f"tensorhints.server.{message['command']}"
        try:
            result = await self._commands.call(name, message["argument"])
        except Exception as error:
            failed = {"type": "failed", "id": message["id"], "message": str(error)}
            await connection.send(failed)
            raise
        await connection.send({"type": "answer", "id": message["id"], "result": result})


class PageConnection:
    """One page in one browser tab. `query` is what its address asks for."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.page = socket.page
        self.query = socket.query

    async def receive(self) -> dict[str, Any] | None:
        """Return the next valid message, or None once the page is closed."""
        from tensorhints.browser.messages import from_page

        while (text := await self._socket.receive()) is not None:
            message = from_page(text)
            if message is not None:
                return message
        return None

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message to the page."""
        await self._socket.send(json.dumps(message, allow_nan=False))

    def message_for(self, method: str, params: dict[str, Any]) -> dict[str, Any] | None:
        """Return a notification as this page receives it, or None if it does not show it."""
        if method == names.RUN_NOTIFICATION:
            return {"type": "run", "run": params}
        if method == names.PROGRESS_NOTIFICATION and self.page == "lesson":
            return {"type": "progress", "progress": params}
        if method == names.TENSORS_NOTIFICATION and self.page == "inspector":
            uri = self.query.get("uri", params["uri"])
            if uri == params["uri"]:
                return {"type": "tensors", "uri": uri, "tensors": params}
        return None
