"""Inlay hints and hovers."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.document_view import DocumentView
from tensorhints.present.labels import LabelStyle, label
from tensorhints.present.markdown import without_marks
from tensorhints.present.tooltips import tooltip
from tensorhints.session.text.tracked_text import Hint

# The value of an enumeration member is computed at each access.
_TYPE = types.InlayHintKind.Type.value
_MARKDOWN = types.MarkupKind.Markdown.value


def inlay_hint(
    view: DocumentView, uri: str, hint: Hint, style: LabelStyle, tooltip_locale: str | None
) -> dict[str, object] | None:
    """Return a hint as JSON, or None if the style does not show it.

    `uri` is that of the whole document. With a `tooltip_locale` the hint has its tooltip, else the
    data to resolve it.
    """
    text = label(hint.observation, style)
    if text is None:
        return None
    line = hint.line
    character = view.encoding.character(view.text.line(line), hint.column)
    rendered: dict[str, object] = {
        "position": {"line": line - view.first, "character": character},
        "label": text,
        "kind": _TYPE,
    }
    if tooltip_locale is None:
        rendered["data"] = hint_data(uri, hint)
    else:
        value = tooltip(hint.observation, tooltip_locale)
        rendered["tooltip"] = {"kind": _MARKDOWN, "value": value}
    return rendered


def hint_data(uri: str, hint: Hint) -> list[object]:
    """Return what identifies a hint when the client resolves it: URI, line, column, kind, name."""
    location = hint.observation.location
    return [uri, hint.line, location.column, location.kind, location.name]


def markup(hint: Hint, locale: str, *, markdown: bool) -> types.MarkupContent:
    """Return the tooltip of a hint, as Markdown or plain text."""
    text = tooltip(hint.observation, locale)
    if markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.MarkupContent(types.MarkupKind.PlainText, without_marks(text))
