"""A course as values: its structure, and its texts in each language.

`loader` creates them from the files, which docs/authoring.md describes; nothing here reads files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORMAT_VERSION = 1

THEORY = "theory"
QUIZ = "quiz"
CHALLENGE = "challenge"
STEP_KINDS = (THEORY, QUIZ, CHALLENGE)

_ALWAYS = ("name", "actual", "expected")
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "missing": ("name",),
    "type": _ALWAYS,
    "rank": (*_ALWAYS, "shape"),
    "shape": (*_ALWAYS, "actual_rank", "expected_rank"),
    "dtype": _ALWAYS,
    "device": _ALWAYS,
    "requires_grad": _ALWAYS,
    "values": (*_ALWAYS, "index", "differing", "total"),
}
"""The differences that a check can find, in the order in which it compares, and the placeholders
that feedback on each can use."""


@dataclass(frozen=True)
class Choice:
    """One answer to a quiz.

    `run` is an expression that proves or refutes it. `device` is the device that the proof needs
    (`simulated` if it is about CUDA).
    """

    id: str
    correct: bool = False
    run: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    A challenge is solved when all `checks` (ids, in order) are correct; `checks_file` defines them.
    `hints` is the number of hints. `names` are the names that the step asks the learner to bind.
    """

    id: str
    kind: str
    choices: tuple[Choice, ...] = ()
    checks_file: Path | None = None
    checks: tuple[str, ...] = ()
    hints: int = 0
    names: tuple[str, ...] = ()

    def choice(self, id: str) -> Choice | None:  # noqa: A002 - the format's own word
        """Return the choice with this id, or None."""
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True)
class StepText:
    """The texts of one step in one language, as Markdown.

    `choices` and `explanations` are keyed by the choice's id; `feedback` by the check's id, or by
    `CHECK.DIFFERENCE` for one kind of difference. `headings` are the titles of the sections
    (`choices`, `hints`, …). `lines` maps `title`, `hint.0`, `choice.ID`, `explanation.ID` and
    `feedback.ID` to their lines in the file, from 0.
    """

    title: str
    body: str
    choices: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    feedback: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LessonText:
    """The texts of one lesson in one language. `steps` is keyed by the step's id."""

    title: str
    lead: str
    steps: Mapping[str, StepText]
    path: Path = Path()


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    `number` is its position in the course, from 1. `file` is the starter, which the learner opens.
    `texts` is keyed by locale. `digest` changes when the steps or checks change, but not when only
    texts do.
    """

    id: str
    folder: Path
    number: int
    minutes: int
    concepts: tuple[str, ...]
    requires: tuple[str, ...]
    file: Path
    steps: tuple[Step, ...]
    texts: Mapping[str, LessonText]
    digest: str

    def step(self, id: str) -> Step | None:  # noqa: A002 - the format's own word
        """Return the step with this id, or None."""
        return next((step for step in self.steps if step.id == id), None)

    def solutions(self) -> tuple[Path, ...]:
        """Return every file that must pass; `solution.py`, which is shown, comes first."""
        return tuple(
            sorted(
                (*self.folder.glob("solution.py"), *self.folder.glob("solution_*.py")),
                key=lambda path: (path.name != "solution.py", path.name),
            )
        )

    def mistakes(self) -> tuple[Path, ...]:
        """Return the known mistakes: each must fail the check named in its first line."""
        return tuple(sorted((self.folder / "wrong").glob("*.py")))


@dataclass(frozen=True)
class Course:
    """A course.

    `titles` is keyed by locale. The first locale is the fallback for all others.
    """

    id: str
    locales: tuple[str, ...]
    titles: Mapping[str, str]
    lessons: tuple[Lesson, ...]
    folder: Path = Path()


@dataclass(frozen=True)
class AuthoringIssue:
    """Something wrong with a file of the course.

    `line` counts from 0. `code` names the sentence, `fields` fill it.
    """

    path: Path
    line: int
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
