"""Open a file, run it, see its tensors: with the capabilities and encoding of each editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from protocol.editor import Editor, editing

PROGRAM = "import torch\nx = torch.ones(2, 3)\ny = x @ x.T\nprint(y.sum())\n"
DRAWN = (
    "import torch\n"
    "x«: f32[2,3] cpu» = torch.ones(2, 3)\n"
    "y«: f32[2,2] cpu» = x @ x.T\n"
    "print(y.sum())\n"
)
ASTRAL = 'import torch\ns = "😀𝔽é"; x = torch.ones(2)\n'


@pytest.mark.parametrize(
    ("client", "encodings", "chosen", "character"),
    [
        ("vscode", None, "utf-16", 14),
        ("neovim", None, "utf-8", 19),
        ("emacs", None, "utf-32", 12),
        ("helix", None, "utf-8", 19),
    ],
)
async def test_a_run_shows_every_tensor_in_the_editors_own_units(
    tmp_path: Path, client: str, encodings: list[str] | None, chosen: str, character: int
) -> None:
    async with editing(tmp_path, client, encodings=encodings, extensions=False) as editor:
        assert editor.initialized.capabilities.position_encoding == chosen
        uri = editor.open("program.py", PROGRAM)
        assert await editor.hints(uri) == []
        answer = await editor.run(uri)
        assert (answer["outcome"], answer["device"]) == ("finished", "cpu")
        assert await editor.drawn(uri) == DRAWN

        uri = editor.open("astral.py", ASTRAL)
        await editor.run(uri)
        (hint,) = await editor.hints(uri)
        assert (hint.position.line, hint.position.character) == (1, character)
        assert await editor.hover(uri, 1, character - 1) is not None


async def test_opening_a_file_runs_nothing(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert await neovim.hints(uri) == []
    assert await neovim.lenses(uri) == ["▶ Run"]
    assert neovim.runs == []


async def test_a_command_without_arguments_means_the_file_used_last(neovim: Editor) -> None:
    neovim.open("one.py", PROGRAM)
    uri = neovim.open("two.py", PROGRAM)
    assert (await neovim.command("run"))["outcome"] == "finished"
    assert await neovim.drawn(uri) == DRAWN


async def test_the_unsaved_text_runs(neovim: Editor) -> None:
    uri = neovim.open("program.py", "print('old')\n")
    neovim.replace(uri, PROGRAM)
    await neovim.run(uri)
    assert await neovim.drawn(uri) == DRAWN


async def test_hints_of_some_lines_are_those_alone(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    (hint,) = await neovim.hints(uri, lines=(2, 2))
    assert hint.label == ": f32[2,2] cpu"


async def test_a_tooltip_is_made_when_the_editor_asks_for_it(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    hint = (await vscode.hints(uri))[0]
    assert hint.tooltip is None
    resolved = await vscode.client.inlay_hint_resolve_async(hint)
    assert isinstance(resolved.tooltip, types.MarkupContent)
    assert "torch.float32" in resolved.tooltip.value


async def test_a_program_gets_the_arguments_of_the_settings(neovim: Editor) -> None:
    await neovim.configure({"run": {"args": ["7"], "env": {"WIDTH": "5"}}})
    text = "import os, sys, torch\nx = torch.ones(int(sys.argv[1]), int(os.environ['WIDTH']))\n"
    uri = neovim.open("program.py", text)
    await neovim.run(uri)
    await neovim.configure({})
    assert "x«: f32[7,5] cpu»" in await neovim.drawn(uri)


@pytest.mark.parametrize(
    "text",
    [
        "import torch\r\nx = torch.ones(2)\r\ny = x + 1\r\n",
        "import torch\nif True:\n\tx = torch.ones(2)\n\ty = x + 1\n",
        "import torch\nx = torch.ones(2)\ny = x + 1",
        "# -*- coding: latin-1 -*-\nimport torch\nx = torch.ones(2)\ny = x + 1\n",
        "import torch\n\x0cx = torch.ones(2)\ns = '\u2028'\ny = x + 1\n",
    ],
    ids=["crlf", "tabs", "no-newline", "cookie", "separators"],
)
async def test_any_kind_of_text_has_its_hints(neovim: Editor, text: str) -> None:
    uri = neovim.open("program.py", text)
    assert (await neovim.run(uri))["outcome"] == "finished"
    lines = text.replace("\r\n", "\n").split("\n")
    at = [hint.position for hint in await neovim.hints(uri)]
    assert [lines[p.line][: p.character].strip("\t\x0c") for p in at] == ["x", "y"]


async def test_a_buffer_without_a_file_runs_in_the_workspace(neovim: Editor) -> None:
    (neovim.folder / "near.py").write_text("N = 4\n")
    text = "import torch, near\nx = torch.ones(near.N)\nprint(__file__)\n"
    uri = neovim.open("untitled:Untitled-1", text)
    assert (await neovim.run(uri))["outcome"] == "finished"
    assert "x«: f32[4] cpu»" in await neovim.drawn(uri)
    assert "Untitled-1" in neovim.printed()


async def test_a_file_outside_the_workspace_runs(neovim: Editor, tmp_path: Path) -> None:
    path = tmp_path / "far.py"
    uri = neovim.open(str(path), PROGRAM)
    assert (await neovim.run(uri))["outcome"] == "finished"
    assert await neovim.drawn(uri) == DRAWN


async def test_a_file_opened_twice_keeps_its_hints(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    neovim.open("program.py", PROGRAM)
    assert await neovim.drawn(uri) == DRAWN


async def test_hints_are_of_the_kinds_that_the_user_wants(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    await neovim.configure({"hints": {"dtype": "long", "device": False}})
    longer = await neovim.drawn(uri)
    await neovim.configure({"hints": {"enabled": False}})
    none = await neovim.hints(uri)
    await neovim.configure({})
    assert "x«: float32[2,3]»" in longer
    assert none == []
