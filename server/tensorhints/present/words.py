"""Every sentence and title that a user reads, in the user's language.

The tables stand in `locales/`, one a language, with equal keys. Another language is another table.
"""

from __future__ import annotations

from collections.abc import Mapping

from .locales.en import WORDS as EN
from .locales.pt_br import WORDS as PT_BR

ENGLISH = "en"
PORTUGUESE = "pt-BR"
LOCALES: dict[str, Mapping[str, str]] = {ENGLISH: EN, PORTUGUESE: PT_BR}


def locale_for(wanted: str | None) -> str:
    """The language that fits best: `pt`, `pt_PT` and `pt-br` are Portuguese, all others English."""
    tag = (wanted or "").replace("_", "-").lower()
    return PORTUGUESE if tag == "pt" or tag.startswith("pt-") else ENGLISH


def say(code: str, locale: str, **fields: object) -> str:
    """The sentence for `code`. An unknown code is said as it is, and a field that is missing
    leaves its name in its place: a word that lacks is a bug, but no reason to fail.
    """
    table = LOCALES.get(locale) or LOCALES[locale_for(locale)]
    template = table.get(code, EN.get(code))
    if template is None:
        return " ".join([code, *(str(value) for value in fields.values())])
    return template.format_map(_Fields(fields))


def knows(code: str) -> bool:
    return code in EN


def decimal(text: str, locale: str) -> str:
    """A number written with a point, with the decimal mark of the language."""
    return text.replace(".", ",") if locale_for(locale) == PORTUGUESE else text


class _Fields(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
