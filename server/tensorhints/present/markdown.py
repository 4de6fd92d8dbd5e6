"""Markdown that text from the user's program cannot break out of, and Markdown as plain text."""

from __future__ import annotations

import re

from .text import printable

_BACKTICKS = re.compile(r"`+")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_MATH = re.compile(r"\$([^$\s](?:[^$]*[^$\s])?)\$")
_FENCE = re.compile(r"^```\w*\n?", re.MULTILINE)
# Placeholder for code spans while the other markup is removed; a private-use character.
_KEPT = "\ue000"


def code(text: str) -> str:
    """Return a code span; nothing inside is Markdown, whatever backticks the text contains."""
    text = printable(text)
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    fence = "`"
    while len(fence) in runs:
        fence += "`"
    pad = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def without_marks(markdown: str) -> str:
    """Remove the markup of Markdown; code is unchanged."""
    text = _FENCE.sub("", markdown.replace(_KEPT, ""))
    spans = iter([span[2] for span in _CODE.finditer(text)])
    text = _CODE.sub(_KEPT, text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _MATH.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    return re.sub(_KEPT, lambda _: next(spans), text)
