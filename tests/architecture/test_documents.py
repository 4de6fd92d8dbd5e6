"""The documents' links, modules, functions and commands exist, and both READMEs agree."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(((?!https?://|#)[^)\s]+)\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^(`{3,})\w+\n.*?^\1$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s*(#|--) .*$", re.MULTILINE)
# A module by its path, and a step of "the life of …": its modules and its functions.
MODULE = re.compile(r"`((?:[\w.-]+/)+\w+\.(?:py|ts))`")
STEP = re.compile(r"^\| \d+ \| (.+?) \| (.+?) \|", re.MULTILINE)
NAME = re.compile(r"`([\w./]+)`")

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", ".github/**/*.md")
    for path in ROOT.glob(pattern)
)


def test_there_are_documents() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/architecture.md"} <= set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_link_leads_to_a_file_of_the_project(root: Path, name: str) -> None:
    document = root / name
    text = document.read_text(encoding="utf-8")
    targets = LINK.findall(CODE.sub("", text))
    assert targets or name != "README.md"
    missing = [t for t in targets if not (document.parent / t.partition("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [name for name in DOCUMENTS if name.startswith(("docs/decisions", "docs/arch", "CONTRIB"))],
)
def test_a_module_that_a_document_names_exists(root: Path, name: str) -> None:
    named = MODULE.findall((root / name).read_text(encoding="utf-8"))
    folders = (root, root / "server" / "tensorhints", root / "server" / "tensorhints" / "lsp")
    assert [path for path in named if not any((f / path).is_file() for f in folders)] == []
    assert len(named) > {"docs/architecture.md": 30, "CONTRIBUTING.md": 10}.get(name, -1)


def test_the_lives_of_an_edit_and_of_a_tensor_name_functions_that_exist(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = STEP.findall(text)
    assert 30 < len(steps) <= 36
    for modules, functions in steps:
        paths = [name for name in NAME.findall(modules) if name.endswith(".py")]
        defined = {name for path in paths for name in _defined(root, path)}
        missing = [
            part
            for name in NAME.findall(functions)
            for part in name.split(".")
            if part not in defined
        ]
        assert missing == [], (modules, functions)


def test_both_readmes_have_the_same_sections_and_editor_settings(root: Path) -> None:
    english = (root / "README.md").read_text(encoding="utf-8")
    portuguese = (root / "README.pt-BR.md").read_text(encoding="utf-8")
    assert _outline(english) == _outline(portuguese)
    assert len(_outline(english)) > 5
    assert _settings(english) == _settings(portuguese)
    assert len(_settings(english)) > 3


def test_the_two_commands_of_the_readme_are_there(root: Path) -> None:
    targets = (root / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"make (\w+)", (root / "README.md").read_text(encoding="utf-8"))
    assert len(commands) >= 2
    for command in commands:
        assert f"\n{command}:" in targets


def _outline(text: str) -> list[str]:
    return re.findall(r"^#+", text, re.MULTILINE)


def _settings(text: str) -> list[str]:
    return [COMMENT.sub("", code) for name, code in FENCE.findall(text) if name != "console"]


def _defined(root: Path, path: str) -> set[str]:
    """The names of all functions and classes of a module, which may be named without its folder."""
    folder = root / "server" / "tensorhints"
    found = [folder / path] if (folder / path).is_file() else list(folder.rglob(path))
    return {
        node.name
        for each in found
        for node in ast.walk(ast.parse(each.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
