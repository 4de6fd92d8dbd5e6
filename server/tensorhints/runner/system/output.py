"""The standard streams of a program, with a limit on what each may write."""

from __future__ import annotations

import io
import sys
from functools import partial
from typing import Any, Callable, Dict, List, Optional, TextIO, Tuple

from ...model import messages
from ...model.messages import StreamName

_TAIL_BYTES = 4000
_LAST_LINES = 12
_LAST_CHARACTERS = 400


class _CappedFile(io.FileIO):
    """Passes the first `limit` bytes through, then only counts bytes and keeps the last ones.

    Of stderr, the last bytes are kept from the start.
    """

    def __init__(
        self, descriptor: int, stream: StreamName, limit: int, on_limit: Callable[[], None]
    ) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self.stream: StreamName = stream
        self._left = limit
        self._on_limit = on_limit
        self._tail = b""
        self.dropped = 0

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        if self.stream == "stderr":
            self._keep(view)
        if len(view) <= self._left:
            written = super().write(view)
            self._left -= written
            return written
        if self._left:
            written = super().write(view[: self._left])
            self._left -= written
            return written
        if not self.dropped:
            self._on_limit()
        self.dropped += len(view)
        if self.stream != "stderr":
            self._keep(view)
        return len(view)

    def last_lines(self) -> List[str]:
        return self._tail.decode("utf-8", "replace").rstrip("\r\n").split("\n")

    def _keep(self, view: memoryview) -> None:
        self._tail = (self._tail + bytes(view[-_TAIL_BYTES:]))[-_TAIL_BYTES:]


class Output:
    """The program's `sys.stdout` and `sys.stderr`, each limited to `limit` bytes; 0 is no limit.

    Sends a `Truncated` message once when a stream reaches the limit, and another one at the end.
    """

    def __init__(self, run: int, limit: int, send: Callable[[object], None]) -> None:
        self._run = run
        self._limit = limit
        self._send = send
        self._capped: List[_CappedFile] = []
        self._streams: Dict[StreamName, TextIO] = {}

    def install(self) -> None:
        """Replace the interpreter's standard streams."""
        for descriptor, name in enumerate(messages.STREAMS, start=1):
            stream = self._stream(descriptor, name, getattr(sys, name))
            self._streams[name] = stream
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def continue_as(self, run: int) -> None:
        """Attribute the streams to another run, which has printed the same up to here."""
        self._run = run
        for file in self._capped:
            if file.dropped:
                self._send_limit_reached(file.stream)

    def finish(self) -> None:
        """Report how much was left out of each stream."""
        for file in self._capped:
            if file.dropped:
                self._send(
                    messages.Truncated(
                        self._run,
                        file.stream,
                        file.dropped,
                        file.last_lines()[-1][-_LAST_CHARACTERS:],
                    )
                )

    def last_errors(self) -> Tuple[str, ...]:
        """Return the last lines of stderr as a terminal shows them, if Python code wrote them."""
        try:
            self._streams["stderr"].flush()
        except Exception:
            pass  # The program has closed it.
        lines = [
            line for file in self._capped if file.stream == "stderr" for line in file.last_lines()
        ]
        # A progress bar overwrites its line.
        shown = [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in lines]
        return tuple(filter(None, shown))[-_LAST_LINES:]

    def _send_limit_reached(self, stream: StreamName) -> None:
        self._send(messages.Truncated(self._run, stream, 0, ""))

    def _stream(self, descriptor: int, name: StreamName, like: Optional[TextIO]) -> TextIO:
        raw: io.FileIO
        if self._limit or name == "stderr":
            on_limit = partial(self._send_limit_reached, name)
            raw = _CappedFile(descriptor, name, self._limit or sys.maxsize, on_limit)
            self._capped.append(raw)
        else:
            raw = io.FileIO(descriptor, "wb", closefd=False)
        raw.name = f"<{name}>"
        # The server decodes UTF-8, whatever the locale is. Errors are handled as Python has chosen
        # for this stream.
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding="utf-8",
            errors=getattr(like, "errors", None) or "backslashreplace",
            newline="\n",
            line_buffering=name == "stdout" or bool(getattr(like, "line_buffering", True)),
            write_through=bool(getattr(like, "write_through", False)),
        )
        stream.mode = "w"  # type: ignore[misc]
        return stream
