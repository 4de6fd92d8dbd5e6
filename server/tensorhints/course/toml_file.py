"""A TOML file with the lines of its keys, so that an issue has a position."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tensorhints.model.source_text import LINE_END

from .format import AuthoringIssue

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_POSITION = re.compile(r"\(at line (\d+), column \d+\)")
_STEP = re.compile(r"\s*\[\[\s*step\s*\]\]")


@dataclass(frozen=True)
class TomlFile:
    """A parsed file. `data` is empty if the text is not TOML."""

    path: Path
    lines: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)

    def line(self, key: str, block: int | None = None) -> int:
        """Return the line that sets `key`: in the `block`-th `[[step]]`, or before the first."""
        start, end = self._block(block)
        pattern = re.compile(rf'\s*["\']?{re.escape(key)}["\']?\s*=')
        for number in range(start, end):
            if pattern.match(self.lines[number]):
                return number
        return start

    def line_of_value(self, value: str, block: int | None = None) -> int:
        """Return the first line of a block that contains `value` in quotes."""
        start, end = self._block(block)
        for number in range(start, end):
            if f'"{value}"' in self.lines[number] or f"'{value}'" in self.lines[number]:
                return number
        return start

    def _block(self, block: int | None) -> tuple[int, int]:
        starts = [number for number, line in enumerate(self.lines) if _STEP.match(line)]
        if block is None:
            return 0, starts[0] if starts else len(self.lines)
        if block >= len(starts):
            return 0, len(self.lines)
        return starts[block], starts[block + 1] if block + 1 < len(starts) else len(self.lines)


def read(path: Path, text: str) -> tuple[TomlFile, AuthoringIssue | None]:
    """Parse a file; the second result is the syntax error, if there is one."""
    lines = tuple(LINE_END.split(text))
    try:
        return TomlFile(path, lines, tomllib.loads(text)), None
    except tomllib.TOMLDecodeError as error:
        location = _POSITION.search(str(error))
        line = int(location[1]) - 1 if location else len(lines) - 1
        detail = _POSITION.sub("", str(error)).replace("(at end of document)", "").strip()
        line = min(max(line, 0), len(lines) - 1)
        return TomlFile(path, lines), AuthoringIssue(path, line, "toml", {"detail": detail})
    except (RecursionError, ValueError) as error:
        # A number out of bounds, or nesting deeper than any lesson's.
        return TomlFile(path, lines), AuthoringIssue(
            path, 0, "toml", {"detail": type(error).__name__}
        )
