"""The rules for source text that server and runner share: line ends and digests."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import Callable, Optional

LINE_END = re.compile(r"\r\n|\r|\n")
"""The line ends of Python and of LSP. `str.splitlines` knows more: form feed, U+2028 and others."""


def digest(text: str) -> str:
    """Return the hex SHA-256 of a text in UTF-8.

    A hint is shown only while the digest of the document equals the digest of the text that ran.
    Lone surrogates, which an editor may send, are allowed.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_BYTE_ORDER_MARK = "\ufeff"


def as_read_from_file(text: str) -> str:
    r"""Return a text as Python reads it from a file.

    All line ends become `\n` and a byte order mark is dropped, which moves no code.
    """
    plain = LINE_END.sub("\n", text)
    return plain[1:] if plain.startswith(_BYTE_ORDER_MARK) else plain


_LENGTH = struct.Struct(">Q")
_PIECE = 1 << 16


def framed(text: str) -> bytes:
    """Return a text as it is sent through a pipe: its length in bytes, then UTF-8."""
    data = text.encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(data)) + data


def read_framed(read: Callable[[int], bytes]) -> Optional[str]:
    """Return the text that `framed` made, or `None` if the stream ends before it is complete.

    `read` returns up to as many bytes as it is asked for, and none at the end of the stream. The
    end is not waited for: another process may hold the writing end open.
    """
    head = _read_exactly(read, _LENGTH.size)
    data = None if head is None else _read_exactly(read, _LENGTH.unpack(head)[0])
    return None if data is None else data.decode("utf-8", "surrogatepass")


def _read_exactly(read: Callable[[int], bytes], size: int) -> Optional[bytes]:
    data = bytearray()
    while len(data) < size:
        piece = read(min(size - len(data), _PIECE))
        if not piece:
            return None
        data += piece
    return bytes(data)
