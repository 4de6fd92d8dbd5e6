"""Diagnostics: pulled by clients that can also be told to pull again, pushed to all others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from lsprotocol import types

from tensorhints.lsp.client_text import Shown
from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import uri_of
from tensorhints.lsp.features.lessons import marks
from tensorhints.present.user_messages import sentence
from tensorhints.present.words import translate
from tensorhints.session.runs.states import CurrentFrame, Diagnostic, Severity
from tensorhints.session.text.documents import Text

_SOURCE = "Tensor Hints"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
}


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DIAGNOSTIC, pull)


def pull(
    server: Server, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    return types.RelatedFullDocumentDiagnosticReport(
        items=_of_uri(server, params.text_document.uri)
    )


def send(server: Server, uris: Iterable[str]) -> None:
    """Tell the client that these documents' diagnostics are others now."""
    if server.client.asks_for_diagnostics:
        server.protocol.send_request(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        return
    for uri in itertools.chain.from_iterable(map(server.shown_in, uris)):
        diagnostics = _of_uri(server, uri)
        if diagnostics == server.published.get(uri, []):
            continue
        server.published[uri] = diagnostics
        document = server.document(uri)
        version = None
        if document is not None and server.client.takes_diagnostic_version:
            version = document.version
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )


def _of_uri(server: Server, uri: str) -> list[types.Diagnostic]:
    shown = server.shown(uri)
    if shown is None:
        return []
    found = [
        _diagnostic(server, shown, each)
        for each in server.session.results.diagnostics(shown.document.uri)
        if shown.holds(each.span.line)
    ]
    return [*found, *marks.diagnostics(server, shown.document)]


def _diagnostic(server: Server, shown: Shown, found: Diagnostic) -> types.Diagnostic:
    code, message = _words(found, server.locale)
    diagnostic = types.Diagnostic(
        range=shown.range(found.span),
        message=message,
        severity=_SEVERITIES[found.severity],
        code=code,
        source=_SOURCE,
    )
    if found.frames and server.client.takes_related_information:
        diagnostic.related_information = list(_related(server, found.frames))
    return diagnostic


def _words(found: Diagnostic, locale: str) -> tuple[str, str]:
    if found.failure is not None:
        # A session may see no failure, and the rules take a while to import.
        from tensorhints.present.explain import explain

        explained = explain(found.failure, locale)
        parts = [part for part in (explained.headline, explained.detail) if part]
        return found.failure.exception, "\n".join(dict.fromkeys(parts))
    if found.user_message is not None:
        return found.user_message.code, sentence(found.user_message, locale, line=found.span.line)
    return "SyntaxError", found.syntax or "SyntaxError"


def _related(
    server: Server, frames: tuple[CurrentFrame, ...]
) -> Iterator[types.DiagnosticRelatedInformation]:
    """Innermost first: the first is where it was raised."""
    for frame in reversed(frames):
        document = None if frame.uri is None else server.document(frame.uri)
        if document is not None:
            shown = server.shown_at(document, frame.span.line)
            location = types.Location(shown.uri, shown.range(frame.span))
        else:
            alone = server.encoding.range(_line_alone(frame), frame.span)
            location = types.Location(frame.uri or uri_of(frame.path), alone)
        message = translate(
            "related.frame", server.locale, function=frame.function, source=frame.source.strip()
        )
        yield types.DiagnosticRelatedInformation(location, message)


def _line_alone(frame: CurrentFrame) -> Text:
    """As much of a file that is not open as a range in one line of it needs."""
    return Text("\n" * frame.span.line + frame.source)
