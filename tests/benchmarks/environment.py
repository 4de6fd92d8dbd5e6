"""The environment of benchmarks: temporary folders, the servers to compare, and plain Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .client import Client, running

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "lessons" / "01-tensors" / "fundamentals.py"
MINI_GPT = ROOT / "tests" / "corpus" / "minigpt"
REFERENCES = ROOT / ".cache" / "benchmarks" / "references"
"""A virtual environment with the servers to compare with; `make bench` creates it."""

SERVER = (sys.executable, "-m", "tensorhints", "serve")
JEDI = (str(REFERENCES / "bin" / "jedi-language-server"),)
PYREFLY = (str(REFERENCES / "bin" / "pyrefly"), "lsp")


@dataclass(frozen=True)
class BenchmarkEnvironment:
    """`folder` is deleted at the end. `quick` means few repetitions, to see that all works."""

    folder: Path
    quick: bool = False

    def repetitions(self, full: int, quick: int = 3) -> int:
        return quick if self.quick else full

    @property
    def variables(self) -> dict[str, str]:
        """The variables of a shell in the project's environment, without the user's state."""
        state = {f"XDG_{kind}_HOME": str(self.folder / "home" / kind) for kind in _XDG}
        return {
            **os.environ,
            **state,
            "TENSORHINTS_STATE": str(self.folder / "home" / "tensorhints"),
            "VIRTUAL_ENV": sys.prefix,
            "PYTHONUNBUFFERED": "1",
        }

    def workspace(self, name: str) -> Path:
        folder = self.folder / name
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        return folder.resolve()

    def program(self, workspace: str, name: str, text: str) -> Path:
        path = self.workspace(workspace) / name
        path.write_text(text, encoding="utf-8")
        return path

    def lesson(self, workspace: str) -> Path:
        path = self.workspace(workspace) / LESSON.name
        shutil.copy(LESSON, path)
        return path

    def mini_gpt(self, workspace: str) -> Path:
        """Copy the program to a new folder and return the path of its main file."""
        folder = self.workspace(workspace)
        for path in MINI_GPT.glob("*.py"):
            shutil.copy(path, folder)
        return folder / "train.py"

    @asynccontextmanager
    async def server(self, folder: Path, **run: object) -> AsyncIterator[Client]:
        """Start our server and initialize it. `run` holds settings."""
        settings = {"run": {"interpreter": sys.executable, **run}}
        async with running(SERVER, folder, self.variables, settings) as client:
            await client.initialize(folder, {"trusted": True, "settings": settings})
            yield client

    @asynccontextmanager
    async def pyrefly(self, folder: Path) -> AsyncIterator[Client]:
        """Start Pyrefly with its torch stubs, which know shapes, and this environment's torch."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        installed = REFERENCES / "lib" / version / "site-packages"
        stubs = self.workspace("stubs")
        for package in ("torch-stubs", "shape_extensions"):
            # Pyrefly ignores folders whose paths have a hidden part.
            shutil.copytree(installed / package, stubs / package)
        (folder / "pyrefly.toml").write_text(
            f'tensor-shapes = true\npython-interpreter-path = "{sys.executable}"\n'
            f'site-package-path = ["{stubs}"]\n',
            encoding="utf-8",
        )
        async with running(PYREFLY, folder, self.variables) as client:
            await client.initialize(folder, {})
            yield client

    def cold(self, path: Path) -> float:
        """Return how long `python FILE` takes, in milliseconds."""
        return self.python(str(path))

    def import_torch(self) -> float:
        return self.python("-c", "import torch")

    def python(self, *arguments: str) -> float:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            env=self.variables,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return (time.perf_counter() - started) * 1000

    def printed(self, path: Path) -> str:
        """Return what `python FILE` prints."""
        done = subprocess.run(
            [sys.executable, str(path)],
            env=self.variables,
            cwd=path.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


_XDG = ("STATE", "CACHE", "CONFIG", "DATA")


def missing_references() -> Sequence[str]:
    """Return the commands of other servers that are not installed."""
    return [command for command in (JEDI[0], PYREFLY[0]) if not Path(command).exists()]
