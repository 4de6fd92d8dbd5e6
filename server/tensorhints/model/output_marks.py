"""Marks in a program's output that tell how much of it was written before each checkpoint.

A mark is a null byte, the run's token, the checkpoint's number as eight hex digits and a null byte.
The token is a random text, different for each run, so that no program can print a mark by chance.
"""

from __future__ import annotations

_NUMBER_DIGITS = 8
_END = b"\0"


def mark(token: str, number: int) -> bytes:
    """Return the mark of a run's `number`-th checkpoint."""
    return prefix(token) + b"%0*x" % (_NUMBER_DIGITS, number) + _END


def prefix(token: str) -> bytes:
    """Return the bytes that every mark of a run begins with."""
    return b"\0" + token.encode("ascii")


def length(token: str) -> int:
    """Return the number of bytes of each mark of a run."""
    return len(mark(token, 0))


def number(found: bytes, token: str) -> int:
    """Return the checkpoint's number in a mark."""
    start = len(prefix(token))
    return int(found[start : start + _NUMBER_DIGITS], 16)
