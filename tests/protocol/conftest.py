"""Editors of every recorded kind, each with a server process of its own."""

from __future__ import annotations


from collections.abc import AsyncIterator
from pathlib import Path

import pytest


from protocol.editor import Editor, editing


@pytest.fixture
async def vscode(tmp_path: Path) -> AsyncIterator[Editor]:
    """VS Code with this product's client: it pulls diagnostics and refreshes hints."""
    async with editing(tmp_path) as editor:
        yield editor


@pytest.fixture
async def neovim(tmp_path: Path) -> AsyncIterator[Editor]:
    """Neovim, which counts in UTF-8, plus this product's notifications."""
    async with editing(tmp_path, "neovim") as editor:
        yield editor


@pytest.fixture(params=["vscode", "neovim", "emacs", "helix"])
async def any_editor(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Editor]:
    """Each editor as it is, without any extension of the protocol."""
    async with editing(tmp_path, request.param, extensions=False) as editor:
        yield editor
