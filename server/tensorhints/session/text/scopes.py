"""Names and scopes in a text that may have syntax errors, by its indentation."""

from __future__ import annotations

import re

from tensorhints.model.locations import Span

from .documents import Position, Text

_NAME = re.compile(r"[^\W\d]\w*")
_DEFINITION = re.compile(r"([ \t]*)(?:async[ \t]+def|def|class)[ \t]+([^\W\d]\w*)")


def name_at(text: Text, at: Position) -> Span | None:
    """Return the span of the name at a position, or right before it."""
    for match in _NAME.finditer(text.line(at.line)):
        if match.start() <= at.column <= match.end():
            return Span(at.line, match.start(), at.line, match.end())
    return None


def scope_at(text: Text, line: int) -> str:
    """Return the qualified name of the definition that contains a line; empty at the top level."""
    indent = _indent(text.line(line))
    names: list[str] = []
    for above in range(line, -1, -1):
        source = text.line(above)
        if not source.strip():
            continue
        match = _DEFINITION.match(source)
        if match is not None and _indent(source) < indent:
            names.append(match.group(2))
        if _indent(source) < indent:
            indent = _indent(source)
        if indent == 0:
            break
    return ".".join(reversed(names))


def is_around(outer: str, inner: str) -> bool:
    """Whether names of the scope `outer` are visible in `inner`; both are qualified names."""
    return outer == "" or inner == outer or inner.startswith(f"{outer}.")


def _indent(source: str) -> int:
    return len(source.expandtabs()) - len(source.expandtabs().lstrip())
