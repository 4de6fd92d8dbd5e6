"""Which Python runs the user's programs: what the settings say, else the environment at hand.

Looks at files only: no interpreter is started here.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.user_messages import UserMessage

_WORKSPACE_ENVIRONMENTS = (".venv", "venv")


@dataclass(frozen=True)
class Interpreter:
    """`why`: `setting`, `VIRTUAL_ENV`, `workspace .venv`, `workspace venv`, `CONDA_PREFIX`, `own`
    or `PATH`.
    """

    path: Path
    why: str


class InterpreterError(Exception):
    """The setting names no interpreter. `user_message` is the sentence for the user."""

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
    """The interpreter for programs of `directory`. Where nothing is set, the first that has torch
    wins, and the first of all where none has it. A workspace that is not `trusted` has no say.

    Raises `InterpreterError` where `setting` names nothing that can be executed.
    """
    if setting:
        return Interpreter(_named(setting, directory, environment), "setting")
    candidates = list(_candidates(directory, trusted, environment))
    with_torch = [candidate for candidate in candidates if has_torch(candidate)]
    return (with_torch or candidates)[0]


def has_torch(interpreter: Interpreter) -> bool:
    """Whether torch lies where this interpreter would look for it, as far as the files say."""
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
        for name in _WORKSPACE_ENVIRONMENTS:
            python = _python_of(directory / name)
            if python is not None:
                yield Interpreter(python, f"workspace {name}")
    yield from _of_environment("CONDA_PREFIX", environment)
    if has_torch(own):
        yield own
    for name in ("python3", "python"):
        found = shutil.which(name, path=environment.get("PATH"))
        if found is not None:
            yield Interpreter(Path(found), "PATH")
            break
    yield own


def _of_environment(variable: str, environment: Mapping[str, str]) -> Iterator[Interpreter]:
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
