"""`textDocument/diagnostic`: diagnostics for clients that pull them, and again after a refresh."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.diagnostics import DiagnosticReports
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot

Report = types.RelatedFullDocumentDiagnosticReport


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    registry.document_request(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        partial(pull, services.diagnostics),
        if_closed=lambda params: Report(items=[]),
    )


def pull(
    diagnostics: DiagnosticReports,
    snapshot: Snapshot,
    client: Client,
    params: types.DocumentDiagnosticParams,
) -> Report:
    """Return the diagnostics of a document or cell."""
    return Report(items=diagnostics.of(snapshot.view.uri))
