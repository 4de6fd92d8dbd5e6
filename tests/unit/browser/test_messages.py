"""Messages that a page may send: those of the known shapes, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tensorhints.browser.messages import COMMANDS, from_page

COMMAND: dict[str, Any] = {
    "type": "command",
    "id": 1,
    "command": "quiz",
    "argument": {"lesson": "tensors", "step": None, "seconds": 1.5},
}
KNOWN: list[dict[str, Any]] = [
    {"type": "ready"},
    COMMAND,
    {"type": "openLesson", "lesson": "tensors", "step": None, "locale": "en"},
    {"type": "insert", "code": "x = 1"},
    {"type": "runCode", "code": "x = 1"},
    {"type": "showSolution", "lesson": "tensors", "step": "row"},
    {"type": "reveal", "uri": "file:///a.py", "line": 0, "character": 0},
    {"type": "runActive"},
]


@pytest.mark.parametrize("message", KNOWN, ids=lambda message: message["type"])
def test_a_message_of_a_known_shape_is_taken(message: dict[str, Any]) -> None:
    assert from_page(json.dumps(message)) == message


@pytest.mark.parametrize("message", KNOWN, ids=lambda message: message["type"])
def test_a_field_too_many_or_too_few_makes_it_none(message: dict[str, Any]) -> None:
    assert from_page(json.dumps({**message, "more": 1})) is None
    for name in message:
        fewer = {key: value for key, value in message.items() if key != name}
        assert from_page(json.dumps(fewer)) is None


@pytest.mark.parametrize(
    "message",
    [
        {"type": "unknown"},
        {"type": ["ready"]},
        {**COMMAND, "command": "setDevice"},
        {**COMMAND, "command": ["quiz"]},
        {**COMMAND, "id": -1},
        {**COMMAND, "id": True},
        {**COMMAND, "argument": None},
        {**COMMAND, "argument": {"lesson": {"nested": 1}}},
        {**COMMAND, "argument": {"lesson": "x" * 4001}},
        {**COMMAND, "argument": {"x" * 41: 1}},
        {"type": "insert", "code": "x" * 100_001},
        {"type": "insert", "code": 1},
        {"type": "reveal", "uri": "file:///a.py", "line": -1, "character": 0},
        {"type": "reveal", "uri": "file:///a.py", "line": 0.5, "character": 0},
        {"type": "reveal", "uri": "file:///a.py", "line": 10**30, "character": 0},
        [],
        "ready",
        None,
    ],
)
def test_a_message_of_another_shape_is_refused(message: object) -> None:
    assert from_page(json.dumps(message)) is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b'{"type": "ready"}', "NaN"])
def test_a_text_that_is_not_json_is_refused(text: object) -> None:
    assert from_page(text) is None


def test_a_page_sends_the_commands_that_its_own_source_names(root: Any) -> None:
    source = (root / "vscode-client/src/shared/protocol.ts").read_text("utf-8")
    listed = source.split("export const PAGE_COMMANDS = [")[1].split("]")[0]
    assert set(json.loads(f"[{listed.strip().rstrip(',')}]")) == COMMANDS
