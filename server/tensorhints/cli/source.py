"""A program's file as text, decoded like Python does, and its positions in UTF-16.

Of a notebook, that is the text of its code cells.
"""

from __future__ import annotations

import io
import json
import os
import tokenize
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.cells import Cell
from tensorhints.model.source_text import LINE_END
from tensorhints.session.text.cell_texts import may_fail, positions, program_lines
from tensorhints.session.text.documents import Text

from .refusal import Refusal


@dataclass(frozen=True)
class Source:
    """A program. `path` is absolute; `text` has its original line ends.

    `cells` are those of a notebook; `written` are its lines with magic commands, which `text` is
    without.
    """

    path: str
    text: str
    cells: tuple[Cell, ...] = ()
    written: tuple[str, ...] = ()

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
    text = _decoded(content, name)
    if path.suffix == ".ipynb":
        return _notebook(os.path.abspath(path), text, name)
    return Source(os.path.abspath(path), text)


def _notebook(path: str, text: str, name: str) -> Source:
    """Read a notebook, of nbformat 4 or as Jupyter and VS Code write it."""
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        texts = [Text("".join(cell["source"])) for cell in cells]
    except (ValueError, TypeError, KeyError):
        raise Refusal("cli.no-notebook", path=name) from None
    fails = [may_fail(cell.get("metadata")) for cell in cells]
    return Source(
        path,
        "\n".join(line for cell in texts for line in program_lines(cell)),
        positions(zip(texts, fails, strict=True)),
        tuple(line for cell in texts for line in cell.lines),
    )


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
