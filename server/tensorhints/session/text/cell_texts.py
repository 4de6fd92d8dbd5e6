"""The code cells of a notebook as the texts that are joined to one program.

IPython's magic commands (`%matplotlib inline`, `!pip install …`) are replaced line by line, so that
all other lines keep their line numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from tensorhints.model.cells import Cell

from .documents import Text

RAISES_EXCEPTION = "raises-exception"
"""The tag of a cell whose failure is expected, as Jupyter names it."""

_TIMED = re.compile(r"^([ \t]*)%time ([^ \t-].*)")
_ASSIGNED = re.compile(r"([ \t]*[^\W\d][\w. ]*=[ \t]*)(?:%[^\W\d]|!).*")
_MAGIC = re.compile(r"([ \t]*)(?:%{1,2}[^\W\d]|!|\?|[^\W\d][\w., ]*=[ \t]*(?:%[^\W\d]|!)).*")
_HELP = re.compile(r"([ \t]*)[\w.]+\?{1,2}[ \t]*")
_OTHER_LANGUAGES = re.compile(r"\s*%%(?!time|timeit|capture|prun)")


def positions(cells: Iterable[tuple[Text, bool]]) -> tuple[Cell, ...]:
    """Return the positions of cells in the program, from their texts and whether they may fail."""
    found: list[Cell] = []
    first = 0
    for number, (text, fails) in enumerate(cells, 1):
        found.append(Cell(number, first, fails))
        first += len(text.lines)
    return tuple(found)


def program_lines(text: Text) -> list[str]:
    """Return a cell's lines without magic commands, as many as the cell has."""
    lines = list(text.lines)
    if _OTHER_LANGUAGES.match(text.text):
        return [""] * len(lines)
    if _is_python(text.text):
        return lines
    return list(_without_magic(lines))


def may_fail(metadata: object) -> bool:
    """Whether a cell has the tag.

    VS Code has the metadata of the file below `metadata`, or below `custom` in older versions.
    """
    if not isinstance(metadata, Mapping):
        return False
    tags = metadata.get("tags")
    if isinstance(tags, (list, tuple)) and RAISES_EXCEPTION in tags:
        return True
    return any(may_fail(metadata.get(below)) for below in ("metadata", "custom"))


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_magic(lines: Iterable[str]) -> Iterator[str]:
    """Replace magic commands, including their continuation lines after a backslash."""
    continues = False
    for line in lines:
        # The replacement has the same length, so that columns stay.
        line = _TIMED.sub(r"\1pass; \2", line)
        kept = "" if continues else _kept(line)
        continues = kept != line and line.endswith("\\")
        yield kept


def _kept(line: str) -> str:
    assigned = _ASSIGNED.fullmatch(line)
    if assigned is not None:
        return f"{assigned[1]}[]"
    magic = _MAGIC.fullmatch(line) or _HELP.fullmatch(line)
    return line if magic is None else f"{magic[1]}pass"
