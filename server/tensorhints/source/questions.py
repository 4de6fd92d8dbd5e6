"""What is asked about a place in a text, what is answered, and both as a line of JSON.

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
    """`roots` are the workspace's folders. `interpreter` is whose installed packages are read;
    without one, no package is. `buffers`: the texts of the other files that are open, by their
    paths; None for one that counts as it is on the disk again.
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
    """`kind` is jedi's: `module`, `class`, `instance`, `function`, `param`, `path`, `keyword`,
    `property` or `statement`.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Signature:
    """`parameters` are spans of `text`, from and to; `active` is the index of the one at the
    place, or None.
    """

    text: str
    parameters: tuple[tuple[int, int], ...]
    active: int | None
    documentation: str


@dataclass(frozen=True)
class Location:
    """Where a name stands. `is_definition`: it is bound there."""

    path: str
    line: int
    column: int
    name: str
    is_definition: bool


@dataclass(frozen=True)
class Symbol:
    """A definition from (`line`, `column`) to (`end_line`, `end_column`), named at `name_line`,
    `name_column`. `depth` counts the definitions around it; each follows what it stands in.
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
    return json.dumps(dataclasses.asdict(question)).encode() + b"\n"


def question_of(line: bytes) -> Question:
    fields = json.loads(line)
    return Question(**{**fields, "roots": tuple(fields["roots"])})


def line_of_answers(answers: list[Answer]) -> bytes:
    return json.dumps([list(dataclasses.astuple(answer)) for answer in answers]).encode() + b"\n"


def answers_of(kind: str, line: bytes) -> list[Any]:
    """Raises ValueError or TypeError where the line is none that `line_of_answers` wrote."""
    answer = _ANSWER_OF[kind]
    return [answer(*fields) for fields in json.loads(line)]
