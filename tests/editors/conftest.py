"""Fixtures that install editors once and keep them between sessions if possible."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from editors import debian
from editors.terminal import Terminal, user_environment

Opened = Callable[..., Terminal]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Limit the time of the tests alone, not that of installing editors."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(func_only=True), append=False)


@pytest.fixture(scope="session")
def tmux() -> None:
    if shutil.which("tmux") is None:
        debian.install("tmux")


@pytest.fixture(scope="session")
def debian_13(root: Path) -> Path:
    return debian.tree(root / ".cache")


@pytest.fixture
def opened(tmux: None, tmp_path: Path) -> Iterator[Opened]:
    """Return a function that opens an editor in a terminal, for a user with an empty home."""
    running: list[Terminal] = []

    def open_(command: Sequence[str], folder: Path, columns: int = 110, **more: str) -> Terminal:
        terminal = Terminal(command, folder, {**user_environment(tmp_path), **more}, columns)
        running.append(terminal)
        return terminal

    yield open_
    for terminal in running:
        terminal.close()
