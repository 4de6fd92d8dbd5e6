"""A course as values: what the lessons say is true, and what they say in each language.

`loader` makes these from the files; nothing here reads any. docs/authoring.md describes the files.
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
"""What a check can find different, in the order in which it looks, and what feedback can then say
of it."""


@dataclass(frozen=True)
class Choice:
    """One answer to a quiz. `run` is an expression that proves or refutes it, `device` the device
    that the proof needs (`simulated` where it speaks of CUDA).
    """

    id: str
    correct: bool = False
    run: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class Step:
    """`checks` are the ids of the checks that the step passes when all are correct, in order;
    `checks_file` defines them. `hints` counts the rungs of the ladder. `names` are the names that
    the step asks the learner for.
    """

    id: str
    kind: str
    choices: tuple[Choice, ...] = ()
    checks_file: Path | None = None
    checks: tuple[str, ...] = ()
    hints: int = 0
    names: tuple[str, ...] = ()

    def choice(self, id: str) -> Choice | None:  # noqa: A002 - the format's own word
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True)
class StepText:
    """The words of one step in one language, as Markdown. `choices` and `explanations` are by the
    choice's id; `feedback` by the check's id, or `CHECK.DIFFERENCE` for one kind of difference.
    `headings` are the titles of the sections (`choices`, `hints`, …) in this language. `lines` says
    where each stands in its file: `title`, `hint.0`, `choice.ID`, `explanation.ID`, `feedback.ID`.
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
    """`steps` are by the step's id."""

    title: str
    lead: str
    steps: Mapping[str, StepText]
    path: Path = Path()


@dataclass(frozen=True)
class Lesson:
    """`number` is the place in the course, from 1. `file` is what the learner opens, the starter.
    `texts` are by locale. `digest` changes when what counts as right does, not when words do.
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
        return next((step for step in self.steps if step.id == id), None)

    def solutions(self) -> tuple[Path, ...]:
        """Every file that must pass; `solution.py`, the one that is shown, comes first."""
        return tuple(
            sorted(
                (*self.folder.glob("solution.py"), *self.folder.glob("solution_*.py")),
                key=lambda path: (path.name != "solution.py", path.name),
            )
        )

    def mistakes(self) -> tuple[Path, ...]:
        """The known mistakes: each must trip the check that its first line names."""
        return tuple(sorted((self.folder / "wrong").glob("*.py")))


@dataclass(frozen=True)
class Course:
    """`titles` are by locale; the first locale is the one that others fall back to."""

    id: str
    locales: tuple[str, ...]
    titles: Mapping[str, str]
    lessons: tuple[Lesson, ...]
    folder: Path = Path()


@dataclass(frozen=True)
class AuthoringIssue:
    """Something wrong with a file of the course. `line` counts from 0. `code` names the sentence,
    `fields` fill it.
    """

    path: Path
    line: int
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
