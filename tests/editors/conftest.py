"""The editors, installed once and kept between sessions where that can be."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from editors import debian
from editors.terminal import Terminal, surroundings

Opened = Callable[..., Terminal]


@pytest.fixture(scope="session")
def tmux() -> None:
    if shutil.which("tmux") is None:
        debian.install("tmux")


@pytest.fixture(scope="session")
def debian_13(root: Path) -> Path:
    return debian.tree(root / ".cache")


@pytest.fixture
def opened(tmux: None, tmp_path: Path) -> Iterator[Opened]:
    """Starts an editor in a terminal, as a user with an empty home."""
    running: list[Terminal] = []

    def open_(command: Sequence[str], folder: Path, columns: int = 110, **more: str) -> Terminal:
        terminal = Terminal(command, folder, {**surroundings(tmp_path), **more}, columns)
        running.append(terminal)
        return terminal

    yield open_
    for terminal in running:
        terminal.close()
