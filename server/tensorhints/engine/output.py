"""A program's output as text: decoded as it comes, with a bound on what is kept of it.

The run bounds what Python prints. What C code and child processes write is bounded here: it is
always read, so that nobody waits for the pipe, and past the limit only counted.
"""

from __future__ import annotations

import codecs

_LAST_LINE_KEPT = 400


class OutputStream:
    """`limit` in bytes; 0 is no limit."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._left = limit
        self._limited = limit > 0
        self._end = b""
        self.dropped = 0

    def feed(self, data: bytes) -> str:
        """The text to show for these bytes."""
        if self._limited:
            kept, rest = data[: self._left], data[self._left :]
            self._left -= len(kept)
            if rest:
                self.dropped += len(rest)
                self._end = (self._end + rest[-_LAST_LINE_KEPT:])[-_LAST_LINE_KEPT:]
            data = kept
        return self._decoder.decode(data)

    def finish(self) -> str:
        """What is left of a character that was cut."""
        return self._decoder.decode(b"", final=True)

    def last_line(self) -> str:
        """The last line of what was dropped."""
        return self._end.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]
