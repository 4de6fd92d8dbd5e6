"""Text that came from the user's program, made fit for one line of an editor."""

from __future__ import annotations

ELLIPSIS = "…"
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """`text` on one line: what no editor could draw (controls, bidi marks, lone surrogates) is
    replaced, for a name in a program may hold anything. A tab counts as a space.
    """
    if text.isprintable():
        return text
    text = text.replace("\t", " ")
    return "".join(c if c.isprintable() else _UNPRINTABLE for c in text)


def first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return printable(lines[0].strip()) if lines else ""


def shortened(text: str, limit: int) -> str:
    """`text`, cut with an ellipsis so that it has at most `limit` UTF-16 units."""
    if utf16_length(text) <= limit:
        return text
    kept = text
    while kept and utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def utf16_length(text: str) -> int:
    """Editors count a line's hints in UTF-16 units, so limits do too."""
    return len(text) + sum(c > "\uffff" for c in text)
