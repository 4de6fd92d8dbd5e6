"""User messages as sentences: the most specific sentence that the known facts allow."""

from __future__ import annotations

from collections.abc import Sequence

from tensorhints.model.cells import Cell
from tensorhints.model.user_messages import UserMessage

from .lines import shown_line
from .text import printable
from .words import knows, translate

_WHOLE = "whole."
"""The reasons why a whole file ran again: their detail is the number of a line."""


def sentence(
    user_message: UserMessage,
    locale: str,
    *,
    line: int | None = None,
    cells: Sequence[Cell] = (),
) -> str:
    """Return one sentence. `line` is the line of the event, from 0, if it is known.

    `cells` are those of a notebook, if the program is one.
    """
    detail = None if user_message.detail is None else printable(user_message.detail.strip())
    if cells and detail and detail.isdigit() and user_message.code.startswith(_WHOLE):
        detail = shown_line(int(detail) - 1, cells, locale)
    fields: dict[str, object] = {}
    if detail:
        fields["detail"] = detail
    if line is not None:
        fields["line"] = shown_line(line, cells, locale)
    for code in _variants(user_message.code, bool(detail), line is not None):
        if knows(code):
            return translate(code, locale, **fields)
    if detail == "" and knows(f"{user_message.code}.detail"):
        return translate(f"{user_message.code}.detail", locale, detail="")
    unknown = " ".join(filter(None, [printable(user_message.code), detail]))
    return translate("internal-error.detail", locale, detail=unknown)


def _variants(code: str, detail: bool, line: bool) -> list[str]:
    variants = [code]
    if detail:
        variants.insert(0, f"{code}.detail")
    if line:
        variants.insert(0, f"{code}.line")
    if detail and line:
        variants.insert(0, f"{code}.detail.line")
    return variants
