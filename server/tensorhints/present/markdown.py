"""Pieces of Markdown in which text from the user's program can break out of nothing."""

from __future__ import annotations

import re

from .text import printable

_BACKTICKS = re.compile(r"`+")


def code(text: str) -> str:
    """A code span: inside it nothing is Markdown, whatever backticks the text holds."""
    text = printable(text)
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    fence = "`"
    while len(fence) in runs:
        fence += "`"
    pad = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"
