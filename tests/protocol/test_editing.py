"""Hints while the user types: they move, vanish at once where the text changed, and come back."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from protocol.editor import Editor, editing

PROGRAM = "import torch\nx = torch.ones(2, 3)\ny = x.T\n"


async def live(editor: Editor, text: str = PROGRAM, name: str = "program.py") -> str:
    uri = editor.open(name, text)
    assert (await editor.run(uri))["outcome"] in ("finished", "failed")
    return uri


async def test_a_hint_follows_its_line_when_a_line_is_inserted_above(neovim: Editor) -> None:
    uri = await live(neovim)
    neovim.type(uri, (1, 0), "# a comment\n\n")
    assert (await neovim.drawn(uri)).split("\n")[3:5] == [
        "x«: f32[2,3] cpu» = torch.ones(2, 3)",
        "y«: f32[3,2] cpu» = x.T",
    ]


async def test_a_changed_line_loses_its_hint_at_once_and_the_next_run_brings_it(
    neovim: Editor,
) -> None:
    uri = await live(neovim)
    known = len(neovim.runs)
    neovim.edit(uri, (1, 18), (1, 19), "7")
    assert "x = torch" in await neovim.drawn(uri)
    assert (await neovim.run_after(known)).outcome == "finished"
    assert "x«: f32[2,7] cpu»" in await neovim.drawn(uri)
    assert "y«: f32[7,2] cpu»" in await neovim.drawn(uri)


async def test_an_edit_outside_of_code_does_not_run_and_keeps_every_hint(
    neovim: Editor,
) -> None:
    uri = await live(neovim)
    last = neovim.runs[-1].run
    neovim.type(uri, (1, 20), "  # ones")
    await neovim.until(lambda: any(s.run > last and s.phase == "starting" for s in neovim.runs))
    await neovim.until(lambda: neovim.runs[-1].phase == "idle")
    assert neovim.runs[-1].run == last
    assert "x«: f32[2,3] cpu» = torch.ones(2, 3)  # ones" in await neovim.drawn(uri)


async def test_reformatted_code_keeps_its_hints_without_a_run(neovim: Editor) -> None:
    uri = await live(neovim)
    last = neovim.runs[-1].run
    neovim.edit(uri, (1, 0), (1, 20), "x = torch.ones(\n    2,\n    3,\n)")
    await neovim.until(lambda: any(s.run > last for s in neovim.runs))
    await neovim.until(lambda: neovim.runs[-1].phase == "idle")
    assert neovim.runs[-1].run == last
    assert "x«: f32[2,3] cpu» = torch.ones(\n" in await neovim.drawn(uri)


async def test_while_the_text_does_not_parse_old_hints_stay_and_the_error_is_shown(
    neovim: Editor,
) -> None:
    uri = await live(neovim)
    neovim.type(uri, (3, 0), "z = (y +\n")
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert problem.severity == 1
    assert problem.code == "SyntaxError"
    assert "x«: f32[2,3] cpu»" in await neovim.drawn(uri)
    known = len(neovim.runs)
    neovim.type(uri, (4, 0), "1)\n")
    assert (await neovim.run_after(known)).outcome == "finished"
    await neovim.until(lambda: not neovim.published(uri))
    assert "z«: f32[3,2] cpu»" in await neovim.drawn(uri)


async def test_a_newer_edit_stops_an_older_run(neovim: Editor) -> None:
    uri = neovim.open("endless.py", "import torch\nx = torch.ones(1)\nwhile True:\n    pass\n")
    older = neovim.command_later("run", {"uri": uri})
    await neovim.until(lambda: any(state.phase == "running" for state in neovim.runs))
    known = len(neovim.runs)
    neovim.edit(uri, (2, 0), (3, 8), "y = x + 1")
    assert (await older)["outcome"] == "superseded"
    await neovim.until(lambda: any(s.outcome == "finished" for s in neovim.runs[known:]))
    assert "y«: f32[1] cpu»" in await neovim.drawn(uri)


async def test_hints_appear_while_the_program_still_runs(neovim: Editor) -> None:
    uri = neovim.open("endless.py", "import torch\nx = torch.ones(1)\nwhile True:\n    pass\n")
    running = neovim.command_later("run", {"uri": uri})
    await neovim.until_drawn(uri, "x«: f32[1] cpu»")
    assert await neovim.command("stop", {"uri": uri}) is True
    assert (await running)["outcome"] == "stopped"
    assert "x«: f32[1] cpu»" in await neovim.drawn(uri)


async def test_a_stopped_file_is_no_longer_live(neovim: Editor) -> None:
    uri = await live(neovim)
    assert await neovim.command("stop", {"uri": uri}) is False
    runs = len(neovim.runs)
    neovim.edit(uri, (1, 18), (1, 19), "7")
    assert "x = torch" in await neovim.drawn(uri)
    assert not any(state.live or state.phase != "idle" for state in neovim.runs[runs:])


async def test_a_file_that_was_closed_is_no_longer_live(neovim: Editor) -> None:
    uri = await live(neovim)
    neovim.close(uri)
    neovim.open("program.py", PROGRAM)
    assert await neovim.hints(uri) == []
    assert await neovim.lenses(uri) == ["▶ Run"]


async def test_on_save_runs_when_saved_and_not_before(neovim: Editor) -> None:
    await neovim.configure({"run": {"when": "onSave"}})
    uri = await live(neovim)
    known = len(neovim.runs)
    neovim.edit(uri, (1, 18), (1, 19), "7")
    assert "x = torch" in await neovim.drawn(uri)
    assert len(neovim.runs) == known
    neovim.save(uri)
    assert (await neovim.run_after(known)).outcome == "finished"
    await neovim.configure({})
    assert "x«: f32[2,7] cpu»" in await neovim.drawn(uri)


async def test_imported_modules_have_hints_for_their_unsaved_text(neovim: Editor) -> None:
    module = neovim.open("sizes.py", "import torch\nw = torch.ones(3)\n")
    uri = await live(neovim, "import sizes\nv = sizes.w + 1\n", "main.py")
    assert "w«: f32[3] cpu»" in await neovim.drawn(module)
    known = len(neovim.runs)
    neovim.edit(module, (1, 15), (1, 16), "9")
    assert (await neovim.run_after(known)).outcome == "finished"
    assert "w«: f32[9] cpu»" in await neovim.drawn(module)
    assert "v«: f32[9] cpu»" in await neovim.drawn(uri)


async def test_a_module_opened_after_the_run_has_its_hints(neovim: Editor) -> None:
    (neovim.folder / "later.py").write_text("import torch\nw = torch.ones(3)\n")
    await live(neovim, "import later\nv = later.w + 1\n", "main.py")
    module = neovim.open("later.py", "import torch\nw = torch.ones(3)\n", saved=False)
    assert "w«: f32[3] cpu»" in await neovim.drawn(module)


async def test_a_module_opened_with_another_text_has_none(neovim: Editor) -> None:
    (neovim.folder / "other.py").write_text("import torch\nw = torch.ones(3)\n")
    await live(neovim, "import other\nv = other.w + 1\n", "main.py")
    module = neovim.open("other.py", "import torch\n\nw = torch.ones(3)\n", saved=False)
    assert await neovim.hints(module) == []


async def test_a_failing_file_keeps_the_hints_of_the_lines_that_ran(neovim: Editor) -> None:
    uri = await live(neovim, "import torch\nx = torch.ones(2)\nx @ torch.ones(3)\ny = 1 + x\n")
    assert await neovim.drawn(uri) == (
        "import torch\nx«: f32[2] cpu» = torch.ones(2)\nx @ torch.ones(3)\ny = 1 + x\n"
    )


async def test_half_typed_code_at_every_prefix_harms_nothing(neovim: Editor) -> None:
    text = "import torch\ndef f(a, *b):\n    return [a for _ in b]\nx = f(torch.ones(1), '}')\n"
    uri = await live(neovim, text)
    for end in range(len(text)):
        neovim.replace(uri, text[:end])
        await neovim.hints(uri)
    known = len(neovim.runs)
    neovim.replace(uri, text)
    await neovim.run_after(known)
    assert (await neovim.run(uri))["outcome"] == "finished"
    assert neovim.shown_messages() == []


@pytest.mark.skipif(sys.platform == "win32", reason="runs are not forked there")
async def test_the_run_of_an_edit_survives_the_death_of_the_warm_host(tmp_path: Path) -> None:
    async with editing(tmp_path, "neovim") as neovim:
        uri = await live(neovim, PROGRAM + "import os; print(os.getppid())\n")
        known, host = len(neovim.runs), int(neovim.printed("stdout"))
        os.kill(host, signal.SIGSTOP)
        neovim.edit(uri, (1, 18), (1, 19), "7")
        await neovim.until(lambda: len(neovim.runs) > known)
        os.kill(host, signal.SIGKILL)
        assert (await neovim.run_after(known)).outcome == "finished"
        assert "x«: f32[2,7] cpu»" in await neovim.drawn(uri)
        assert neovim.shown_messages() == []


@pytest.mark.parametrize(
    ("text", "shape", "numbers"),
    [
        ("z = x @ y\n", "[2,2]", (0, 3, 2, 1, 4, 6, 8, 5, 7, 9)),
        ("z = x", "[2,3]", (0, 13, 22, 11, 24)),
    ],
)
async def test_the_changes_of_helix_are_taken_by_their_numbers(
    tmp_path: Path, text: str, shape: str, numbers: tuple[int, ...]
) -> None:
    """It sends those of one word in any order, and leaves numbers out after a completion."""
    async with editing(tmp_path, "helix") as helix:
        uri = await live(helix)
        for number in numbers:
            character = sorted(numbers).index(number)
            at = types.Position(3, character)
            version = helix.versions[uri] + 1 + number
            helix.client.text_document_did_change(
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(version, uri),
                    [types.TextDocumentContentChangePartial(types.Range(at, at), text[character])],
                )
            )
        helix.texts[uri] += text
        assert f"z«: f32{shape} cpu» = x" in await helix.drawn(uri)
