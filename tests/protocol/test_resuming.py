"""A run after an edit below slow work resumes there; if it cannot, the reason is shown.

The programs append a letter to a file for each part that runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from protocol.editor import Editor

IMPORTS = "import os, time, torch\n"


def program(editor: Editor, below: str, above: str = "") -> tuple[str, Path]:
    """A file with a slow part between two others, and where that writes down that it ran."""
    runs = editor.folder / "slow_runs"
    runs.unlink(missing_ok=True)
    slow = f"open({str(runs)!r}, 'a').write('x')\ntime.sleep(1.5)\n"
    return editor.open("slow.py", IMPORTS + above + slow + below), runs


async def edited(editor: Editor, uri: str, old: str, new: str) -> Any:
    """The end of the run that follows from replacing some text."""
    known = len(editor.runs)
    line = next(n for n, text in enumerate(editor.texts[uri].split("\n")) if old in text)
    start = editor.texts[uri].split("\n")[line].index(old)
    editor.edit(uri, (line, start), (line, start + len(old)), new)
    return await editor.run_after(known)


async def test_an_edit_of_the_last_line_does_not_repeat_the_lines_above(neovim: Editor) -> None:
    uri, runs = program(neovim, "x = torch.ones(2, 3)\nprint(x.shape)\ny = x.T\n")
    await neovim.run(uri)
    ended = await edited(neovim, uri, "x.T", "x @ x.T")
    assert (ended.outcome, ended.whole) == ("finished", None)
    assert ended.resumedLine >= 3
    assert runs.read_text() == "x"
    drawn = await neovim.drawn(uri)
    assert "x«: f32[2,3] cpu» = torch.ones(2, 3)" in drawn
    assert "y«: f32[2,2] cpu» = x @ x.T" in drawn
    assert neovim.printed() == "torch.Size([2, 3])\n" * 2


async def test_a_class_above_the_slow_part_may_be_edited_too(neovim: Editor) -> None:
    above = "class Net(torch.nn.Module):\n    def forward(self, x):\n        return x.T\n"
    uri, runs = program(neovim, "y = Net()(torch.ones(2, 3))\n", above)
    await neovim.run(uri)
    ended = await edited(neovim, uri, "x.T", "x.sum(0)")
    assert (ended.outcome, runs.read_text()) == ("finished", "x")
    assert "y«: f32[3] cpu»" in await neovim.drawn(uri)


async def test_a_requested_run_begins_at_the_top(neovim: Editor) -> None:
    uri, runs = program(neovim, "x = torch.ones(2)\n")
    await neovim.run(uri)
    await neovim.run(uri)
    assert runs.read_text() == "xx"


async def test_a_run_that_cannot_resume_shows_why(neovim: Editor) -> None:
    uri, runs = program(neovim, "x = torch.ones(2)\n", "ends = os.pipe()\n")
    await neovim.run(uri)
    ended = await edited(neovim, uri, "ones(2)", "ones(3)")
    assert ended.resumedLine is None
    assert ended.whole == (
        "The whole file ran again: a pipe or network connection was open at line 5."
    )
    assert ended.whole in await neovim.lenses(uri)
    assert runs.read_text() == "xx"


TRAINING = """
import time
import torch
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

def main():
    writer = SummaryWriter("events")
    for epoch in (bar := tqdm(range(8))):
        loss = torch.ones(()) / (epoch + 1)
        writer.add_scalar("loss", loss, epoch)
        bar.set_postfix(loss=loss.item())
        time.sleep(0.2)
    left = torch.ones(2, 3)
    writer.close()

if __name__ == "__main__":
    main()
"""


async def test_the_usual_libraries_of_a_training_do_not_prevent_it(neovim: Editor) -> None:
    pytest.importorskip("tensorboard")
    pytest.importorskip("tqdm")
    uri = neovim.open("training.py", TRAINING)
    await neovim.run(uri)
    for old, new in (("ones(2, 3)", "ones(4, 5)"), ("ones(4, 5)", "ones(6, 7)")):
        ended = await edited(neovim, uri, old, new)
        assert (ended.outcome, ended.whole) == ("finished", None)
        assert ended.resumedLine == TRAINING[: TRAINING.index("left")].count("\n")
    assert "left«: f32[6,7] cpu»" in await neovim.drawn(uri)
    assert "0%|          | 0/8" in neovim.printed("stderr")


async def test_the_setting_turns_it_off(neovim: Editor) -> None:
    await neovim.configure({"run": {"checkpoints": False}})
    try:
        uri, runs = program(neovim, "x = torch.ones(2)\n")
        await neovim.run(uri)
        ended = await edited(neovim, uri, "ones(2)", "ones(3)")
        assert (ended.resumedLine, runs.read_text()) == (None, "xx")
    finally:
        await neovim.configure({})


async def test_a_file_that_is_missing_below_is_written_anew_above(neovim: Editor) -> None:
    """A checkpoint does not have a folder that the program removes at its end."""
    above = "import shutil, tempfile\nfolder = tempfile.mkdtemp()\n"
    below = "open(folder + '/file', 'w').close()\nshutil.rmtree(folder)\nx = torch.ones(2)\n"
    uri, runs = program(neovim, below, above)
    await neovim.run(uri)
    ended = await edited(neovim, uri, "ones(2)", "ones(3)")
    assert (ended.outcome, ended.resumedLine, runs.read_text()) == ("finished", None, "xx")
    assert "x«: f32[3] cpu»" in await neovim.drawn(uri)
