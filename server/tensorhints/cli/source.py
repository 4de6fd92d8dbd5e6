"""A program's file as text, decoded like Python does, and its positions in UTF-16."""

from __future__ import annotations

import io
import os
import tokenize
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.source_text import LINE_END

from .refusal import Refusal


@dataclass(frozen=True)
class Source:
    """A program. `path` is absolute; `text` has its original line ends."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines without their line ends."""
        return LINE_END.split(self.text)


def read_source(name: str) -> Source:
    """Read a file. Raises `Refusal` if it does not exist or is not text."""
    path = Path(name)
    if path.is_dir():
        raise Refusal("is-a-directory.detail", detail=name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Refusal("no-such-file.detail", detail=name) from None
    except (OSError, ValueError):
        raise Refusal("unreadable-file.detail", detail=name) from None
    return Source(os.path.abspath(path), _decoded(content, name))


def _decoded(content: bytes, name: str) -> str:
    """Decode with the encoding that the file declares (PEP 263), by default UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise Refusal("cli.no-text", path=name) from None


def utf16_column(line: str, column: int) -> int:
    """Convert a column from code points to UTF-16 units."""
    return column + sum(letter > "\uffff" for letter in line[:column])
