"""The questions that jedi's process answers, their answers, and both as lines of JSON.

Lines and columns count from 0, columns in code points.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COMPLETE = "complete"
SIGNATURES = "signatures"
DEFINITIONS = "definitions"
BINDINGS = "bindings"  # the assignment that a name comes from, not what was assigned
REFERENCES = "references"
SYMBOLS = "symbols"


@dataclass(frozen=True)
class Question:
    """A question about one position in a text.

    `roots` are the workspace folders. `interpreter` is the Python whose installed packages are
    read; None reads no packages. `buffers` maps the path of each other open file to its text, or to
    None if the file on disk counts again.
    """

    kind: str
    text: str
    path: str
    line: int = 0
    column: int = 0
    roots: tuple[str, ...] = ()
    interpreter: str | None = None
    buffers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Completion:
    """A name that can be inserted.

    `kind` is jedi's: `module`, `class`, `instance`, `function`, `param`, `path`, `keyword`,
    `property` or `statement`.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Signature:
    """The signature of the call at the position.

    `parameters` are (start, end) spans of `text`. `active` is the index of the parameter at the
    position, or None.
    """

    text: str
    parameters: tuple[tuple[int, int], ...]
    active: int | None
    documentation: str


@dataclass(frozen=True)
class Location:
    """An occurrence of a name. `is_definition` says whether the name is bound there."""

    path: str
    line: int
    column: int
    name: str
    is_definition: bool


@dataclass(frozen=True)
class Symbol:
    """A definition from (`line`, `column`) to (`end_line`, `end_column`).

    Its name is at (`name_line`, `name_column`). `depth` counts the enclosing definitions; every
    symbol comes after the ones that enclose it.
    """

    name: str
    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    name_line: int
    name_column: int
    depth: int


Answer = Completion | Signature | Location | Symbol

_ANSWER_OF: dict[str, type[Any]] = {
    COMPLETE: Completion,
    SIGNATURES: Signature,
    DEFINITIONS: Location,
    BINDINGS: Location,
    REFERENCES: Location,
    SYMBOLS: Symbol,
}


def line_of(question: Question) -> bytes:
    """Encode a question as one line of JSON."""
    return json.dumps(dataclasses.asdict(question)).encode() + b"\n"


def question_of(line: bytes) -> Question:
    """Decode what `line_of` returned."""
    fields = json.loads(line)
    return Question(**{**fields, "roots": tuple(fields["roots"])})


def line_of_answers(answers: list[Answer]) -> bytes:
    """Encode the answers to one question as one line of JSON."""
    return json.dumps([list(dataclasses.astuple(answer)) for answer in answers]).encode() + b"\n"


def answers_of(kind: str, line: bytes) -> list[Any]:
    """Decode what `line_of_answers` returned for a question of this kind.

    Raises `ValueError` or `TypeError` for any other line.
    """
    answer = _ANSWER_OF[kind]
    return [answer(*fields) for fields in json.loads(line)]
