"""Serves the pages and their sockets on 127.0.0.1, only to clients that know the address.

Every address begins with a random token, also those of the pages' own files. A page of another site
cannot guess it, and cannot pass the checks of Host and Origin by DNS rebinding either.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from .bundle import PAGES, File, files_of, html

_HOST = "127.0.0.1"
_TOKEN_BYTES = 32
# The longest message is a program of 100,000 characters, each of at most 12 bytes in JSON.
_MAX_MESSAGE_BYTES = 2**21
_MAX_SOCKETS = 32
_SOCKET = "socket"

logger = logging.getLogger(__name__)


class Socket:
    """A connection to one page in one browser tab. `query` is that of the page's address."""

    def __init__(self, connection: ServerConnection, page: str, query: Mapping[str, str]) -> None:
        self._connection = connection
        self.page = page
        self.query = query

    async def receive(self) -> str | bytes | None:
        """Return the next message, or None when the page has closed."""
        try:
            return await self._connection.recv()
        except ConnectionClosed:
            return None

    async def send(self, text: str) -> None:
        """Send a message. Does nothing if the page has closed."""
        try:
            await self._connection.send(text)
        except ConnectionClosed:
            pass  # `receive` returns None then.


OnConnect = Callable[[Socket], Awaitable[None]]


class PageServer:
    """An HTTP and WebSocket server for the built pages in `folder`.

    `on_connect` serves one socket and returns when that socket is done. `locales` are the languages
    of the pages; the first is the default. Raises `NotBuiltError` if the pages
    are missing; `start` raises `OSError` if no port is available.
    """

    def __init__(self, on_connect: OnConnect, folder: Path, locales: Sequence[str]) -> None:
        self._files = files_of(folder)
        self._on_connect = on_connect
        self._locales = locales
        self._token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._server: Server | None = None
        self._port = 0
        self._open_sockets = 0

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await serve(
            self._connected,
            _HOST,
            0,
            process_request=self._respond,
            compression=None,
            server_header=None,
            max_size=_MAX_MESSAGE_BYTES,
            logger=logger,
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    def address(self, page: str, query: Mapping[str, str | None]) -> str:
        """Return the address of a page; parameters that are None are left out."""
        parameters = {name: value for name, value in query.items() if value is not None}
        suffix = f"?{urlencode(parameters)}" if parameters else ""
        return f"http://{_HOST}:{self._port}/{self._token}/{page}{suffix}"

    def close(self) -> None:
        """Stop listening and close all sockets."""
        if self._server is not None:
            self._server.close()

    # ---- access control

    async def _respond(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return the response to a request, or None to accept a WebSocket."""
        host = _single_header(request.headers, "Host")
        if host not in (f"{_HOST}:{self._port}", f"localhost:{self._port}"):
            return _refusal(HTTPStatus.MISDIRECTED_REQUEST)
        path = _token_and_name(request.path)
        if path is None or not _is_token(path[0], self._token):
            return _refusal(HTTPStatus.NOT_FOUND)
        name = path[1]
        if name.startswith(f"{_SOCKET}/"):
            return self._refusal_of_socket(request, host, name)
        if name in PAGES:
            return self._page(request, host, name)
        file = self._files.get(name)
        return _refusal(HTTPStatus.NOT_FOUND) if file is None else await _file(file)

    def _refusal_of_socket(self, request: Request, host: str, name: str) -> Response | None:
        if _single_header(request.headers, "Origin") != f"http://{host}":
            return _refusal(HTTPStatus.FORBIDDEN)
        if name.removeprefix(f"{_SOCKET}/") not in PAGES:
            return _refusal(HTTPStatus.NOT_FOUND)
        if self._open_sockets >= _MAX_SOCKETS:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return None

    async def _connected(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        path = _token_and_name(connection.request.path)
        assert path is not None
        page = path[1].removeprefix(f"{_SOCKET}/")
        self._open_sockets += 1
        try:
            await self._on_connect(Socket(connection, page, _query(connection.request.path)))
        finally:
            self._open_sockets -= 1

    # ---- content

    def _page(self, request: Request, host: str, page: str) -> Response:
        wanted = _query(request.path).get("locale", "")
        locale = wanted if wanted in self._locales else self._locales[0]
        policy = "; ".join(
            [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "font-src 'self'",
                "img-src 'self' data:",
                f"connect-src ws://{host}",
                "form-action 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ]
        )
        body = html(page, locale).encode()
        return _response(HTTPStatus.OK, "text/html; charset=utf-8", body, policy)


async def _file(file: File) -> Response:
    try:
        body = await asyncio.to_thread(file.path.read_bytes)
    except OSError:
        return _refusal(HTTPStatus.NOT_FOUND)
    return _response(HTTPStatus.OK, file.type, body)


def _is_token(given: str, token: str) -> bool:
    """Compare in constant time."""
    return secrets.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _token_and_name(target: str) -> tuple[str, str] | None:
    """Split a path into its token and the rest, without decoding or resolving anything."""
    try:
        token, slash, name = urlsplit(target).path.removeprefix("/").partition("/")
    except ValueError:
        return None
    return (token, name) if slash else None


def _query(target: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(target).query, max_num_fields=16))
    except ValueError:
        return {}


def _single_header(headers: Headers, name: str) -> str | None:
    values = headers.get_all(name)
    return values[0] if len(values) == 1 else None


def _refusal(status: HTTPStatus) -> Response:
    return _response(status, "text/plain; charset=utf-8", f"{status.phrase}\n".encode())


def _response(status: HTTPStatus, type_: str, body: bytes, policy: str = "") -> Response:
    headers = Headers(
        {
            "Content-Type": type_,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy or "default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Connection": "close",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
    )
    return Response(status.value, status.phrase, headers, body)
