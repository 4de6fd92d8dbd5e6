"""Reads the output of faulthandler: the line that was executed at a crash or a locate signal.

The format is CPython's own (Python/traceback.c, `_Py_DumpTracebackThreads`): one section a thread,
most recent call first. Names are in ASCII, everything else escaped, and end after 500 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in ')
_LONGEST = 500
_CURRENT = ("Current thread", "Stack")


def stopped_at(
    text: str, paths: Iterable[str], roots: Iterable[str] = ()
) -> tuple[str, int] | None:
    """Return the path and the line (from 0) of the innermost frame of the user's code.

    That is a frame in one of `paths`, or else in a file below one of `roots`; in the current
    thread, or else in any other.
    """
    sections = _sections(text)
    known = {_escaped(path): path for path in paths}
    folders = tuple(_escaped(root).rstrip("/") + "/" for root in roots)
    searches: tuple[Callable[[str], str | None], ...] = (
        known.get,
        lambda file: file if file.startswith(folders) and "/site-packages/" not in file else None,
    )
    for current in (True, False):
        for search in searches:
            for is_current, frames in sections:
                if is_current is current:
                    for file, line in frames:
                        path = search(file)
                        if path is not None:
                            return path, line
    return None


def _sections(text: str) -> list[tuple[bool, list[tuple[str, int]]]]:
    sections: list[tuple[bool, list[tuple[str, int]]]] = []
    for line in text.split("\n"):
        if line.endswith("(most recent call first):"):
            sections.append((line.startswith(_CURRENT), []))
        elif sections and (frame := _FRAME.match(line)):
            number = int(frame["line"])
            if number > 0:
                sections[-1][1].append((frame["file"], number - 1))
    return sections


def _escaped(path: str) -> str:
    written = []
    for character in path[:_LONGEST]:
        code = ord(character)
        if 0x20 <= code < 0x7F:
            written.append(character)
        elif code <= 0xFF:
            written.append(f"\\x{code:02x}")
        elif code <= 0xFFFF:
            written.append(f"\\u{code:04x}")
        else:
            written.append(f"\\U{code:08x}")
    return "".join(written) + ("..." if len(path) > _LONGEST else "")
