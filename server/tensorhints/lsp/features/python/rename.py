"""`textDocument/rename` and `prepareRename`: a name and all its uses in the workspace, by jedi.

A name that is bound anywhere else, in an installed package say, is not renamed.
"""

from __future__ import annotations

import keyword
import os

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.text.documents import Document, Position
from tensorhints.session.text.scopes import name_at
from tensorhints.source.questions import REFERENCES, Location

from .jedi_request import ask, located, stand_there

_PATIENCE = 10.0


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_RENAME, rename)
    server.on(types.TEXT_DOCUMENT_PREPARE_RENAME, prepare_rename)


async def prepare_rename(server: Server, params: types.PrepareRenameParams) -> types.Range | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document, at = shown.document, shown.from_client(params.position)
    span = name_at(document.text, at)
    if span is None or not await _uses(server, document, at):
        return None
    return shown.range(span)


async def rename(server: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document = shown.document
    if not params.new_name.isidentifier() or keyword.iskeyword(params.new_name):
        server.show_user_message(UserMessage("not-a-name", params.new_name or None))
        return None
    at = shown.from_client(params.position)
    found = await _uses(server, document, at)
    if not found:
        server.show_user_message(UserMessage("cannot-rename"))
        return None
    if not await stand_there(server, found):
        server.show_user_message(UserMessage("changed-meanwhile"))
        return None
    changes: dict[str, list[types.TextEdit]] = {}
    for use in await located(server, found):
        changes.setdefault(use.uri, []).append(types.TextEdit(use.range, params.new_name))
    return _edit(server, changes)


async def _uses(server: Server, document: Document, at: Position) -> list[Location]:
    """All uses of a name, or none where one of them lies outside the workspace."""
    span = name_at(document.text, at)
    if span is None:
        return []
    name = document.text.line(span.line)[span.column : span.end_column]
    uses: list[Location] = await ask(server, REFERENCES, document, at, patience=_PATIENCE)
    # What is imported under another name keeps that one.
    uses = [use for use in uses if use.name == name]
    roots = (*server.session.workspace.folders, os.path.dirname(document.path))
    inside = all(_is_below(use.path, roots) or use.path == document.path for use in uses)
    bound = any(use.is_definition for use in uses)
    return uses if inside and bound else []


def _is_below(path: str, roots: tuple[str, ...]) -> bool:
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    return any(path.startswith(os.path.join(root, "")) for root in roots)


def _edit(server: Server, changes: dict[str, list[types.TextEdit]]) -> types.WorkspaceEdit:
    if not server.client.takes_versioned_edits:
        return types.WorkspaceEdit(changes=changes)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, _version(server, uri)),
                list(edits),
            )
            for uri, edits in changes.items()
        ]
    )


def _version(server: Server, uri: str) -> int | None:
    document = server.document(uri)
    if document is None:
        return None
    notebook = server.notebooks.get(document.uri)
    return document.version if notebook is None else notebook.version_of(uri)
