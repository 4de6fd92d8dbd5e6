"""Unsaved texts as the fields of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tensorhints.model.source_text import digest


def fields(texts: Mapping[str, str], compared: Sequence[str] = ()) -> dict[str, Any]:
    """Return the fields of `Run` for unsaved texts by path.

    `compared` are the texts in the last run and now of the file that was edited.
    """
    return {
        "buffers": {path: digest(text) for path, text in texts.items()},
        "texts": {digest(text): text for text in (*texts.values(), *compared)},
        "compared": tuple(digest(text) for text in compared),
    }
