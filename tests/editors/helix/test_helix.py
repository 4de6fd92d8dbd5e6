"""Tests a real Helix, configured as documented, by its keys and its screen."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import pytest

from editors import debian
from editors.conftest import Opened
from editors.terminal import PROGRAM, Terminal, workspace
from tensorhints.cli.editors import EDITORS

pytestmark = [
    pytest.mark.editor,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Helix comes from Debian"),
]


# Shown while the server starts, and before it knows the file.
_UNREADY = ("No configured language server", "No code actions available")
_FIRST = ("Run with Tensor Hints", "Stop this program")


class Helix:
    """The actions of a user in Helix."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.sees = terminal.until

    def acts(self, title: str) -> None:
        """Choose a code action by its title, as soon as it is offered."""
        row = self.actions(title).index(title)
        self.terminal.press(*["C-n"] * row, "Enter")

    def actions(self, title: str) -> list[str]:
        """Open the menu of code actions until one of its rows starts with `title`."""
        while True:
            self.terminal.press("Space", "a")
            self.terminal.until_holds(lambda: self._menu() or self._is_refused())
            shown = [title if row.startswith(title) else row for row in self._menu()]
            if title in shown:
                return shown
            self.leaves()

    def offers(self, title: str) -> None:
        self.actions(title)
        self.leaves()

    def draws(self, *parts: str, while_offered: str = "Run with Tensor Hints") -> None:
        """Wait until the screen shows all parts, requesting the hints again meanwhile.

        On a busy machine a run can take longer than the server holds the request for hints.
        """
        self.offers(while_offered)
        polls = itertools.count()

        def shows() -> bool:
            if next(polls) % 20 == 0:
                self.terminal.press("Space", "t", "h")
            drawn = self.terminal.drawn()
            return all(part in drawn for part in parts)

        self.terminal.until_holds(shows, what=str(parts))

    def leaves(self) -> None:
        """Close the menu, and wait, so that the next key is not combined with Escape."""
        self.terminal.press("Escape")
        self.terminal.until_holds(lambda: not self._menu() and not self._is_refused())

    def _is_refused(self) -> bool:
        drawn = self.terminal.drawn()
        return any(message in drawn for message in _UNREADY)

    def _menu(self) -> list[str]:
        """Return the rows of the menu, which all start in the same column."""
        lines = self.terminal.drawn().splitlines()
        for number, line in enumerate(lines):
            for title in _FIRST:
                if title in line:
                    column = line.index(title)
                    return [each[column:].strip() for each in lines[number:]]
        return []

    def command(self, text: str) -> None:
        self.terminal.type(f":{text}")
        self.terminal.press("Enter")

    def stops_inserting(self) -> None:
        """Leave insert mode, and wait, so that the next key is not read as Alt and that key."""
        self.terminal.press("Escape")
        self.sees(" NOR ")

    def replaces_line(self, number: int, text: str, completed: str = "") -> None:
        """Replace a line; `completed` is the text after accepting the first completion."""
        self.command(str(number))
        self.terminal.press("g", "h", "v", "g", "l", "c")
        self.sees(" INS ")
        # Keys that are typed this fast reach the server in any order.
        self.terminal.type(text)
        if completed:
            name = re.escape(completed.rpartition(".")[2])
            self.terminal.until_holds(
                lambda: re.search(rf"{name} +function\b", self.terminal.drawn())
            )
            self.terminal.press("Tab")
            self.sees(completed)
        self.stops_inserting()


@pytest.fixture
def helix(debian_13: Path, opened: Opened, tmp_path: Path) -> Helix:
    for snippet in next(editor for editor in EDITORS if editor.name == "Helix").snippets:
        file = tmp_path / "config" / "helix" / Path(snippet.target).name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(snippet.text, "utf-8")
    folder = workspace(tmp_path, PROGRAM)
    runtime = str(debian_13 / "usr/lib/hx/runtime")
    command = [debian.helix(debian_13), "program.py"]
    return Helix(opened(command, folder, HELIX_RUNTIME=runtime))


def test_running_editing_failing_and_stopping(helix: Helix) -> None:
    assert "f32" not in helix.sees("x = torch.ones(2, 3)")
    helix.offers("Run with Tensor Hints")
    helix.terminal.press("Space", "t", "r")
    helix.draws("x: f32[2,3] cpu = torch.ones(2, 3)", 'größe = "😀"; y: f32[3,2] cpu = x.T')

    helix.replaces_line(2, "x = torch.ones(2, 7)")
    helix.draws("x: f32[2,7] cpu = torch.ones(2, 7)", "y: f32[7,2] cpu = x.T")

    helix.replaces_line(4, "z = x.contig", completed="z = x.contiguous")
    helix.terminal.press("g", "l", "a")
    helix.sees(" INS ")
    helix.terminal.type("().ravel()")
    helix.stops_inserting()
    helix.draws("z: f32[14] cpu = x.contiguous().ravel()")
    helix.replaces_line(4, PROGRAM.splitlines()[3])

    helix.command("2")
    helix.terminal.press("g", "h", "Space", "k")
    helix.sees("torch.float32", "(7, 1)")
    helix.terminal.press("Escape")
    helix.terminal.until_gone("torch.float32")

    helix.acts("Tensor Hints: use a simulated device")
    helix.offers("Tensor Hints: use the CPU")
    helix.draws("z: f32[7,2] cuda:0 = y.to(")
    helix.acts("Tensor Hints: use the CPU")
    helix.draws("z: f32[7,2] cpu = y.to(")

    helix.replaces_line(4, "z = y @ torch.ones(3)")
    helix.sees("the inner dimensions 2 and 3 differ")
    helix.sees("y: f32[7,2] cpu = x.T")

    helix.replaces_line(4, "while True: w = y + 1")
    helix.draws("w: f32[7,2] cpu = y + 1", while_offered="Stop this program")
    helix.acts("Stop this program")
    helix.acts("Run with Tensor Hints")
    helix.offers("Stop this program")
    helix.terminal.press("Space", "t", "s")
    helix.offers("Run with Tensor Hints")


def test_a_lesson(helix: Helix, tmp_path: Path) -> None:
    helix.sees("x = torch.ones(2, 3)")
    helix.offers("Open a lesson")
    helix.terminal.press("Space", "t", "l")
    helix.sees("Open this file to work on the lesson:")
    lesson = tmp_path / "state" / "tensorhints" / "lessons" / "tensors" / "fundamentals.py"
    helix.command(f"open {lesson}")
    helix.draws("scores: f32[3] cpu = torch.tensor")

    helix.terminal.press("Space", "t", "q")
    helix.sees("Which command creates a 5 × 5 tensor")
    helix.acts("Answer: torch.randn(5, 5)")
    helix.sees("✗ ")
    helix.acts("Answer: torch.rand(5, 5)")
    helix.sees("✓ ")

    location = lesson.read_text("utf-8").splitlines().index("F_new = ...") + 1
    helix.replaces_line(location, "F_new = F * 1")
    helix.draws("F_new: f32[10] cpu = F * 1")
    helix.sees("the product needs (1, 10)")
    helix.acts("Next hint for step 1")
    helix.sees("The inner sizes must agree.")
    helix.replaces_line(location, "F_new = F.unsqueeze(0)")
    helix.draws("F_new: f32[1,10] cpu = F.unsqueeze(0)")
    helix.acts("Check step 1")
    helix.sees("✓ Step 1")
