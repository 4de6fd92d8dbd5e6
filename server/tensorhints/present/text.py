"""Text from the user's program, made safe for one line in an editor."""

from __future__ import annotations

ELLIPSIS = "…"
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Return `text` with characters that no editor can draw replaced.

    Controls, bidirectional marks and lone surrogates: a name in a program may contain anything. A
    tab becomes a space.
    """
    if text.isprintable():
        return text
    text = text.replace("\t", " ")
    return "".join(c if c.isprintable() else _UNPRINTABLE for c in text)


def first_line(text: str) -> str:
    """Return the first line that is not empty, printable."""
    lines = text.strip().splitlines()
    return printable(lines[0].strip()) if lines else ""


def shortened(text: str, limit: int) -> str:
    """Cut `text` with an ellipsis to at most `limit` UTF-16 units."""
    if utf16_length(text) <= limit:
        return text
    kept = text
    while kept and utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, in which editors measure hints."""
    return len(text) + sum(c > "\uffff" for c in text)
