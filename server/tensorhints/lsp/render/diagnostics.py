"""Diagnostics of runs and syntax errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lsprotocol import types

from tensorhints.lsp.convert import Encoding, uri_of
from tensorhints.lsp.document_view import DocumentView
from tensorhints.model.cells import Cell
from tensorhints.present.user_messages import sentence
from tensorhints.present.words import translate
from tensorhints.session.runs.states import CurrentFrame, Diagnostic, Severity
from tensorhints.session.text.documents import Text

SOURCE = "Tensor Hints"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
}

FrameView = Callable[[CurrentFrame], "DocumentView | None"]
"""Returns the view that shows a frame's line, or None if its file is not open."""


def diagnostic(
    view: DocumentView,
    found: Diagnostic,
    locale: str,
    frame_view: FrameView | None,
    cells: Sequence[Cell] = (),
) -> types.Diagnostic:
    """Return a diagnostic; with `frame_view`, the traceback is its related information.

    `cells` are those of a notebook.
    """
    code, message = _code_and_message(found, locale, cells)
    if found.expected:
        message = translate("expected-failure", locale, message=message)
    rendered = types.Diagnostic(
        range=view.range(found.span),
        message=message,
        severity=_SEVERITIES[found.severity],
        code=code,
        source=SOURCE,
    )
    if found.frames and frame_view is not None:
        related = _related(found.frames, frame_view, view.encoding, locale)
        rendered.related_information = list(related)
    return rendered


def _code_and_message(found: Diagnostic, locale: str, cells: Sequence[Cell]) -> tuple[str, str]:
    if found.failure is not None:
        # Deferred: the rules take a while to import, and many sessions see no failure.
        from tensorhints.present.explain import explain

        explained = explain(found.failure, locale)
        parts = [part for part in (explained.headline, explained.detail) if part]
        return found.failure.exception, "\n".join(dict.fromkeys(parts))
    if found.user_message is not None:
        line, user_message = found.span.line, found.user_message
        return user_message.code, sentence(user_message, locale, line=line, cells=cells)
    return "SyntaxError", found.syntax or "SyntaxError"


def _related(
    frames: tuple[CurrentFrame, ...], frame_view: FrameView, encoding: Encoding, locale: str
) -> Iterator[types.DiagnosticRelatedInformation]:
    """Yield the frames, innermost first."""
    for frame in reversed(frames):
        view = frame_view(frame)
        if view is not None:
            location = types.Location(view.uri, view.range(frame.span))
        else:
            in_file = encoding.range(_text_to_line(frame), frame.span)
            location = types.Location(frame.uri or uri_of(frame.path), in_file)
        message = translate(
            "related.frame", locale, function=frame.function, source=frame.source.strip()
        )
        yield types.DiagnosticRelatedInformation(location, message)


def _text_to_line(frame: CurrentFrame) -> Text:
    """Return as much of a file that is not open as converting a span in one line needs."""
    return Text("\n" * frame.span.line + frame.source)
