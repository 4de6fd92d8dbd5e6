"""`textDocument/definition`: where a name is defined, by jedi."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.source.questions import DEFINITIONS

from .jedi_request import JediRequests


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_DEFINITION, partial(definition, jedi))


async def definition(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.DefinitionParams
) -> list[types.Location]:
    """Return the definitions of the name at a position."""
    at = snapshot.view.from_client(params.position)
    found = await jedi.ask(snapshot, DEFINITIONS, at)
    return await jedi.client_locations(found, client.encoding)
