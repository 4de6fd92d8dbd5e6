"""Sentences for the user as data, so that only `present` knows words and languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class UserMessage:
    """A sentence for the user as a code and a detail.

    `code` is a key of the tables in `present/locales/`. It is not an enumeration: some codes are
    built from a reason (`whole.threads`). `detail` is inserted into the sentence, untranslated.
    """

    code: str
    detail: Optional[str] = None
