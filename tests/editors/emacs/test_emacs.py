"""Tests a real Emacs with Eglot, configured as documented, by its keys and its screen."""

from __future__ import annotations

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
    pytest.mark.skipif(sys.platform != "linux", reason="Emacs comes from Debian"),
]


class Emacs:
    """The actions of a user in Emacs."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.sees = terminal.until

    def acts(self, title: str) -> None:
        """Choose a code action by the beginning of its title."""
        self._asks_for_actions()
        self.terminal.type(title)
        self._chooses()

    def takes_first(self, title: str) -> None:
        """Choose the first code action once it is `title`: to run or to stop the program."""

        def offered() -> bool:
            self._asks_for_actions()
            if self._is_asking(f"default {title}"):
                return True
            self.terminal.press("C-g")
            self._has_asked("Pick an action")
            return False

        self.terminal.until_holds(offered, what=title)
        self._chooses()

    def answers(self, question: str, answer: str) -> None:
        """Answer a question with the beginning of an answer, which Emacs completes."""
        self.sees(question)
        self._asked("Answer:")
        self.terminal.type(answer)
        self.terminal.press("Enter")

    def command(self, name: str) -> None:
        self.terminal.press("M-x")
        self._asked("M-x")
        self.terminal.type(name)
        self.terminal.press("Enter")

    def goes_to(self, line: int) -> None:
        self.terminal.press("M-g", "g")
        self._asked("Goto line")
        self.terminal.type(str(line))
        self.terminal.press("Enter")

    def replaces_line(self, number: int, text: str) -> None:
        self.goes_to(number)
        self.terminal.press("C-k")
        self.terminal.type(text)

    def _asks_for_actions(self) -> None:
        self.command("eglot-code-actions")
        self._asked("Pick an action")

    def _chooses(self) -> None:
        self.terminal.press("Enter")
        self._has_asked("Pick an action")

    def _asked(self, prompt: str) -> None:
        self.terminal.until_holds(lambda: self._is_asking(prompt), what=prompt)

    def _has_asked(self, prompt: str) -> None:
        self.terminal.until_holds(lambda: not self._is_asking(prompt), what=f"the end of {prompt}")

    def _is_asking(self, words: str) -> bool:
        """Whether the last line of the screen, the minibuffer, contains these words."""
        return words in self.terminal.drawn().rstrip().rpartition("\n")[2]


@pytest.fixture
def emacs(debian_13: Path, opened: Opened, tmp_path: Path) -> Emacs:
    snippet = next(editor for editor in EDITORS if editor.name == "Emacs").snippets[0]
    configuration = tmp_path / ".emacs.d"
    configuration.mkdir()
    (configuration / "init.el").write_text(snippet.text, "utf-8")
    # Native compilation would start a compiler with the libraries of the tree.
    (configuration / "early-init.el").write_text("(setq native-comp-jit-compilation nil)", "utf-8")
    share = debian_13 / "usr/share/emacs/30.1"
    (architecture,) = (debian_13 / "usr/libexec/emacs/30.1").iterdir()
    (dumped,) = architecture.glob("*.pdmp")
    command = [debian.emacs(debian_13), f"--dump-file={dumped}", "-nw"]
    folders = {"LOADPATH": share / "lisp", "DATA": share / "etc", "PATH": architecture}
    paths = {f"EMACS{name}": str(folder) for name, folder in folders.items()}
    folder = workspace(tmp_path, PROGRAM)
    emacs = Emacs(opened([*command, "program.py"], folder, **paths))
    emacs.sees("x = torch.ones(2, 3)", "[eglot:workspace]")
    return emacs


def test_running_editing_failing_and_stopping(emacs: Emacs) -> None:
    assert "f32" not in emacs.terminal.drawn()
    emacs.takes_first("Run with Tensor Hints")
    emacs.sees("x: f32[2,3] cpu = torch.ones(2, 3)", 'größe = "😀"; y: f32[3,2] cpu = x.T')

    emacs.replaces_line(2, "x = torch.ones(2, 7)")
    emacs.sees("x: f32[2,7] cpu = torch.ones(2, 7)", "y: f32[7,2] cpu = x.T")

    emacs.goes_to(2)
    emacs.sees("x f32[2,7] cpu · once")
    emacs.command("eldoc-doc-buffer")
    emacs.sees("dtype: torch.float32", "strides: (7, 1)")
    emacs.terminal.press("C-x", "1")

    emacs.acts("Tensor Hints: use a simulated device")
    emacs.sees("z: f32[7,2] cuda:0 = y.to(")
    emacs.acts("Tensor Hints: use the CPU")
    emacs.sees("z: f32[7,2] cpu = y.to(")

    emacs.replaces_line(4, "z = y @ torch.ones(3)")
    emacs.sees("!!z = y @ torch.ones(3)", "Flymake[1 0]", "y: f32[7,2] cpu = x.T")
    emacs.terminal.press("M-b")
    emacs.sees("the inner dimensions 2 and 3 differ")

    emacs.replaces_line(4, "while True: w = y + 1")
    emacs.sees("while True: w: f32[7,2] cpu = y + 1", "Flymake[0 0]")
    emacs.takes_first("Stop this program")
    emacs.sees("Flymake[0 0 1]")
    emacs.goes_to(4)
    emacs.sees("The program was stopped at line 4.")
    emacs.takes_first("Run with Tensor Hints")
    emacs.takes_first("Stop this program")


def test_a_lesson(emacs: Emacs, tmp_path: Path) -> None:
    emacs.acts("Open a lesson")
    emacs.answers("Which lesson would you like to open?", "1. ")
    emacs.sees("# Why tensors matter", "fundamentals.py")
    # The lesson's file has its own server, which starts with the first key in it.
    emacs.terminal.press("C-x", "1")
    emacs.sees("[eglot:tensors", "scores: f32[3] cpu = torch.tensor")

    emacs.acts("Start the quiz")
    emacs.answers("Which command creates a 5 × 5 tensor", "torch.randn(")
    emacs.answers("✗ ", "Try again")
    emacs.answers("Which command creates a 5 × 5 tensor", "torch.rand(")
    emacs.sees("✓ ", "Next question")
    emacs.terminal.press("C-g")

    lesson = tmp_path / "state" / "tensorhints" / "lessons" / "tensors" / "fundamentals.py"
    location = lesson.read_text("utf-8").splitlines().index("F_new = ...") + 1
    emacs.replaces_line(location, "F_new = F * 1")
    emacs.sees("F_new: f32[10] cpu = F * 1", "Flymake[0 0 1]")
    emacs.terminal.press("C-a")
    emacs.sees("the product needs (1, 10)")
    emacs.acts("Next hint for step 1")
    emacs.sees("The inner sizes must agree.")
    emacs.replaces_line(location, "F_new = F.unsqueeze(0)")
    emacs.sees("F_new: f32[1,10] cpu = F.unsqueeze(0)", "Flymake[0 0]")
    emacs.acts("Check step 1")
    emacs.sees("✓ Step 1")
