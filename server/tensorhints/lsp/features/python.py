"""Completion, signatures, definitions, references, outline and rename, for an editor that has no
other Python server: said by `python.features`, once, when the editor starts the server.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server

from . import completion, definition, document_symbol, references, rename, signature_help


def register(server: Server, params: types.InitializeParams) -> None:
    completion.register(server)
    signature_help.register(server)
    definition.register(server)
    references.register(server)
    document_symbol.register(server, params)
    rename.register(server, params)
