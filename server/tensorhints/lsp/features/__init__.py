"""One file a request: each reads what the client sent, asks the session, converts the answer."""

from __future__ import annotations

from tensorhints.lsp.connection import Server

from . import (
    code_action,
    code_lens,
    configuration,
    execute_command,
    hover,
    initialize,
    lesson_commands,
    notebook,
    page,
    synchronization,
)

_ALWAYS = (
    initialize,
    configuration,
    synchronization,
    notebook,
    hover,
    code_lens,
    code_action,
    execute_command,
    lesson_commands,
    page,
)


def register_all(server: Server) -> None:
    """Those that depend on the client's capabilities are registered by `initialize`."""
    for feature in _ALWAYS:
        feature.register(server)
