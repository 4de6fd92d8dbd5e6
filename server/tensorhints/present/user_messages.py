"""User messages as sentences: the most specific sentence that the known facts allow."""

from __future__ import annotations

from tensorhints.model.user_messages import UserMessage

from .text import printable
from .words import knows, translate


def sentence(user_message: UserMessage, locale: str, *, line: int | None = None) -> str:
    """Return one sentence. `line` is the line of the event, from 0, if it is known."""
    detail = None if user_message.detail is None else printable(user_message.detail.strip())
    fields: dict[str, object] = {}
    if detail:
        fields["detail"] = detail
    if line is not None:
        fields["line"] = line + 1
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
