"""`textDocument/rename` and `prepareRename`: a name and all its uses in the workspace, by jedi.

A name that is bound outside the workspace, for example in an installed package, is not renamed.
"""

from __future__ import annotations

import keyword
import os
from collections.abc import Callable
from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.text.documents import Position
from tensorhints.session.text.scopes import name_at
from tensorhints.source.questions import REFERENCES, Location

from .jedi_request import JediRequests

_JEDI_SECONDS = 10.0

VersionOf = Callable[[str], "int | None"]
"""Returns the version of an open document or cell, by its URI."""


def register(registry: Registry, services: Services) -> None:
    """Handle the requests."""
    jedi = JediRequests(services.reader, services.session, services.views)
    handler = partial(rename, jedi, services.views.version)
    registry.document_request(types.TEXT_DOCUMENT_RENAME, handler)
    registry.document_request(types.TEXT_DOCUMENT_PREPARE_RENAME, partial(prepare_rename, jedi))


async def prepare_rename(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.PrepareRenameParams
) -> types.Range | None:
    """Return the range of the name at a position, if it can be renamed."""
    at = snapshot.view.from_client(params.position)
    span = name_at(snapshot.text, at)
    if span is None or not await _uses(jedi, snapshot, at):
        return None
    return snapshot.view.range(span)


async def rename(
    jedi: JediRequests,
    version_of: VersionOf,
    snapshot: Snapshot,
    client: Client,
    params: types.RenameParams,
) -> types.WorkspaceEdit | None:
    """Return the edit of all uses; if there is none, show why."""
    if not params.new_name.isidentifier() or keyword.iskeyword(params.new_name):
        client.show_user_message(UserMessage("not-a-name", params.new_name or None))
        return None
    uses = await _uses(jedi, snapshot, snapshot.view.from_client(params.position))
    if not uses:
        client.show_user_message(UserMessage("cannot-rename"))
        return None
    if not await jedi.are_unchanged(uses):
        client.show_user_message(UserMessage("changed-meanwhile"))
        return None
    changes: dict[str, list[types.TextEdit]] = {}
    for use in await jedi.client_locations(uses, client.encoding):
        changes.setdefault(use.uri, []).append(types.TextEdit(use.range, params.new_name))
    return _edit(changes, version_of if client.capabilities.takes_versioned_edits else None)


async def _uses(jedi: JediRequests, snapshot: Snapshot, at: Position) -> list[Location]:
    """Return all uses of a name, or none if one of them is outside the workspace."""
    span = name_at(snapshot.text, at)
    if span is None:
        return []
    name = snapshot.text.line(span.line)[span.column : span.end_column]
    uses: list[Location] = await jedi.ask(snapshot, REFERENCES, at, patience=_JEDI_SECONDS)
    # A name imported under another one keeps that one.
    uses = [use for use in uses if use.name == name]
    roots = (*snapshot.folders, os.path.dirname(snapshot.path))
    inside = all(_is_below(use.path, roots) or use.path == snapshot.path for use in uses)
    bound = any(use.is_definition for use in uses)
    return uses if inside and bound else []


def _is_below(path: str, roots: tuple[str, ...]) -> bool:
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return False
    return any(path.startswith(os.path.join(root, "")) for root in roots)


def _edit(
    changes: dict[str, list[types.TextEdit]], version_of: VersionOf | None
) -> types.WorkspaceEdit:
    if version_of is None:
        return types.WorkspaceEdit(changes=changes)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, version_of(uri)), list(edits)
            )
            for uri, edits in changes.items()
        ]
    )
