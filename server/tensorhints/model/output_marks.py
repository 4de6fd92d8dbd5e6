"""Where in its output a program stood when a copy of it was paused: bytes that nobody prints.

`token` is a random text, another for each run.
"""

from __future__ import annotations

_NUMBER = 8
_END = b"\0"


def mark(token: str, number: int) -> bytes:
    return prefix(token) + b"%0*x" % (_NUMBER, number) + _END


def prefix(token: str) -> bytes:
    return b"\0" + token.encode("ascii")


def length(token: str) -> int:
    return len(mark(token, 0))


def number(found: bytes, token: str) -> int:
    """Of the mark that `found` is."""
    start = len(prefix(token))
    return int(found[start : start + _NUMBER], 16)
