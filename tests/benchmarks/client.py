"""A language client in raw JSON-RPC over pipes, so that no library adds to the measured time."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

LIMIT_SECONDS = 120.0

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "inlayHint": {"refreshSupport": True},
        "workspaceFolders": True,
    },
    "experimental": {"tensorhints": True},
    "textDocument": {
        "synchronization": {"didSave": True},
        "inlayHint": {"resolveSupport": {"properties": ["tooltip"]}},
        "publishDiagnostics": {},
    },
}


class Client:
    """A client of one server. `refreshed` is set whenever the server sends a hint refresh."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, configuration: Any) -> None:
        self.name = name
        self.pid = process.pid
        self.refreshes = 0
        self.refreshed = asyncio.Event()
        self.output: list[str] = []
        self._process = process
        self._configuration = configuration
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._versions: dict[str, int] = {}
        self._reader = asyncio.ensure_future(self._read())

    # ---- the wire

    async def request(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self._send({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(answer, LIMIT_SECONDS)

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while True:
            try:
                head = await self._process.stdout.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            self._take(json.loads(await self._process.stdout.readexactly(length)))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the server is gone"))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            answer = self._answers.pop(message["id"])
            if not answer.done():
                if "error" in message:
                    answer.set_exception(RuntimeError(str(message["error"])))
                else:
                    answer.set_result(message.get("result"))
        elif "id" in message:
            self._send({"id": message["id"], "result": self._asked(message)})
        elif message["method"] == "tensorhints/output":
            self.output.append(message["params"]["text"])

    def _asked(self, message: dict[str, Any]) -> Any:
        if message["method"] == "workspace/configuration":
            return [self._configuration for _ in message["params"]["items"]]
        if message["method"] == "workspace/inlayHint/refresh":
            self.refreshes += 1
            self.refreshed.set()
        return None

    # ---- what an editor does

    async def initialize(self, folder: Path, options: Any) -> None:
        await self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "capabilities": CAPABILITIES,
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})

    def open(self, path: Path) -> None:
        uri = path.as_uri()
        self._versions[uri] = 1
        document = {
            "uri": uri,
            "languageId": "python",
            "version": 1,
            "text": path.read_text(encoding="utf-8"),
        }
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, path: Path, changes: Sequence[dict[str, Any]]) -> None:
        uri = path.as_uri()
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)}
        )

    def replace(self, path: Path, line: int, start: int, end: int, text: str) -> None:
        """Replace a part of a line by `text`."""
        where = {
            "start": {"line": line, "character": start},
            "end": {"line": line, "character": end},
        }
        self.change(path, [{"range": where, "text": text}])

    async def hints(self, path: Path, first: int = 0, last: int = 1_000_000) -> list[Any]:
        where = {
            "start": {"line": first, "character": 0},
            "end": {"line": last, "character": 0},
        }
        params = {"textDocument": {"uri": path.as_uri()}, "range": where}
        return await self.request("textDocument/inlayHint", params) or []

    async def hint_that(
        self, path: Path, holds: Callable[[int, str], bool], first: int = 0, last: int = 1_000_000
    ) -> None:
        """Request hints, now and at each refresh, until `holds(line, text)` is true for one."""
        until = time.perf_counter() + LIMIT_SECONDS
        while time.perf_counter() < until:
            self.refreshed.clear()
            for hint in await self.hints(path, first, last):
                if holds(hint["position"]["line"], text_of(hint)):
                    return
            # A server that never sends refreshes is polled.
            wait = 0.002 if self.refreshes == 0 else LIMIT_SECONDS
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.refreshed.wait(), wait)
        raise AssertionError(f"{self.name} never shows it")

    async def run(self, path: Path) -> Any:
        """Run a file; return when the run has ended."""
        return await self.request(
            "workspace/executeCommand",
            {"command": "tensorhints.server.run", "arguments": [{"uri": path.as_uri()}]},
        )

    def close_document(self, path: Path) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    async def close(self) -> None:
        try:
            await asyncio.wait_for(self.request("shutdown", None), 10)
            self.notify("exit", None)
            await asyncio.wait_for(self._process.wait(), 10)
        except (asyncio.TimeoutError, ConnectionError, RuntimeError):
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
        await self._reader


def text_of(hint: dict[str, Any]) -> str:
    label = hint["label"]
    return label if isinstance(label, str) else "".join(part["value"] for part in label)


@asynccontextmanager
async def running(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    configuration: Any = None,
) -> AsyncIterator[Client]:
    """Start a server process without initializing it; shut it down at the end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
        env=dict(environment),
        limit=1 << 26,
    )
    client = Client(command[0], process, configuration)
    try:
        yield client
    finally:
        await client.close()
