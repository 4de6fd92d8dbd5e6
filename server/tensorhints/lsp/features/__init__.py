"""One file a request: each reads what the client sent, asks the session, converts the answer.

`offers` says what there is; the files that do it are imported once the client has been told, since
an editor waits for that answer.
"""

from __future__ import annotations

from tensorhints.lsp.connection import Server

from .editor import initialize


def register_all(server: Server) -> None:
    initialize.register(server)
    server.take_up_later(_take_up)


def _take_up(server: Server) -> None:
    from .editor import (
        code_action,
        code_lens,
        configuration,
        execute_command,
        notebook,
        synchronization,
    )
    from .hints import diagnostics, hover, inlay_hint
    from .lessons import commands, open_lesson
    from .pages import page
    from .python import completion, definition, document_symbol, references, rename, signature_help

    for feature in (
        configuration,
        synchronization,
        notebook,
        inlay_hint,
        diagnostics,
        hover,
        code_lens,
        code_action,
        execute_command,
        commands,
        open_lesson,
        page,
        completion,
        signature_help,
        definition,
        references,
        document_symbol,
        rename,
    ):
        feature.register(server)
