"""Serves one editor, on standard input and output or on a loopback socket.

Starting Python and torch takes longest, so the warm host is started before this process imports
pygls: nothing here imports it at module level.
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
from tensorhints.model.locales import locale_for
from tensorhints.present.words import translate

if TYPE_CHECKING:
    from .connection import Server

# The hints of a large file are many thousand objects without reference cycles: collecting garbage
# at every answer would take longer than the answer.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

logger = logging.getLogger(__name__)


def serve(address: tuple[str, int] | None = None) -> int:
    """Serve one client, on a loopback `address` if given, and return the exit status.

    It is 0 after `shutdown` and `exit`, 1 after `exit` alone or a lost connection, and 2 if the
    server cannot listen at the address.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("TENSORHINTS_LOG", "WARNING").upper(),
        format="%(levelname)s %(name)s: %(message)s",
    )
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # pygls logs whole messages at level INFO.
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
        incoming, outgoing = _take_standard_streams()
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
            listening_at = f"{address[0]}:{address[1]}"
            return _refuse("cli.cannot-listen", listening_at, error.strerror or str(error))
    await server.close()
    return server.exit_status


def _new_server(pool: Pool) -> Server:
    from .connection import Server
    from .features import register_all

    server = Server(pool)
    register_all(server)
    return server


def _warm_early(pool: Pool) -> None:
    """Start the host for the interpreter that most settings would choose, trusted or not."""
    directory = Path.cwd()
    try:
        chosen = find_interpreter(None, directory, trusted=False)
        if chosen == find_interpreter(None, directory, trusted=True):
            pool.warm(chosen.path, directory)
    except Exception:
        logger.info("no host was started before initialize", exc_info=True)


def _take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return standard input and output, for the protocol alone.

    Afterwards file descriptor 0 is empty, and everything printed by this process or its children
    goes to standard error.
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
