"""The page server answers only clients with the address, on this machine, and its own pages."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tensorhints.browser import page_server as module
from tensorhints.browser.bundle import NotBuiltError
from tensorhints.browser.page_server import PageServer, Socket
from tensorhints.model.locales import LOCALES

pytestmark = pytest.mark.asyncio


async def echo(socket: Socket) -> None:
    await socket.send(json.dumps({"page": socket.page, "query": dict(socket.query)}))
    while (text := await socket.receive()) is not None:
        await socket.send(str(text))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "fonts").mkdir(parents=True)
    for name in ("lesson.js", "inspector.js", "lesson.css", "fonts/icons.ttf", "notes.txt"):
        (folder / name).write_text(name, "utf-8")
    (tmp_path / "secret.js").write_text("secret", "utf-8")
    return folder


@pytest_asyncio.fixture
async def server(built: Path) -> AsyncIterator[PageServer]:
    opened = PageServer(echo, built, LOCALES)
    await opened.start()
    yield opened
    opened.close()


def at(server: PageServer, name: str = "", **query: str) -> str:
    """The address of something beside the lesson page."""
    address = server.address("lesson", query)
    return address.replace("/lesson", f"/{name}") if name else address


async def asked(address: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    return await asyncio.to_thread(_asked, address, headers)


def _asked(address: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Send a browser's request, with the path exactly as written."""
    parts = urlsplit(address)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.putrequest("GET", target, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def socket_of(server: PageServer, page: str = "lesson", **query: str) -> str:
    return at(server, f"socket/{page}", **query).replace("http://", "ws://")


def origin_of(server: PageServer) -> Origin:
    return Origin(f"http://{urlsplit(at(server)).netloc}")


async def test_the_address_is_on_this_machine_with_a_token_of_256_bits(server: PageServer) -> None:
    parts = urlsplit(at(server, lesson="tensors"))
    assert parts.hostname == "127.0.0.1"
    _, token, page = parts.path.split("/")
    assert len(token) >= 43
    assert (page, parts.query) == ("lesson", "lesson=tensors")


async def test_no_two_servers_have_a_token_in_common(built: Path) -> None:
    tokens = {PageServer(echo, built, LOCALES).address("lesson", {}) for _ in range(3)}
    assert len(tokens) == 3


async def test_a_page_and_its_files_are_served_with_their_types(server: PageServer) -> None:
    status, headers, body = await asked(at(server, locale="pt-BR"))
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'lang="pt-BR"' in body
    for name, type_ in (
        ("lesson.js", "text/javascript; charset=utf-8"),
        ("lesson.css", "text/css; charset=utf-8"),
        ("fonts/icons.ttf", "font/ttf"),
    ):
        status, headers, body = await asked(at(server, name))
        assert (status, headers["Content-Type"], body) == (200, type_, name.encode())


async def test_a_page_may_load_nothing_but_its_own_files_and_may_not_be_framed(
    server: PageServer,
) -> None:
    _, headers, body = await asked(at(server))
    policy = {
        name: value
        for name, _, value in (
            part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";")
        )
    }
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"ws://{urlsplit(at(server)).netloc}",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert body.count(b"<script") == 1
    assert b"<script>" not in body
    assert b"<style" not in body


@pytest.mark.parametrize("name", ["", "lesson.js", "missing.js"])
async def test_pages_are_not_cached_and_send_no_referrer_or_cookie(
    server: PageServer, name: str
) -> None:
    _, headers, _ = await asked(at(server, name))
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers


async def test_an_unknown_locale_does_not_get_into_the_page(server: PageServer) -> None:
    _, _, body = await asked(at(server, locale='"><script>alert(1)</script>'))
    assert b'lang="en"' in body
    assert b"alert" not in body


@pytest.mark.parametrize(
    "path", ["/", "/lesson", "/lesson.js", "/x/lesson", "//lesson", "/é/lesson"]
)
async def test_a_path_without_the_token_is_not_found(server: PageServer, path: str) -> None:
    address = f"{origin_of(server)}{path}".encode().decode("latin-1")
    status, _, body = await asked(address.replace("Ã©", "%C3%A9"))
    assert (status, body) == (404, b"Not Found\n")


@pytest.mark.parametrize(
    "name",
    [
        "../secret.js",
        "..%2fsecret.js",
        "fonts/../../secret.js",
        "/etc/passwd",
        "./lesson.js",
        "lesson.js/",
        "notes.txt",
        "fonts",
        "%6cesson.js",
        "lesson.js%00",
        "",
    ],
)
async def test_only_files_of_the_pages_are_served(server: PageServer, name: str) -> None:
    base = at(server).removesuffix("lesson")
    status, _, body = await asked(base + name)
    assert status == 404
    assert body == b"Not Found\n"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}"]
)
async def test_a_name_of_somebody_elses_that_leads_here_gets_nothing(
    server: PageServer, host: str
) -> None:
    port = urlsplit(at(server)).port
    status, _, body = await asked(at(server), Host=host.format(port=port))
    assert status == 421
    assert b"script" not in body


async def test_localhost_is_this_machine_too(server: PageServer) -> None:
    port = urlsplit(at(server)).port
    status, headers, _ = await asked(at(server), Host=f"localhost:{port}")
    assert status == 200
    assert f"connect-src ws://localhost:{port};" in headers["Content-Security-Policy"]


async def test_a_socket_knows_its_page_and_query(server: PageServer) -> None:
    address = socket_of(server, "inspector", uri="file:///a%20b.py")
    async with connect(address, origin=origin_of(server), proxy=None) as socket:
        received = json.loads(await socket.recv())
        assert received == {"page": "inspector", "query": {"uri": "file:///a%20b.py"}}
        await socket.send("hello")
        assert await socket.recv() == "hello"


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1"])
async def test_a_socket_is_for_the_servers_own_pages_alone(
    server: PageServer, origin: Origin | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(socket_of(server), origin=origin, proxy=None)
    assert refused.value.response.status_code == 403


async def test_a_socket_needs_the_token_too(server: PageServer) -> None:
    address = f"ws://{urlsplit(at(server)).netloc}/{'x' * 43}/socket/lesson"
    with pytest.raises(InvalidStatus) as refused:
        await connect(address, origin=origin_of(server), proxy=None)
    assert refused.value.response.status_code == 404


async def test_a_socket_of_an_unknown_page_is_refused(server: PageServer) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(socket_of(server, "other"), origin=origin_of(server), proxy=None)
    assert refused.value.response.status_code == 404


async def test_a_message_that_is_too_long_ends_the_connection(server: PageServer) -> None:
    async with connect(socket_of(server), origin=origin_of(server), proxy=None) as socket:
        await socket.recv()
        await socket.send("x" * (module._MAX_MESSAGE_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_the_number_of_open_pages_has_a_limit(
    server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_SOCKETS", 1)
    async with connect(socket_of(server), origin=origin_of(server), proxy=None) as socket:
        await socket.recv()
        with pytest.raises(InvalidStatus) as refused:
            await connect(socket_of(server), origin=origin_of(server), proxy=None)
        assert refused.value.response.status_code == 503


async def test_pages_that_were_never_built_are_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError):
        PageServer(echo, tmp_path, LOCALES)
