"""What a run may not do: live longer than its parent, flood the pipe, eat the machine's memory.

Each limit is there where the system has a way to set it, and absent elsewhere. Knows nothing of
the program that will run.
"""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import sys
from typing import Any, Callable, List, Optional, TextIO

from ...model import messages
from ...model.messages import StreamName
from ...model.signals import LOCATE_SIGNAL

# `python FILE` hands out 3 for the first file that a program opens; ours stand well above.
FIRST_DESCRIPTOR = 100

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_LAST_LINE_KEPT = 400


def move_to_high_fd(descriptor: int) -> int:
    """Moves a descriptor out of the range that the program's own files will have."""
    import fcntl

    moved: int = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
    os.close(descriptor)
    return moved


# ---- processes ---------------------------------------------------------------------------------


def _prctl() -> Optional[Callable[..., int]]:
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes

        function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return None
    return function


_PRCTL = _prctl()


def die_with_parent(parent: int) -> None:
    """The system kills this process when `parent` dies."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> bool:
    """Descendants whose parents die become this process's children, so that they can be swept."""
    return _PRCTL is not None and _PRCTL(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def reset_signals() -> None:
    """As a fresh `python FILE` has them."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


# ---- memory ------------------------------------------------------------------------------------


def limit_memory(extra: int) -> None:
    """Allocations of more than `extra` bytes on top of what is held now fail, as an exception."""
    held = _data_held()
    if held is None:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = held + extra
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_held() -> Optional[int]:
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmData:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


# ---- faults --------------------------------------------------------------------------------------


def enable_fault_reports(descriptor: int) -> None:
    """Fatal signals, and `LOCATE_SIGNAL`, write the lines that every thread is on."""
    faulthandler.enable(descriptor)
    if LOCATE_SIGNAL is not None and hasattr(faulthandler, "register"):
        faulthandler.register(LOCATE_SIGNAL, descriptor)


# ---- output --------------------------------------------------------------------------------------


class _CappedFile(io.FileIO):
    """Passes the first `limit` bytes through, then counts and remembers the end of the rest."""

    def __init__(
        self, descriptor: int, stream: StreamName, limit: int, reached: Callable[[], None]
    ) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self.stream: StreamName = stream
        self._left = limit
        self._reached = reached
        self._end = b""
        self.dropped = 0

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        if len(view) <= self._left:
            written = super().write(view)
            self._left -= written
            return written
        if self._left:
            written = super().write(view[: self._left])
            self._left -= written
            return written
        if not self.dropped:
            self._reached()
        self.dropped += len(view)
        self._end = (self._end + bytes(view[-_LAST_LINE_KEPT:]))[-_LAST_LINE_KEPT:]
        return len(view)

    def last_line(self) -> str:
        return self._end.decode("utf-8", "replace").rstrip("\r\n").rpartition("\n")[2]


class Output:
    """The program's `sys.stdout` and `sys.stderr`, each with at most `limit` bytes; 0 is no limit.

    `send` is told once when a stream reaches the limit, and by `finish` what was left out.
    """

    def __init__(self, run: int, limit: int, send: Callable[[object], None]) -> None:
        self._run = run
        self._limit = limit
        self._send = send
        self._capped: List[_CappedFile] = []

    def install(self) -> None:
        for descriptor, name in enumerate(messages.STREAMS, start=1):
            stream = self._stream(descriptor, name, getattr(sys, name))
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def continue_as(self, run: int) -> None:
        """These are the streams of another run now, which has printed the same up to here."""
        self._run = run
        for file in self._capped:
            if file.dropped:
                self._reached(file.stream)

    def finish(self) -> None:
        for file in self._capped:
            if file.dropped:
                self._send(
                    messages.Truncated(self._run, file.stream, file.dropped, file.last_line())
                )

    def _reached(self, stream: StreamName) -> None:
        self._send(messages.Truncated(self._run, stream, 0, ""))

    def _stream(self, descriptor: int, name: StreamName, like: Optional[TextIO]) -> TextIO:
        raw: io.FileIO
        if self._limit:
            raw = _CappedFile(descriptor, name, self._limit, lambda: self._reached(name))
            self._capped.append(raw)
        else:
            raw = io.FileIO(descriptor, "wb", closefd=False)
        raw.name = f"<{name}>"
        # UTF-8 whatever the locale says, since that is what is read at the other end. The handling
        # of what cannot be encoded is Python's own choice for this stream.
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
