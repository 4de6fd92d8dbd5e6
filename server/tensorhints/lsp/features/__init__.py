"""One file a request: each reads what the client sent, asks the session, converts the answer.

`offers` says what there is; the files that do it are imported once the client has been told, since
an editor waits for that answer.
"""

from __future__ import annotations

from tensorhints.lsp.connection import Server

from . import initialize


def register_all(server: Server) -> None:
    initialize.register(server)
    server.take_up_later(_take_up)


def _take_up(server: Server) -> None:
    from . import (
        code_action,
        code_lens,
        completion,
        configuration,
        definition,
        diagnostics,
        document_symbol,
        execute_command,
        hover,
        inlay_hint,
        lesson_commands,
        lesson_page,
        notebook,
        page,
        references,
        rename,
        signature_help,
        synchronization,
    )

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
        lesson_commands,
        lesson_page,
        page,
        completion,
        signature_help,
        definition,
        references,
        document_symbol,
        rename,
    ):
        feature.register(server)
