"""Finds the Python that runs the user's programs: by the settings, or among the environments.

This only looks at files; no interpreter is started.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tensorhints.model.user_messages import UserMessage

Reason = Literal[
    "setting", "VIRTUAL_ENV", "workspace .venv", "workspace venv", "CONDA_PREFIX", "own", "PATH"
]

_WORKSPACE_ENVIRONMENTS: tuple[tuple[str, Reason], ...] = (
    (".venv", "workspace .venv"),
    ("venv", "workspace venv"),
)


@dataclass(frozen=True)
class Interpreter:
    """A Python, and why it was chosen."""

    path: Path
    why: Reason


class InterpreterError(Exception):
    """The setting does not name an interpreter; `user_message` tells the user so."""

    def __init__(self, user_message: UserMessage) -> None:
        super().__init__(f"{user_message.code}: {user_message.detail}")
        self.user_message = user_message


def find_interpreter(
    setting: str | None,
    directory: Path,
    *,
    trusted: bool = True,
    environment: Mapping[str, str] = os.environ,
) -> Interpreter:
    """Return the interpreter for programs of `directory`.

    Without a setting it is the first candidate that has torch, or the first one if none has it.
    The candidates in order: `VIRTUAL_ENV`, the workspace's `.venv` and `venv`, `CONDA_PREFIX`, the
    Python that runs the server (`own`, if it has torch), `python3` or `python` on `PATH`.
    Environments in a workspace that is not `trusted` are not candidates.

    Raises `InterpreterError` if `setting` does not name an executable.
    """
    if setting:
        return Interpreter(_named(setting, directory, environment), "setting")
    candidates = list(_candidates(directory, trusted, environment))
    with_torch = [candidate for candidate in candidates if has_torch(candidate)]
    return (with_torch or candidates)[0]


def has_torch(interpreter: Interpreter) -> bool:
    """Whether torch is installed in an environment, as far as its files show."""
    if interpreter.why == "own":
        return importlib.util.find_spec("torch") is not None
    prefix = interpreter.path.parent.parent
    folders = [*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"]
    folders += prefix.glob("lib/python3/dist-packages")
    return any((folder / "torch" / "__init__.py").is_file() for folder in folders)


def _named(setting: str, directory: Path, environment: Mapping[str, str]) -> Path:
    path = Path(setting).expanduser()
    if path.name == setting:
        found = shutil.which(setting, path=environment.get("PATH"))
        if found is not None:
            return Path(found)
    path = directory / path
    if path.is_dir():
        inside = _python_of(path)
        if inside is not None:
            return inside
    if not path.is_file() or not os.access(path, os.X_OK):
        raise InterpreterError(UserMessage("no-interpreter", str(path)))
    return path


def _candidates(
    directory: Path, trusted: bool, environment: Mapping[str, str]
) -> Iterator[Interpreter]:
    own = Interpreter(Path(sys.executable), "own")
    yield from _of_environment("VIRTUAL_ENV", environment)
    if trusted:
        for name, reason in _WORKSPACE_ENVIRONMENTS:
            python = _python_of(directory / name)
            if python is not None:
                yield Interpreter(python, reason)
    yield from _of_environment("CONDA_PREFIX", environment)
    if has_torch(own):
        yield own
    for name in ("python3", "python"):
        found = shutil.which(name, path=environment.get("PATH"))
        if found is not None:
            yield Interpreter(Path(found), "PATH")
            break
    yield own


def _of_environment(
    variable: Literal["VIRTUAL_ENV", "CONDA_PREFIX"], environment: Mapping[str, str]
) -> Iterator[Interpreter]:
    prefix = environment.get(variable)
    python = _python_of(Path(prefix)) if prefix else None
    if python is not None:
        yield Interpreter(python, variable)


def _python_of(prefix: Path) -> Path | None:
    for inside in ("bin/python", "Scripts/python.exe", "python.exe"):
        python = prefix / inside
        if python.is_file() and os.access(python, os.X_OK):
            return python
    return None
