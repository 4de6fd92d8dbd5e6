"""docs/protocol.md describes the notifications, settings and commands as the code has them."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tensorhints.lsp import names, notifications
from tensorhints.session.settings import SETTING_NAMES, Settings, resolve

SHAPES = [
    shape
    for shape in vars(notifications).values()
    if dataclasses.is_dataclass(shape) and isinstance(shape, type)
]
NAMES = [getattr(names, constant) for constant in vars(names) if constant.isupper()]


@pytest.fixture(scope="module")
def document() -> str:
    path = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
    return path.read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every table row."""
    lines = (line for line in text.split("\n") if line.startswith("| `"))
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_has_its_fields_and_their_types(document: str, shape: Any) -> None:
    section = document.split(f"\n### {shape.__name__}\n")[1].split("\n#")[0]
    documented = {row[0].strip("`"): row[1].strip("`").replace("\\|", "|") for row in rows(section)}
    assert documented == {field.name: field.type for field in dataclasses.fields(shape)}


def test_the_scans_find_the_shapes_and_the_names() -> None:
    assert len(SHAPES) > 20
    assert len(NAMES) > 20


def test_every_setting_has_its_default(document: str) -> None:
    section = document.split("\n## Settings\n")[1].split("\n## ")[0]
    documented = {row[0].strip("`"): row[1].strip("`") for row in rows(section)}
    assert list(documented) == list(SETTING_NAMES)
    sent = {}
    for name, default in documented.items():
        try:
            sent[name] = json.loads(default)
        except ValueError:
            continue  # Described in words: it depends on the machine.
    assert resolve(sent) == (Settings(), ())


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented(document: str, name: str) -> None:
    assert f"`{name}`" in document
