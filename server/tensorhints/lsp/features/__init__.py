"""The features: one module for each request or group of commands.

To add a request:

1. Announce it in `editor/offers.py`, under the capability that the client must have.
2. Write a module with a handler and `register(registry, services)`, and list it below.
3. Convert session values to LSP types in `lsp/render`, and add a test in tests/protocol.

A command is announced by its entry in `lsp/commands.py`, from which `make generate` writes the
table of docs/protocol.md.

A handler of a request about a document takes `(snapshot, client, params)`:

* `Snapshot` keeps one version of the document's text, and reads what runs have shown of it. It
  cannot change the session. Text and settings are those at the time of the request; results
  (`hints()`, `diagnostics()`, `state()`) are those at the time of the call, at positions in the
  current text. After an `await`, check `snapshot.is_current` before using positions, because the
  user may have typed meanwhile.
* `Client` has the client's capabilities, units and language, and can send to it: show a message,
  apply an edit, request a refresh. It gives no access to documents or runs.
* `params` are lsprotocol's. Convert positions by `snapshot.view`, never by hand.

Return LSP types or None; exceptions are logged and shown by `lsp/guard.py`. What else a handler
needs (jedi, the lessons, the session) it takes as leading parameters, which `register` binds by
`functools.partial`: a handler that can start a run or change a document shows that in its
signature. State of a feature belongs to a class in its module (`synchronization.py`).

Other messages take `(client, params)`, and commands `(client, argument)`, where the argument is a
dict that was checked against the fields in `lsp/commands.py`.

Conversions that notifications need as well are pure functions in `lsp/render`. Nothing here may be
imported by other modules of `lsp` except `server.py`, and only `initialize` is imported before the
answer to `initialize`.
"""

from __future__ import annotations

from tensorhints.lsp.connection import Server
from tensorhints.lsp.services import Services

from .editor.initialize import Lifecycle


def register_all(server: Server) -> None:
    """Register the lifecycle now, and all other features after `initialize`."""
    Lifecycle(server, _register).register()


def _register(server: Server, services: Services) -> None:
    from tensorhints.lsp.registry import Registry

    from .editor import (
        code_action,
        code_lens,
        execute_command,
        notebook,
        synchronization,
        work_done_progress,
    )
    from .hints import diagnostics, hover, inlay_hint
    from .lessons import commands, open_lesson
    from .pages import page
    from .python import completion, definition, document_symbol, references, rename, signature_help

    registry = Registry(server, services.client, services.views, services.commands)
    changes = synchronization.register(registry, services)
    inlay_hint.register(registry, services, changes)
    for feature in (
        notebook,
        work_done_progress,
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
        feature.register(registry, services)
