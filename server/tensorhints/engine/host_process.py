"""One process of the runner: spawns it, exchanges messages with it, and notices its exit.

It knows the wire format, but not what the messages are for.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from tensorhints.model import messages, wire

from .host_kinds import HostKind
from .sent_texts import SentTexts

BOOTSTRAP = Path(__file__).parent.parent / "runner" / "bootstrap.py"

# OpenMP's threads wait actively by default, and a process that has threads cannot be forked safely.
# The host removes these variables before a program runs.
HOST_ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}

_CHUNK = 1 << 16
_LOG_KEPT = 8192


class HostProcess:
    """A host's process. Messages wait until `attach` is called in a running event loop."""

    def __init__(
        self,
        interpreter: Path,
        directory: Path,
        kind: HostKind,
        *,
        on_message: Callable[[HostProcess, object], None],
        on_exit: Callable[[HostProcess], None],
    ) -> None:
        """Spawn the process. Raises `OSError` if the interpreter cannot be started."""
        self._on_message = on_message
        self._on_exit = on_exit
        self._loop: asyncio.AbstractEventLoop | None = None
        self._decoder = wire.Decoder()
        self._outbox: deque[tuple[bytes, Sequence[int]]] = deque()
        self._writing = False
        self._log = b""
        self.exited = False
        self.ready: messages.Ready | None = None
        self.texts = SentTexts()

        environment = {**os.environ, **dict(kind.environment)}
        # What the user has set counts.
        added = {name: value for name, value in HOST_ENVIRONMENT.items() if name not in environment}
        self._control, theirs = socket.socketpair()
        with theirs:
            arguments = ["--control", str(theirs.fileno()), "--unset", ",".join(added)]
            arguments += kind.arguments
            if kind.single_use:
                arguments += ["--single-use", str(os.getpid())]
            try:
                self._process = subprocess.Popen(
                    [str(interpreter), str(BOOTSTRAP), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    cwd=directory if directory.is_dir() else None,
                    env={**environment, **added},
                    pass_fds=[theirs.fileno()],
                    # Ctrl-C in a terminal must reach the server only, which stops its runs itself.
                    start_new_session=True,
                )
            except BaseException:
                self._control.close()
                raise
        assert self._process.stdout is not None
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._output, False)
        self._control.setblocking(False)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status as in `subprocess`: negative for a signal, None before the exit."""
        return self._process.returncode

    @property
    def log(self) -> str:
        """The end of what the process printed, such as why torch could not be imported."""
        return self._log.decode("utf-8", "replace").strip()

    def attach(self) -> None:
        """Read from the process in the running event loop from now on. Idempotent."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._control, self._read_control)
            self._loop.add_reader(self._output, self._read_output)
            self._watch_exit(self._loop)

    def send(self, message: object, descriptors: Sequence[int] = ()) -> None:
        """Queue a message. The descriptors are sent with it, and closed here once they are sent."""
        self._outbox.append((wire.encode(message), descriptors))
        self._write()

    def signal(self, number: int) -> None:
        """Send a signal to the process, if it runs."""
        if not self.exited:
            self._process.send_signal(number)

    def kill(self) -> None:
        """Kill the process."""
        self.signal(signal.SIGKILL)

    def close_control(self) -> None:
        """Close the channel. The host then exits with all its runs, as if the server had died."""
        if self._control.fileno() < 0:
            return
        if self._loop is not None:
            self._loop.remove_reader(self._control)
            if self._writing:
                self._loop.remove_writer(self._control)
                self._writing = False
        self._control.close()
        for _, descriptors in self._outbox:
            for descriptor in descriptors:
                os.close(descriptor)
        self._outbox.clear()

    # ---- reading and writing ---------------------------------------------------------------------

    def _write(self) -> None:
        while self._outbox and self._control.fileno() >= 0:
            data, descriptors = self._outbox[0]
            try:
                if descriptors:
                    sent = socket.send_fds(self._control, [data], list(descriptors))
                else:
                    sent = self._control.send(data)
            except BlockingIOError:
                break
            except OSError:
                sent = len(data)  # The process is gone, which its exit will report.
            for descriptor in descriptors:
                os.close(descriptor)
            if sent < len(data):
                self._outbox[0] = (data[sent:], ())
            else:
                self._outbox.popleft()
        self._want_write(bool(self._outbox) and self._control.fileno() >= 0)

    def _want_write(self, wanted: bool) -> None:
        if self._loop is not None and wanted is not self._writing:
            self._writing = wanted
            if wanted:
                self._loop.add_writer(self._control, self._write)
            else:
                self._loop.remove_writer(self._control)

    def _read_control(self) -> bool:
        if self._control.fileno() < 0:
            return False
        try:
            data = self._control.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._stop_reading_control()
            return False
        try:
            for message in self._decoder.feed(data):
                if isinstance(message, messages.Ready):
                    self.ready = message
                self._on_message(self, message)
        except wire.WireError:
            # Another process writes to this channel: nothing that follows can be understood.
            self._stop_reading_control()
            self.kill()
            return False
        return True

    def _stop_reading_control(self) -> None:
        if self._loop is not None and self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)

    def _read_output(self) -> bool:
        try:
            data = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data and self._loop is not None:
            self._loop.remove_reader(self._output)
        self._log = (self._log + data)[-_LOG_KEPT:]
        return bool(data)

    # ---- the end ---------------------------------------------------------------------------------

    def _watch_exit(self, loop: asyncio.AbstractEventLoop) -> None:
        if hasattr(os, "pidfd_open"):
            try:
                watched = os.pidfd_open(self.pid)
            except OSError:
                pass
            else:
                loop.add_reader(watched, self._exited, watched)
                return

        def wait() -> None:
            self._process.wait()
            try:
                loop.call_soon_threadsafe(self._exited)
            except RuntimeError:
                pass  # The loop is closed.

        threading.Thread(target=wait, name=f"wait for {self.pid}", daemon=True).start()

    def _exited(self, watched: int | None = None) -> None:
        assert self._loop is not None
        if watched is not None:
            self._loop.remove_reader(watched)
            os.close(watched)
        self._process.wait()
        self.exited = True
        while self._read_control():
            pass
        while self._read_output():
            pass
        self.close_control()
        self._loop.remove_reader(self._output)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._on_exit(self)
