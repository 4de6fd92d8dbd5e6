"""Exchanges messages with one client, on the standard streams or on a socket."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async

from .connection import Server

logger = logging.getLogger(__name__)


async def serve_stdio(server: Server, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Serve a client on the standard streams until it disconnects."""
    # A thread of its own: reading blocks it until the end, which would block the shared pool.
    with ThreadPoolExecutor(1, thread_name_prefix="stdin") as thread:
        server.protocol.set_writer(StdoutWriter(outgoing))
        await _exchange(server, StdinAsyncReader(incoming, thread))


async def serve_tcp(server: Server, host: str, port: int) -> None:
    """Listen for one client and serve it until it disconnects. Raises `OSError`."""
    done = asyncio.Event()
    taken = False

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        if taken:
            writer.close()
            return
        taken = True
        server.protocol.set_writer(writer)
        try:
            await _exchange(server, reader)
        finally:
            writer.close()
            done.set()

    listening = await asyncio.start_server(connected, host, port)
    async with listening:
        await done.wait()


async def _exchange(server: Server, reader: StdinAsyncReader | asyncio.StreamReader) -> None:
    try:
        await run_async(
            stop_event=server.exited,
            reader=reader,
            protocol=server.protocol,
            logger=logging.getLogger("pygls"),
            error_handler=server.report_server_error,
        )
    except (BrokenPipeError, ConnectionResetError, asyncio.IncompleteReadError):
        logger.info("the client disconnected")
