"""The lesson's page in Chromium with Neovim attached, configured as the README says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from editors.neovim.test_neovim import neovim, of_section
from editors.terminal import surroundings

__all__ = ["neovim"]

HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Neovim is one for Linux"),
]


@pytest.fixture(scope="session")
def pages(root: Path) -> None:
    """As `npm run build` makes them, where the server serves them from."""
    client = root / "vscode-client"
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not (client / "node_modules" / ".package-lock.json").exists():
        subprocess.run(npm, cwd=client, check=True)
    subprocess.run(["node", "webview/build.mjs"], cwd=client, check=True)


def test_a_learner_uses_the_page_beside_neovim(
    root: Path, neovim: list[str], pages: None, tmp_path: Path
) -> None:
    init = tmp_path / "init.lua"
    told = of_section(root / "README.md", "### Neovim")
    init.write_text("vim.opt.swapfile = false\n" + told, "utf-8")
    started = [*neovim, "--headless", "--noplugin", "-i", "NONE", "-u", str(init)]
    shots = root / ".cache" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    environment = {
        **surroundings(tmp_path),
        "LESSON": str(root / "lessons" / "01-tensors" / "fundamentals.py"),
        "NEOVIM": json.dumps([*started, "-l", str(HERE / "neovim.lua")]),
        "SHOTS": str(shots),
    }
    node = ["node", str(HERE / "page.mjs")]
    ran = subprocess.run(
        node, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=110
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
