"""Every sentence and title that a user reads, in the user's language.

`locales/` has one table per language of `model/locales.py`, all with the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from tensorhints.model.locales import locale_for

from .locales.en import WORDS as EN
from .locales.pt_br import WORDS as PT_BR

TABLES: dict[str, Mapping[str, str]] = {"en": EN, "pt-BR": PT_BR}
_DECIMAL_MARKS = {"en": ".", "pt-BR": ","}


def translate(code: str, locale: str, **fields: object) -> str:
    """Return the sentence for `code`, with its fields filled in.

    Never fails: an unknown code is returned itself, and a missing field leaves its name.
    """
    table = TABLES.get(locale) or TABLES[locale_for(locale)]
    template = table.get(code, EN.get(code))
    if template is None:
        return " ".join([code, *(str(value) for value in fields.values())])
    return template.format_map(_Fields(fields))


def knows(code: str) -> bool:
    """Whether there is a sentence for `code`."""
    return code in EN


def decimal(text: str, locale: str) -> str:
    """Replace the decimal point of a formatted number with the language's decimal mark."""
    return text.replace(".", _DECIMAL_MARKS[locale_for(locale)])


class _Fields(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
