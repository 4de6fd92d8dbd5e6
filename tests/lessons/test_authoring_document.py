"""Following docs/authoring.md makes a ninth lesson, and its tables are complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tensorhints.course import loader
from tensorhints.course.format import PLACEHOLDERS
from tensorhints.runner.lesson.expectations import Expectation

# A file's name alone on its line with its text below, or commands with what they print.
BLOCK = re.compile(
    r"^`(?P<file>lessons/[^`]+)`\n\n(?P<fence>`{3,})\w+\n(?P<text>.*?)^(?P=fence)$"
    r"|^```console\n(?P<session>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture
def document(root: Path) -> str:
    return (root / "docs/authoring.md").read_text(encoding="utf-8")


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """A project with the course as it is, for an author to work in."""
    shutil.copytree(root / "lessons", tmp_path / "lessons")
    return tmp_path


def run(command: str, where: Path) -> str:
    program, *words = command.split()
    assert program == "tensorhints"
    ran = subprocess.run(
        [sys.executable, "-m", "tensorhints", *words],
        cwd=where,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_following_the_document_makes_a_ninth_lesson(document: str, checkout: Path) -> None:
    ran, written = [], []
    for block in BLOCK.finditer(document):
        if block["file"]:
            path = checkout / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            written.append(path.name)
        else:
            command, expected = block["session"].removeprefix("$ ").split("\n", 1)
            assert run(command, checkout) == expected
            ran.append(command)
    assert len(ran) == 3
    assert {"lesson.toml", "en.md", "pt-BR.md", "checks.py", "solution.py"} <= set(written)
    course, _ = loader.load(checkout / "lessons")
    assert course.lessons[-1].id == "shares"
    assert " shares " in run_list(checkout)


def run_list(where: Path) -> str:
    command = [sys.executable, "-m", "tensorhints", "lessons", "list"]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=100).stdout


def test_the_document_names_every_key(document: str) -> None:
    keys = {*loader.LESSON_KEYS, *loader.CHOICE_KEYS}
    for step in loader.STEP_KEYS.values():
        keys |= set(step)
    assert [key for key in sorted(keys) if key not in document] == []


def test_the_document_names_every_expectation_and_nothing_else(document: str) -> None:
    section = document.partition("`expect(x)` compares")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `\.(\w+)\(", section, re.MULTILINE))
    assert named == {name for name in vars(Expectation) if not name.startswith("_")}


def test_the_document_names_every_difference_and_its_placeholders(document: str) -> None:
    section = document.partition("| difference | placeholders |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`\{(\w+)\}`", section)) == {
        name for names in PLACEHOLDERS.values() for name in names
    }
    rows = section.split("\n")[2:]
    kinds = [kind for row in rows for kind in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(kinds) == sorted(PLACEHOLDERS)
