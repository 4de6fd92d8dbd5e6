"""Completion, signatures, definitions, references, outline and rename, for an editor that has no
other Python server: said by `python.features`, once, when the editor starts the server.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.reading import warm
from tensorhints.session.documents import Document

from . import (
    completion,
    definition,
    document_symbol,
    references,
    rename,
    signature_help,
)


def register(server: Server, params: types.InitializeParams) -> None:
    completion.register(server)
    signature_help.register(server)
    definition.register(server)
    references.register(server)
    document_symbol.register(server, params)
    rename.register(server, params)
    warming: list[asyncio.Task[None]] = []

    def first_opened(document: Document) -> None:
        if not warming and document.is_python:
            warming.append(asyncio.ensure_future(warm(server, document)))

    server.document_opened = first_opened

    def closing() -> None:
        for task in warming:
            task.cancel()

    server.on_close(closing)
