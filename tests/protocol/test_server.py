"""The server as a process: how fast it answers, what it survives, and how it leaves."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from protocol.editor import SERVER, Editor, editing, within

PROGRAM = "import torch\nx = torch.ones(2)\n"
INITIALIZE = {
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}


class Wire:
    """Messages as bytes, for those that no client library would send."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def send_bytes(self, body: bytes, header: bytes | None = None) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(header or b"Content-Length: %d\r\n\r\n" % len(body))
        self.process.stdin.write(body)

    def send(self, message: dict[str, Any]) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    async def answer(self, number: int) -> dict[str, Any]:
        assert self.process.stdout is not None
        while True:
            length = 0
            while (line := (await within(self.process.stdout.readline())).strip()) or not length:
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message: dict[str, Any] = json.loads(
                await within(self.process.stdout.readexactly(length))
            )
            if message.get("id") == number and "method" not in message:
                return message

    async def exit_status(self) -> int:
        status: int = await within(self.process.wait())
        return status


@contextlib.asynccontextmanager
async def wire(folder: Path, environment: dict[str, str] | None = None) -> AsyncIterator[Wire]:
    process = await asyncio.create_subprocess_exec(
        *SERVER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=str(folder),
        env={**os.environ, **(environment or {})},
    )
    try:
        yield Wire(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_leaves_with_0_after_shutdown_and_exit(tmp_path: Path) -> None:
    async with wire(tmp_path) as server:
        server.send(INITIALIZE)
        await server.answer(1)
        server.send({"id": 2, "method": "shutdown"})
        await server.answer(2)
        server.send({"method": "exit"})
        assert await server.exit_status() == 0


async def test_it_leaves_with_0_while_a_program_runs(tmp_path: Path) -> None:
    document = {"uri": "untitled:a.py", "languageId": "python", "version": 1, "text": "while 1: 1"}
    async with wire(tmp_path) as server:
        server.send(INITIALIZE)
        await server.answer(1)
        server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        for number in (2, 3):
            params = {"command": "tensorhints.server.run", "arguments": []}
            server.send({"id": number, "method": "workspace/executeCommand", "params": params})
        server.send({"id": 4, "method": "shutdown"})
        assert "error" not in await server.answer(4)
        server.send({"method": "exit"})
        assert await server.exit_status() == 0


async def test_it_leaves_with_1_after_exit_alone(tmp_path: Path) -> None:
    async with wire(tmp_path) as server:
        server.send({"method": "exit"})
        assert await server.exit_status() == 1


async def test_it_leaves_with_its_client(tmp_path: Path) -> None:
    async with wire(tmp_path) as server:
        server.send(INITIALIZE)
        await server.answer(1)
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert await server.exit_status() == 1


async def test_it_never_imports_torch(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit('the server imported torch')\n")
    (tmp_path / "numpy.py").write_text("raise SystemExit('the server imported numpy')\n")
    async with wire(tmp_path, {"PYTHONPATH": str(tmp_path)}) as server:
        server.send(INITIALIZE)
        answer = await server.answer(1)
        assert answer["result"]["serverInfo"]["name"] == "tensorhints"


MALFORMED = [
    b"{",
    b"[]",
    b"null",
    b"7",
    b'"text"',
    b"{}",
    b'{"jsonrpc": "2.0"}',
    b'{"jsonrpc": "1.0", "id": 7, "method": "shutdown"}',
    b'{"jsonrpc": "2.0", "method": "no/such"}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}',
    (
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": '
        b'{"textDocument": {"uri": "file:///never.py", "version": 1}, "contentChanges": []}}'
    ),
    (
        b'{"jsonrpc": "2.0", "method": "textDocument/didClose", "params": '
        b'{"textDocument": {"uri": "file:///never.py"}}}'
    ),
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 99}}',
    b'{"jsonrpc": "2.0", "id": "unknown", "result": null}',
    b"\xff\xfe not text",
    b"[" * 100_000,
]


async def test_malformed_messages_are_survived(tmp_path: Path) -> None:
    async with wire(tmp_path) as server:
        server.send(INITIALIZE)
        await server.answer(1)
        for body in MALFORMED:
            server.send_bytes(body)
        server.send_bytes(b"", header=b"No-Header\r\n\r\n")
        server.send({"id": 5, "method": "textDocument/hover", "params": {"wrong": True}})
        assert "error" in await server.answer(5)
        server.send({"id": 6, "method": "no/such", "params": {}})
        assert "error" in await server.answer(6)
        server.send({"id": 7, "method": "shutdown"})
        assert (await server.answer(7))["result"] is None


async def test_requests_before_initialize_are_survived(tmp_path: Path) -> None:
    where = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
    async with wire(tmp_path) as server:
        server.send({"id": 2, "method": "textDocument/hover", "params": where})
        await server.answer(2)
        server.send(
            {
                "id": 3,
                "method": "workspace/executeCommand",
                "params": {"command": "tensorhints.server.run"},
            }
        )
        await server.answer(3)
        server.send(INITIALIZE)
        assert "result" in await server.answer(1)


async def test_messages_sent_before_the_answer_to_initialize_are_handled(tmp_path: Path) -> None:
    """Messages right after `initialize` are handled by the features, not by placeholders."""
    named = {"uri": (tmp_path / "program.py").as_uri()}
    document = {**named, "languageId": "python", "version": 1, "text": PROGRAM}
    async with wire(tmp_path) as server:
        server.send(INITIALIZE)
        server.send({"method": "initialized", "params": {}})
        server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        server.send({"id": 2, "method": "textDocument/codeLens", "params": {"textDocument": named}})
        assert (await server.answer(2))["result"]


async def test_it_serves_one_client_on_a_socket_of_this_machine(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *SERVER, "--tcp", f"127.0.0.1:{port}", cwd=str(tmp_path)
    )

    async def connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)

    try:
        reader, writer = await within(connected())
        body = json.dumps({"jsonrpc": "2.0", **INITIALIZE}).encode()
        writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert (await within(reader.readline())).startswith(b"Content-Length")
        writer.close()
        assert await within(process.wait()) == 1
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_listens_only_on_loopback_addresses(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *SERVER, "--tcp", "0.0.0.0:9", cwd=str(tmp_path), stderr=asyncio.subprocess.PIPE
    )
    _, messages = await within(process.communicate())
    assert process.returncode == 2
    assert b"0.0.0.0:9" in messages
    assert messages.count(b"\n") == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("import sys\nsys.exit(3)\n", "failed"),
        ("import os\nos._exit(0)\n", "crashed"),
        ("import ctypes\nctypes.string_at(0)\n", "crashed"),
        ("raise SystemExit\n", "finished"),
    ],
    ids=["exit", "_exit", "segfault", "raise"],
)
async def test_a_program_that_crashes_does_not_harm_others(
    neovim: Editor, text: str, outcome: str
) -> None:
    uri = neovim.open("bad.py", "import torch\nx = torch.ones(2)\n" + text)
    assert (await neovim.run(uri))["outcome"] == outcome
    assert "x«: f32[2] cpu»" in await neovim.drawn(uri)
    other = neovim.open("good.py", PROGRAM)
    assert (await neovim.run(other))["outcome"] == "finished"


async def test_output_without_end_is_cut_and_harms_nothing(neovim: Editor) -> None:
    uri = neovim.open("loud.py", "for i in range(100_000):\n    print(i)\n")
    assert (await neovim.run(uri))["outcome"] == "finished"
    assert len(neovim.printed()) < 600_000
    (messages,) = await neovim.until(neovim.shown_messages)
    assert "256 KB" in messages


async def test_a_killed_runner_comes_back_by_itself(tmp_path: Path) -> None:
    async with editing(tmp_path, "neovim") as editor:
        uri = editor.open("program.py", "import os, signal, torch\nx = torch.ones(2)\n")
        await editor.run(uri)
        killer = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass\n"
        other = editor.open("killer.py", killer)
        assert (await editor.run(other))["outcome"] == "crashed"
        assert (await editor.run(uri))["outcome"] == "finished"
        assert "x«: f32[2] cpu»" in await editor.drawn(uri)


async def test_an_interpreter_without_torch_is_refused_in_one_sentence(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    # Without site-packages this interpreter is one that has no torch.
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    settings = {"run": {"interpreter": str(python)}}
    async with editing(tmp_path, "helix", settings=settings) as editor:
        editor.client.set_configuration(settings, section="tensorhints")
        uri = editor.open("program.py", PROGRAM)
        assert (await editor.run(uri))["outcome"] == "refused"
        (messages,) = editor.shown_messages()
        assert "torch" in messages
