"""A program's output as text: decoded as it comes, with a bound on what is kept of it.

The run bounds what Python prints. What C code and child processes write is bounded here: it is
always read, so that nobody waits for the pipe, and past the limit only counted.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from tensorhints.model import output_marks
from tensorhints.model.messages import StreamName

_LAST_LINE_KEPT = 400


class OutputStream:
    """`limit` in bytes; 0 is no limit. Marks made with the `token` are no output."""

    def __init__(self, name: StreamName, limit: int, token: str = "") -> None:
        self.name = name
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._left = limit
        self._limited = limit > 0
        self._end = b""
        self.dropped = 0
        self._token = token
        self._held = b""

    def pieces(self, data: bytes) -> Iterator[str | int]:
        """The texts to show for these bytes, and between them the numbers of the marks. The stream
        is as far as what was given last.
        """
        if not self._token:
            yield self._text(data)
            return
        data = self._held + data
        self._held = b""
        begin, length = output_marks.prefix(self._token), output_marks.length(self._token)
        while (start := data.find(begin)) >= 0 and len(data) >= start + length:
            yield self._text(data[:start])
            yield output_marks.number(data[start : start + length], self._token)
            data = data[start + length :]
        if start < 0:
            start = len(data) - _overlap(data, begin)
        self._held = data[start:]
        yield self._text(data[:start])

    def finish(self) -> str:
        """What is left of a mark or a character that was cut."""
        held, self._held = self._held, b""
        return self._text(held) + self._decoder.decode(b"", final=True)

    def last_line(self) -> str:
        """The last line of what was dropped."""
        return self._end.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]

    @property
    def standing(self) -> Standing:
        return Standing(self._left, self._end, self.dropped, self._decoder.getstate())

    def go_on_from(self, standing: Standing) -> None:
        """As if what led there had been fed to this stream."""
        self._left, self._end, self.dropped = standing.left, standing.end, standing.dropped
        self._decoder.setstate(standing.decoder)

    def _text(self, data: bytes) -> str:
        if self._limited:
            kept, rest = data[: self._left], data[self._left :]
            self._left -= len(kept)
            if rest:
                self.dropped += len(rest)
                self._end = (self._end + rest[-_LAST_LINE_KEPT:])[-_LAST_LINE_KEPT:]
            data = kept
        return self._decoder.decode(data)


@dataclass(frozen=True)
class Standing:
    """How far a stream is."""

    left: int
    end: bytes
    dropped: int
    decoder: tuple[bytes, int]


def _overlap(data: bytes, begin: bytes) -> int:
    """How many bytes at the end of `data` may be the beginning of `begin`."""
    for length in range(min(len(begin) - 1, len(data)), 0, -1):
        if data.endswith(begin[:length]):
            return length
    return 0
