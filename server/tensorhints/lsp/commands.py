"""The commands of `workspace/executeCommand`: the fields of their argument and what they answer.

`make generate` writes the table of docs/protocol.md from this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import names

_TEXT = (str,)
_FLAG = (bool,)
_NUMBER = (int, float)


@dataclass(frozen=True)
class Command:
    """The optional fields of a command's argument with the types of each, and the answer."""

    fields: Mapping[str, tuple[type, ...]]
    answers: str
    """Markdown."""


def _texts(*fields: str) -> dict[str, tuple[type, ...]]:
    return dict.fromkeys(fields, _TEXT)


COMMANDS: Mapping[str, Command] = {
    names.RUN: Command(
        {**_texts("uri", "device"), "wait": _FLAG},
        "`RunAnswer` when the run has ended or is suspended; null when it has started if `wait` is "
        "false",
    ),
    names.STOP: Command(
        _texts("uri"), "`true` if a run was stopped; the file no longer runs after edits"
    ),
    names.CONTINUE: Command(
        _texts("uri"), "`true` if a suspended run continues, from now on without a limit"
    ),
    names.SET_DEVICE: Command(
        _texts("uri", "device"), "the device in use; without `device` nothing is changed"
    ),
    names.TENSORS: Command(_texts("uri"), "`TensorsAnswer`"),
    names.TENSOR: Command(_texts("uri", "name", "slice"), "`TensorAnswer`"),
    names.LESSON: Command(
        {**_texts("uri", "lesson", "step", "locale"), "read": _FLAG},
        "`LessonAnswer`; the named step counts as read or started, unless `read` is false",
    ),
    names.QUIZ: Command(
        _texts("uri", "lesson", "step", "choice"),
        "`QuizAnswer` with a choice, otherwise `QuestionAnswer`",
    ),
    names.CHECK: Command(_texts("uri", "lesson", "step"), "`CheckAnswer` when the file has run"),
    names.HINT: Command(_texts("uri", "lesson", "step"), "`HintAnswer`"),
    names.SOLUTION: Command(
        {**_texts("uri", "lesson", "step"), "apply": _FLAG},
        "`SolutionAnswer`; if `apply` is false, no document is edited",
    ),
    names.RESET: Command(_texts("uri", "lesson", "step"), "`ResetAnswer`"),
    names.PROGRESS: Command(
        {**_texts("lesson"), "seconds": _NUMBER},
        "`ProgressAnswer`; `seconds` adds time spent on the lesson",
    ),
    names.PAGE: Command(
        _texts("page", "lesson", "step", "uri", "locale"),
        "`PageAnswer`; the page is then opened in a browser",
    ),
}
