"""A small course that is whole, and a copy of it that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tensorhints.course.library import Library
from tensorhints.course.loader import load

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.fixture
def library() -> Library:
    course, issues = load(EXAMPLE)
    assert issues == ()
    return Library(course)
