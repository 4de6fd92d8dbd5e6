"""Every sentence and title that a user reads, in the user's language.

`locales/` has one table per language, all with the same keys. A new language is a new table.
"""

from __future__ import annotations

from collections.abc import Mapping

from .locales.en import WORDS as EN
from .locales.pt_br import WORDS as PT_BR

ENGLISH = "en"
PORTUGUESE = "pt-BR"
LOCALES: dict[str, Mapping[str, str]] = {ENGLISH: EN, PORTUGUESE: PT_BR}


def locale_for(wanted: str | None) -> str:
    """Return the best locale: Portuguese for `pt`, `pt_PT` and `pt-br`, English for all others."""
    tag = (wanted or "").replace("_", "-").lower()
    return PORTUGUESE if tag == "pt" or tag.startswith("pt-") else ENGLISH


def translate(code: str, locale: str, **fields: object) -> str:
    """Return the sentence for `code`, with its fields filled in.

    Never fails: an unknown code is returned itself, and a missing field leaves its name.
    """
    table = LOCALES.get(locale) or LOCALES[locale_for(locale)]
    template = table.get(code, EN.get(code))
    if template is None:
        return " ".join([code, *(str(value) for value in fields.values())])
    return template.format_map(_Fields(fields))


def knows(code: str) -> bool:
    """Whether there is a sentence for `code`."""
    return code in EN


def decimal(text: str, locale: str) -> str:
    """Replace the decimal point of a formatted number with the language's decimal mark."""
    return text.replace(".", ",") if locale_for(locale) == PORTUGUESE else text


class _Fields(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
