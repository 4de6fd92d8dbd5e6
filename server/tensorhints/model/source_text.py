"""The rules for source text that server and runner share: line ends and digests."""

from __future__ import annotations

import hashlib
import re

LINE_END = re.compile(r"\r\n|\r|\n")
"""The line ends of Python and of LSP. `str.splitlines` knows more: form feed, U+2028 and others."""


def digest(text: str) -> str:
    """Return the hex SHA-256 of a text in UTF-8.

    A hint is shown only while the digest of the document equals the digest of the text that ran.
    Lone surrogates, which an editor may send, are allowed.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
