"""Validation of the messages that a page sends, before anything is done with them.

The shapes are those of `FromPage` in vscode-client/src/shared/messages.ts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Message = dict[str, Any]

# The commands that a page may send, without their prefix.
COMMANDS = frozenset(
    {
        "run",
        "stop",
        "tensors",
        "tensor",
        "lesson",
        "quiz",
        "check",
        "hint",
        "solution",
        "reset",
        "progress",
    }
)
_LONGEST_CODE = 100_000
_LONGEST_TEXT = 4_000
_LONGEST_NAME = 40
_LARGEST = 2**53


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_CODE


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < _LARGEST


def _is_command(value: object) -> bool:
    return isinstance(value, str) and value in COMMANDS


def _is_argument(value: object) -> bool:
    return isinstance(value, dict) and all(
        len(name) <= _LONGEST_NAME and (_is_text_or_null(each) or type(each) in (int, float, bool))
        for name, each in value.items()
    )


_SHAPES: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    "ready": {},
    "command": {"id": _is_count, "command": _is_command, "argument": _is_argument},
    "openLesson": {"lesson": _is_text, "step": _is_text_or_null, "locale": _is_text},
    "insert": {"code": _is_code},
    "runCode": {"code": _is_code},
    "showSolution": {"lesson": _is_text, "step": _is_text},
    "reveal": {"uri": _is_text, "line": _is_count, "character": _is_count},
    "runActive": {},
}


def from_page(text: object) -> Message | None:
    """Return the decoded message, or None if it is not one that a page can send."""
    if not isinstance(text, str):
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return None
    shape = _SHAPES.get(message["type"])
    if shape is None or message.keys() != {"type", *shape}:
        return None
    return message if all(fits(message[name]) for name, fits in shape.items()) else None
