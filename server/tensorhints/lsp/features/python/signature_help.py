"""`textDocument/signatureHelp`: the parameters of the call around a position, by jedi."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.convert import utf16_units
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.source.questions import SIGNATURES, Signature

from .jedi_request import JediRequests


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_SIGNATURE_HELP, partial(signature_help, jedi))


async def signature_help(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    """Return the signatures of the innermost call around a position."""
    at = snapshot.view.from_client(params.position)
    found: list[Signature] = await jedi.ask(snapshot, SIGNATURES, at)
    if not found:
        return None
    return types.SignatureHelp(
        signatures=[_signature(signature) for signature in found],
        active_signature=0,
        active_parameter=found[0].active,
    )


def _signature(signature: Signature) -> types.SignatureInformation:
    return types.SignatureInformation(
        label=signature.text,
        documentation=signature.documentation or None,
        # Offsets into a label count UTF-16 units, whatever the units of positions are.
        parameters=[
            types.ParameterInformation(
                (utf16_units(signature.text[:start]), utf16_units(signature.text[:end]))
            )
            for start, end in signature.parameters
        ],
    )
