"""`textDocument/references`: every use of a name in the workspace, by jedi."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.source.questions import REFERENCES

from .jedi_request import JediRequests


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_REFERENCES, partial(references, jedi))


async def references(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.ReferenceParams
) -> list[types.Location]:
    """Return the uses of the name at a position, with its definitions if requested."""
    found = await jedi.ask(snapshot, REFERENCES, snapshot.view.from_client(params.position))
    if not params.context.include_declaration:
        found = [location for location in found if not location.is_definition]
    return await jedi.client_locations(found, client.encoding)
