"""The pages in browsers: served from the first that is asked for, and told all news while open.

What a page asks for is done by the same commands as what the client asks for; only, the page shows
the answer itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document

from . import names

if TYPE_CHECKING:
    from tensorhints.browser.page_server import PageServer, Socket

    from .connection import Server

# Of one page at a time; the next message is read when one of them is done.
_MOST_PENDING = 32
_OPENING_SECONDS = 10.0

_asked_by_page: ContextVar[bool] = ContextVar("asked_by_page", default=False)


def is_asked_by_page() -> bool:
    return _asked_by_page.get()


class Pages:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._door: PageServer | None = None
        self._visits: set[Visit] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._awaited: dict[str, list[asyncio.Future[Document]]] = {}

    @property
    def are_open(self) -> bool:
        return bool(self._visits)

    async def address(self, page: str, query: Mapping[str, str | None]) -> str:
        """Where a browser finds it. Raises `RefusedError`."""
        if self._door is None:
            self._door = await self._opened_door()
        return self._door.address(page, query)

    def tell(self, method: str, shape: dict[str, Any]) -> None:
        for visit in self._visits:
            message = visit.of_news(method, shape)
            if message is not None:
                self.later(visit.send(message))

    # ---- documents that a page wants to be open

    async def until_open(self, path: str, show: Callable[[], Any]) -> Document | None:
        """The document, once the client has opened what `show` shows; None where it does not."""
        known = self._server.session.documents.at_path(path)
        if known is not None:
            return known
        opened: asyncio.Future[Document] = asyncio.get_running_loop().create_future()
        waiting = self._awaited.setdefault(path, [])
        waiting.append(opened)
        try:
            await show()
            return await asyncio.wait_for(opened, _OPENING_SECONDS)
        except asyncio.TimeoutError:
            return None
        finally:
            waiting.remove(opened)

    def document_opened(self, document: Document) -> None:
        for opened in self._awaited.get(document.path, ()):
            if not opened.done():
                opened.set_result(document)

    # ---- visits

    def later(self, work: Any) -> asyncio.Task[None]:
        """What a page began is brought to its end, also where the page is closed meanwhile."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _opened_door(self) -> PageServer:
        try:
            # Takes a moment that a start should not wait for; the extension for VS Code comes
            # without the library of sockets, since it draws the pages itself.
            from tensorhints.browser.bundle import NotBuiltError, built
            from tensorhints.browser.page_server import PageServer
        except ImportError as error:
            raise RefusedError("pages-not-served", str(error)) from error
        try:
            door = PageServer(self._visited, built())
            await door.start()
        except NotBuiltError as error:
            raise RefusedError("pages-not-built") from error
        except OSError as error:
            raise RefusedError("pages-not-served", str(error)) from error
        self._server.on_close(self._close)
        return door

    async def _visited(self, socket: Socket) -> None:
        _asked_by_page.set(True)
        visit = Visit(self._server, socket)
        self._visits.add(visit)
        try:
            await visit.stay()
        finally:
            self._visits.discard(visit)

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()
        for task in self._tasks:
            task.cancel()


class Visit:
    """One page in one tab. `uri` is the program that an inspector shows, None for the one that ran
    last.
    """

    def __init__(self, server: Server, socket: Socket) -> None:
        self._server = server
        self._socket = socket
        self.page = socket.page
        self.query = socket.query

    async def stay(self) -> None:
        """Until the page is closed."""
        from tensorhints.browser.messages import from_page

        pending: set[asyncio.Task[None]] = set()
        while (text := await self._socket.receive()) is not None:
            message = from_page(text)
            if message is None:
                continue  # Not from a page of ours: nothing follows from it.
            if len(pending) >= _MOST_PENDING:
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            task = self._server.pages.later(self._take(message))
            pending.add(task)
            task.add_done_callback(pending.discard)

    async def send(self, message: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message, allow_nan=False))

    def of_news(self, method: str, shape: dict[str, Any]) -> dict[str, Any] | None:
        """What a notification is to this page."""
        if method == names.RUN_NOTIFICATION:
            return {"type": "run", "run": shape}
        if method == names.PROGRESS_NOTIFICATION and self.page == "lesson":
            return {"type": "progress", "progress": shape}
        if method == names.TENSORS_NOTIFICATION and self.page == "inspector":
            uri = self.query.get("uri", shape["uri"])
            if uri == shape["uri"]:
                return {"type": "tensors", "uri": uri, "tensors": shape}
        return None

    async def _take(self, message: dict[str, Any]) -> None:
        from .features.pages import page

        try:
            if message["type"] == "command":
                await self._forward(message)
            else:
                await page.act(self._server, self, message)
        except RefusedError as refused:
            self._server.show_user_message(refused.user_message)
        except Exception as error:
            self._server.report_failure(error)

    async def _forward(self, message: dict[str, Any]) -> None:
        command = self._server.commands[f"tensorhints.server.{message['command']}"]
        try:
            result = await command(message["argument"])
        except Exception as error:
            await self.send({"type": "failed", "id": message["id"], "message": str(error)})
            raise
        await self.send({"type": "answer", "id": message["id"], "result": result})
