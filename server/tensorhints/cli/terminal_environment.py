"""The environment variables that choose a command's language and colours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

from tensorhints.model.locales import locale_for


def locale(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the first variable that is set; ours comes before the POSIX ones."""
    for name in ("TENSORHINTS_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return locale_for(value.partition(".")[0])
    return locale_for(None)


def colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour output to `stream` (https://no-color.org, https://force-color.org)."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"
