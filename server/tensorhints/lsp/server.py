"""Serves one editor, on standard input and output or on a socket of this machine.

Python and torch take longer to start than anything else, so the process that runs programs begins
to warm before this one imports pygls: nothing here does so at module level.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tensorhints.engine.interpreters import find_interpreter
from tensorhints.engine.pool import Pool
from tensorhints.present.words import locale_for, translate

if TYPE_CHECKING:
    from .connection import Server

# What is known of a large file is many thousand objects, none of which is part of a cycle: to look
# through them at every answer for cycles takes longer than the answer.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

logger = logging.getLogger(__name__)


def serve(address: tuple[str, int] | None = None) -> int:
    """The exit status: 0 after `shutdown` and `exit`, 1 after `exit` alone or a lost client, 2
    where the server may not listen there.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("TENSORHINTS_LOG", "WARNING").upper(),
        format="%(levelname)s %(name)s: %(message)s",
    )
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # It writes whole messages at level INFO.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    if address is not None and address[0] not in _LOOPBACK:
        return _refuse("cli.not-loopback", f"{address[0]}:{address[1]}")
    with suppress(KeyboardInterrupt):
        return asyncio.run(_serve(address))
    return 1


async def _serve(address: tuple[str, int] | None) -> int:
    pool = Pool()
    _warm_early(pool)
    if address is None:
        incoming, outgoing = _own_the_streams()
        from .transport import serve_stdio

        server = _new_server(pool)
        await serve_stdio(server, incoming, outgoing)
    else:
        from .transport import serve_tcp

        server = _new_server(pool)
        try:
            await serve_tcp(server, *address)
        except OSError as error:
            await server.close()
            where = f"{address[0]}:{address[1]}"
            return _refuse("cli.cannot-listen", where, error.strerror or str(error))
    await server.close()
    return server.exit_status


def _new_server(pool: Pool) -> Server:
    from .connection import Server
    from .features import register_all

    server = Server(pool)
    register_all(server)
    return server


def _warm_early(pool: Pool) -> None:
    """Start the interpreter that any trust and most settings would choose."""
    directory = Path.cwd()
    try:
        chosen = find_interpreter(None, directory, trusted=False)
        if chosen == find_interpreter(None, directory, trusted=True):
            pool.warm(chosen.path, directory)
    except Exception:
        logger.info("nothing to warm before the client is known", exc_info=True)


def _own_the_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: what anything else prints, in this process
    or one that it starts, goes to standard error, and reads nothing.
    """
    sys.stdout.flush()
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _refuse(code: str, address: str, reason: str = "") -> int:
    locale = locale_for(os.environ.get("TENSORHINTS_LOCALE") or os.environ.get("LANG"))
    sys.stderr.write(translate(code, locale, address=address, reason=reason) + "\n")
    return 2
