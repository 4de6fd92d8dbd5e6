"""The documents keep their promises: their links lead somewhere, both READMEs say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(((?!https?://|#)[^)\s]+)\)")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^(`{3,})\w+\n.*?^\1$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s*(#|--) .*$", re.MULTILINE)


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
    missing = [t for t in targets if not (document.parent / t.partition("#")[0]).exists()]
    assert missing == []


def test_both_readmes_have_the_same_sections_and_editor_settings(root: Path) -> None:
    english = (root / "README.md").read_text(encoding="utf-8")
    portuguese = (root / "README.pt-BR.md").read_text(encoding="utf-8")
    assert _outline(english) == _outline(portuguese)
    assert _settings(english) == _settings(portuguese)


def test_the_two_commands_of_the_readme_are_there(root: Path) -> None:
    targets = (root / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"make (\w+)", (root / "README.md").read_text(encoding="utf-8")):
        assert f"\n{command}:" in targets


def _outline(text: str) -> list[str]:
    return re.findall(r"^#+", text, re.MULTILINE)


def _settings(text: str) -> list[str]:
    return [COMMENT.sub("", code) for name, code in FENCE.findall(text) if name != "console"]
