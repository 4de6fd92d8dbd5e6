"""A sentence for the user as a code and data; `present` chooses the words and the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class UserMessage:
    """A sentence for the user, as data: the words stand in `present/`, in every language."""

    code: str
    detail: Optional[str] = None
