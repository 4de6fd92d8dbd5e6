"""The languages in which a user can read the product, and how one of them is chosen.

tools/generate.py copies `LOCALES` into the client's schema.
"""

import re
from typing import Optional

LOCALES = ("en", "pt-BR")
"""IETF language tags; the first is the default."""


def locale_for(wanted: Optional[str]) -> str:
    """Return the locale closest to a language tag or to a POSIX locale name.

    An exact match is preferred to another region of the same language: `pt`, `pt_PT` and
    `pt_BR.UTF-8` give `pt-BR`. Without a match the default is returned.
    """
    language, *region = re.split(r"[-_]", re.split(r"[.@]", (wanted or "").lower())[0])
    tag = "-".join((language, *region))
    for locale in LOCALES:
        if locale.lower() == tag:
            return locale
    for locale in LOCALES:
        if locale.partition("-")[0] == language:
            return locale
    return LOCALES[0]
