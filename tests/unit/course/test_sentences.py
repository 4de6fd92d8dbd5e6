"""Every authoring issue and every verdict has a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tensorhints
from tensorhints.course.format import PLACEHOLDERS
from tensorhints.model.verdicts import VERDICTS
from tensorhints.present.words import TABLES, knows

SOURCES = sorted((Path(tensorhints.__file__).parent / "course").rglob("*.py"))
# The position of the issue's code among the arguments of a call.
CODE_POSITION = {"AuthoringIssue": 2, "wrong": 1, "wrong_value": 1}


def codes() -> Iterator[tuple[str, str]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            location = CODE_POSITION.get(name, len(node.args))
            for argument in ast.walk(node.args[location]) if location < len(node.args) else ():
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, f"{path.name}:{node.lineno}"


def test_every_authoring_issue_has_a_sentence() -> None:
    found = dict(codes())
    assert len(found) > 40
    assert {code: location for code, location in found.items() if not knows(f"issue.{code}")} == {}


@pytest.mark.parametrize("locale", TABLES)
def test_every_verdict_and_every_difference_has_a_sentence(locale: str) -> None:
    words = TABLES[locale]
    assert all(f"verdict.{verdict}" in words for verdict in VERDICTS if verdict != "incorrect")
    assert all(f"verdict.incorrect.{kind}" in words for kind in PLACEHOLDERS)
