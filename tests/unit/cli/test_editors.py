"""The editors that `doctor --editors` finds and prints; the documents contain the same snippets."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tensorhints.cli import editors, main
from tensorhints.cli.editors import EDITORS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SNIPPETS = sorted((Path(editors.__file__).parent / "snippets").iterdir())


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TENSORHINTS_LOCALE", "en")
    return folder


def install(folder: Path, name: str, version: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{version}'\n", encoding="utf-8")
    program.chmod(0o755)


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    editors = json.loads(capsys.readouterr().out)
    return {each["editor"]: [snippet["file"] for snippet in each["snippets"]] for each in editors}


def test_each_editor_gets_the_snippet_for_its_version(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(path, "nvim", "NVIM v0.9.5")
    install(path, "hx", "helix 25.01.1")
    assert main(["doctor", "--editors"]) == 0
    output = capsys.readouterr().out
    assert "require('tensorhints')" not in output
    assert "This version is too old: 0.10 or later is needed." in output
    assert "“tensorhints”" in output  # It is not on this PATH.
    install(path, "tensorhints", "1.0")
    assert str(tmp_path / "config" / "helix" / "languages.toml") in output
    install(path, "nvim", "NVIM v0.11.4")
    assert main(["doctor", "--editors"]) == 0
    output = capsys.readouterr().out
    assert "require('tensorhints').setup()" in output
    plugin = output.split("append('")[1].split("')")[0]
    assert (Path(plugin) / "lua" / "tensorhints" / "init.lua").is_file()


def test_a_configuration_that_there_is_is_not_hidden(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    install(path, "emacs", "GNU Emacs 30.1")
    locations = [tmp_path / ".emacs.d" / "init.el"]
    locations += [tmp_path / "config" / "emacs" / "init.el", tmp_path / ".emacs"]
    for there, location in enumerate(locations):
        if there:
            location.parent.mkdir(parents=True, exist_ok=True)
            location.touch()
        assert main(["doctor", "--editors", "--json"]) == 0
        assert found(capsys) == {"Emacs": [str(location)] * 2}  # Eglot's and lsp-mode's.


def test_a_snippet_for_a_plugin_names_the_plugin(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    install(path, "vim", "VIM - Vi IMproved 9.1")
    assert main(["doctor", "--editors"]) == 0
    output = capsys.readouterr().out
    assert f"With coc.nvim, add to {tmp_path / '.vim' / 'coc-settings.json'}:" in output
    assert f"With vim-lsp, add to {tmp_path / '.vimrc'}:" in output


def test_the_same_as_json(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(path, "code", "1.95.0")
    install(path, "subl", "no number")
    assert main(["doctor", "--editors", "--json"]) == 0
    config = tmp_path / "config"
    assert found(capsys) == {
        "VS Code": [],
        "Sublime Text": [
            str(config / "sublime-text" / "Packages" / "User" / "LSP.sublime-settings")
        ],
    }


def test_without_an_editor_one_sentence_gives_advice(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--editors"]) == 1
    assert "tensorhints serve" in capsys.readouterr().out


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_the_documents_have_each_snippet_word_for_word(root: Path, snippet: Path) -> None:
    pages = [page.read_text("utf-8") for page in (root / "docs" / "editors").glob("*.md")]
    assert any(snippet.read_text("utf-8") in page for page in pages)


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_the_readme_has_one_block_for_each_tested_editor(root: Path, name: str) -> None:
    readme = (root / name).read_text("utf-8")
    for snippet in ("neovim.lua", "helix-languages.toml", "helix-config.toml", "emacs-eglot.el"):
        text = (SNIPPETS[0].parent / snippet).read_text("utf-8")
        assert f"\n{text}```\n" in readme


def test_every_editors_snippet_is_there_and_well_formed() -> None:
    named = {snippet.name for editor in EDITORS for snippet in editor.snippets}
    assert named <= {snippet.name for snippet in SNIPPETS}
    for snippet in SNIPPETS:
        text = snippet.read_text("utf-8")
        if snippet.suffix == ".json":
            json.loads(text)
        elif snippet.suffix == ".toml":
            tomllib.loads(text)
