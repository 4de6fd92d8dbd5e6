"""`textDocument/signatureHelp`: the parameters of the call around the place, by jedi."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import utf16_units
from tensorhints.source.questions import SIGNATURES, Signature

from .jedi_request import ask


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_SIGNATURE_HELP, signature_help)


async def signature_help(
    server: Server, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document = shown.document
    at = shown.from_client(params.position)
    found: list[Signature] = await ask(server, SIGNATURES, document, at)
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
        # Offsets into a label count UTF-16 units, whatever positions count.
        parameters=[
            types.ParameterInformation(
                (utf16_units(signature.text[:start]), utf16_units(signature.text[:end]))
            )
            for start, end in signature.parameters
        ],
    )
