"""Pieces of Markdown in which text from the user's program can break out of nothing, and Markdown
for those who read plain text.
"""

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
# Stands for the code spans while the marks around them are taken away: no text has it.
_KEPT = "\ue000"


def code(text: str) -> str:
    """A code span: inside it nothing is Markdown, whatever backticks the text holds."""
    text = printable(text)
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    fence = "`"
    while len(fence) in runs:
        fence += "`"
    pad = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def without_marks(markdown: str) -> str:
    """As one who writes plain text would write it; code stays as it is."""
    text = _FENCE.sub("", markdown.replace(_KEPT, ""))
    spans = iter([span[2] for span in _CODE.finditer(text)])
    text = _CODE.sub(_KEPT, text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _MATH.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    return re.sub(_KEPT, lambda _: next(spans), text)
