"""The announcements to a client in the answer to `initialize`, by its capabilities."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp import names
from tensorhints.lsp.capabilities import Capabilities
from tensorhints.lsp.commands import COMMANDS
from tensorhints.lsp.connection import Server

_ACTIONS: list[types.CodeActionKind | str] = [
    types.CodeActionKind.QuickFix,
    names.RUN_ACTION,
    names.STOP_ACTION,
    names.CONTINUE_ACTION,
    names.DEVICE_ACTION,
    names.INSPECT_ACTION,
    names.LESSON_ACTION,
]


def offer_all(server: Server, client: Capabilities, *, python: bool) -> None:
    """Offer everything that the client can use; with `python`, also completion and the like."""
    for name in COMMANDS:
        server.offer_command(name)
    _offer_texts(server)
    _offer_hints(server, client)
    if python:
        _offer_python(server, client)


def _offer_texts(server: Server) -> None:
    server.offer(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    server.offer(types.TEXT_DOCUMENT_DID_OPEN)
    server.offer(types.TEXT_DOCUMENT_DID_CHANGE)
    server.offer(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
    server.offer(types.TEXT_DOCUMENT_DID_CLOSE)
    server.offer(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    server.offer(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    server.offer(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    server.offer(types.NOTEBOOK_DOCUMENT_DID_CLOSE)


def _offer_hints(server: Server, client: Capabilities) -> None:
    server.offer(types.TEXT_DOCUMENT_INLAY_HINT)
    if client.resolves_tooltips:
        server.offer(types.INLAY_HINT_RESOLVE)
    server.offer(types.TEXT_DOCUMENT_HOVER)
    server.offer(types.TEXT_DOCUMENT_CODE_LENS)
    server.offer(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(_ACTIONS))
    if client.asks_for_diagnostics:
        options = types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=False, identifier="tensorhints"
        )
        server.offer(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    if client.reads_content:
        server.offer(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)


def _offer_python(server: Server, client: Capabilities) -> None:
    server.offer(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(["."]))
    server.offer(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(["(", ","]))
    server.offer(types.TEXT_DOCUMENT_DEFINITION)
    server.offer(types.TEXT_DOCUMENT_REFERENCES)
    server.offer(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    if client.prepares_rename:
        server.offer(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
        server.offer(types.TEXT_DOCUMENT_PREPARE_RENAME)
    else:
        server.offer(types.TEXT_DOCUMENT_RENAME)
