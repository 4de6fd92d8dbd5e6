"""Without trust nothing runs; wrong settings and arguments are reported by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from protocol.editor import Editor, editing

PROGRAM = "import torch\nx = torch.ones(2)\n"


@pytest.mark.parametrize("options", [{"trusted": False}, {}, {"trusted": "yes"}])
async def test_programs_do_not_run_in_an_untrusted_workspace(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    async with editing(tmp_path, options=options) as editor:
        uri = editor.open("program.py", "open('ran', 'w')\n")
        answer = await editor.run(uri)
        assert "trust" in answer["error"]
        assert await editor.lenses(uri) == ["not run: untrusted workspace"]
        assert await editor.actions(uri) == []
        assert not (tmp_path / "ran").exists()


async def test_bad_settings_are_named_and_the_others_count(tmp_path: Path) -> None:
    settings = {"run": {"when": "never", "interpreter": sys.executable}, "hints": {"dtyp": "x"}}
    async with editing(tmp_path, "helix", extensions=False, settings=settings) as editor:
        messages = await editor.until(
            lambda: len(editor.shown_messages()) > 1 and editor.shown_messages()
        )
        assert any("tensorhints.run.when" in text and '"never"' in text for text in messages)
        assert any("tensorhints.hints.dtyp" in text for text in messages)


async def test_an_interpreter_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    settings = {"run": {"interpreter": "/no/such/python"}}
    async with editing(tmp_path, "helix", settings=settings) as editor:
        editor.client.set_configuration(settings, section="tensorhints")
        uri = editor.open("program.py", PROGRAM)
        assert (await editor.run(uri))["outcome"] == "refused"
        assert any("/no/such/python" in text for text in editor.shown_messages())
        assert await editor.lenses(uri) == ["▶ Run", "✗ did not run"]


async def test_words_are_in_the_users_language(tmp_path: Path) -> None:
    async with editing(tmp_path, options={"trusted": True, "locale": "pt-BR"}) as editor:
        uri = editor.open("program.py", PROGRAM)
        assert await editor.lenses(uri) == ["▶ Executar"]


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("run", "text"),
        ("run", 7),
        ("run", {"uri": 7}),
        ("run", {"uri": "file:///nowhere.py"}),
        ("run", {"url": "file:///nowhere.py"}),
        ("run", {"device": "gpu"}),
        ("stop", {"uri": "file:///nowhere.py"}),
        ("setDevice", {"device": "tpu:0"}),
        ("tensors", []),
    ],
)
async def test_a_wrong_argument_is_answered_with_a_sentence(
    neovim: Editor, name: str, argument: Any
) -> None:
    neovim.open("program.py", PROGRAM)
    answer = await neovim.command(name, argument)
    assert list(answer) == ["error"]
    assert len(answer["error"]) > 10


@pytest.mark.parametrize("name", ["run", "stop", "setDevice", "tensors"])
async def test_a_command_without_an_open_file_is_refused(neovim: Editor, name: str) -> None:
    assert "open" in (await neovim.command(name))["error"]


async def test_the_inspector_of_a_file_that_never_ran_is_refused(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert "run" in (await neovim.command("tensors", {"uri": uri}))["error"]


async def test_a_file_that_is_not_python_is_refused(neovim: Editor) -> None:
    uri = neovim.open("notes.txt", "hello\n", language="plaintext")
    assert "notes.txt" in (await neovim.run(uri))["error"]
    assert await neovim.lenses(uri) == []


async def test_a_lesson_is_live_when_it_is_opened(neovim: Editor, root: Path) -> None:
    lesson = next((root / "lessons").glob("*/*.py"))
    uri = neovim.open(str(lesson), lesson.read_text(encoding="utf-8"), saved=False)
    assert (await neovim.next_run()).uri == uri
    assert neovim.runs[-1].live
    assert await neovim.hints(uri)
