"""A program's output as text: decoded as it arrives, up to a limit.

The run limits what Python prints. What C code and child processes write is limited here: it is
always read, so that no writer blocks on a full pipe, and only counted past the limit.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from tensorhints.model import output_marks
from tensorhints.model.messages import StreamName

_LAST_LINE_KEPT = 400


@dataclass(frozen=True)
class StreamState:
    """The state of an output stream after some of its output, to continue from there."""

    left: int
    end: bytes
    dropped: int
    decoder: tuple[bytes, int]


class OutputStream:
    """One output stream of a run.

    `limit` is in bytes, 0 for none. Marks made with `token` show where checkpoints were made, and
    are not output.
    """

    def __init__(self, name: StreamName, limit: int, token: str = "") -> None:
        self.name = name
        self.dropped = 0
        """Bytes past the limit so far."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._left = limit
        self._limited = limit > 0
        self._end = b""
        self._token = token
        self._incomplete = b""

    def pieces(self, data: bytes) -> Iterator[str | int]:
        """Yield the texts to show for these bytes and, between them, the checkpoints' numbers.

        While a number is handled, `state` is that of the stream at the mark.
        """
        if not self._token:
            yield self._text(data)
            return
        data = self._incomplete + data
        self._incomplete = b""
        begin, length = output_marks.prefix(self._token), output_marks.length(self._token)
        while (start := data.find(begin)) >= 0 and len(data) >= start + length:
            yield self._text(data[:start])
            yield output_marks.number(data[start : start + length], self._token)
            data = data[start + length :]
        if start < 0:
            start = len(data) - _overlap(data, begin)
        self._incomplete = data[start:]
        yield self._text(data[:start])

    def finish(self) -> str:
        """Return what is left of an incomplete mark or character at the end of the stream."""
        rest, self._incomplete = self._incomplete, b""
        return self._text(rest) + self._decoder.decode(b"", final=True)

    def last_line(self) -> str:
        """Return the last line of what was dropped."""
        return self._end.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]

    @property
    def state(self) -> StreamState:
        """The state after everything yielded so far."""
        return StreamState(self._left, self._end, self.dropped, self._decoder.getstate())

    def resume_from(self, state: StreamState) -> None:
        """Continue as if everything before that state had been fed to this stream."""
        self._left, self._end, self.dropped = state.left, state.end, state.dropped
        self._decoder.setstate(state.decoder)

    def _text(self, data: bytes) -> str:
        if self._limited:
            kept, rest = data[: self._left], data[self._left :]
            self._left -= len(kept)
            if rest:
                self.dropped += len(rest)
                self._end = (self._end + rest[-_LAST_LINE_KEPT:])[-_LAST_LINE_KEPT:]
            data = kept
        return self._decoder.decode(data)


def _overlap(data: bytes, begin: bytes) -> int:
    """Return how many bytes at the end of `data` may be the beginning of `begin`."""
    for length in range(min(len(begin) - 1, len(data)), 0, -1):
        if data.endswith(begin[:length]):
            return length
    return 0
