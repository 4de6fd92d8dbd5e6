"""Runs an editor in tmux, sends keys and reads the screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Non-ASCII text before a hint, and a line that depends on the device.
PROGRAM = """\
import torch
x = torch.ones(2, 3)
größe = "😀"; y = x.T
z = y.to("cuda" if torch.cuda.is_available() else "cpu")
"""

LIMIT_SECONDS = 60.0
_POLL_SECONDS = 0.05


class Terminal:
    """A program in a terminal of its own; `close` ends it."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int
    ) -> None:
        self._socket = f"tensorhints-{uuid.uuid4().hex[:8]}"
        self._environment = {**environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        size = ("-x", str(columns), "-y", "40")
        self._tmux("-f", os.devnull, "new-session", "-d", *size, *command, folder=folder)

    def press(self, *keys: str) -> None:
        """Press keys, named as in tmux: `Enter`, `Escape`, `C-c`, `Space`."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p")

    def drawn(self) -> str:
        return self._tmux("capture-pane", "-p")

    def line(self, part: str) -> str:
        """Return the first line of the screen that contains `part`; empty without one."""
        return next((line for line in self.drawn().splitlines() if part in line), "")

    def until(self, *parts: str) -> str:
        """Wait until the screen shows all parts, and return the screen."""
        seen = ""

        def shows() -> bool:
            nonlocal seen
            seen = self.drawn()
            return all(part in seen for part in parts)

        self.until_holds(shows, what=str(parts))
        return seen

    def until_gone(self, part: str) -> None:
        self.until_holds(lambda: part not in self.drawn(), what=f"the end of {part}")

    def until_holds(self, holds: Callable[[], object], what: str = "it") -> None:
        end = time.monotonic() + LIMIT_SECONDS
        while not holds():
            assert time.monotonic() < end, f"not seen: {what}\n{self.drawn()}"
            time.sleep(_POLL_SECONDS)

    def close(self) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str, folder: Path | None = None) -> str:
        ran = subprocess.run(
            ["tmux", "-L", self._socket, *arguments],
            cwd=folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


def user_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a user with an empty home and the server on the path."""
    commands = Path(sys.executable).parent
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    return {
        **os.environ,
        **{f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds},
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
        "VIRTUAL_ENV": str(commands.parent),
    }


def workspace(folder: Path, program: str) -> Path:
    created = folder / "workspace"
    created.mkdir()
    (created / "pyproject.toml").touch()
    (created / "program.py").write_text(program, "utf-8")
    return created
