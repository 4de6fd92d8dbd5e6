"""Edits of a lesson's file: a step's solution, and the starter again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tensorhints.course.format import Lesson
from tensorhints.course.step_ranges import StepRange
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Edit, Position, Text

from .files import create_working_copy, write_backup
from .learner import Learner
from .selection import Selection


def text_of(selection: Selection) -> str:
    """Return the text of the working copy, from the editor or the disk. Raises `RefusedError`."""
    if selection.document is not None:
        return selection.document.text.text
    try:
        with create_working_copy(selection.lesson).open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError("lesson-unreadable", str(error)) from error


def working_copy_of(lesson: Lesson) -> Path:
    """Return the path of the working copy, created if needed. Raises `RefusedError`."""
    try:
        return create_working_copy(lesson)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error


def back_up(selection: Selection, text: str) -> Path:
    """Write a backup of the text; if the file is not open, also replace it by the starter.

    Returns the backup's path. Raises `RefusedError`.
    """
    lesson = selection.lesson
    try:
        backup = write_backup(lesson, text)
        if selection.document is None:
            create_working_copy(lesson).write_bytes(lesson.file.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    return backup


def solution_edits(text: Text, ranges: Iterable[StepRange]) -> list[Edit]:
    """Return the edits that replace a step's lines by the solution's."""
    return [_replacement(text, each, each.solution) for each in ranges]


def starter_edits(learner: Learner, selection: Selection) -> list[Edit]:
    """Return the edits that restore the starter, of one step if one is selected.

    Raises `RefusedError`.
    """
    assert selection.document is not None
    text, lesson = selection.document.text, selection.lesson
    if selection.step is not None:
        ranges = learner.step_ranges(lesson, text.text).get(selection.step.id, ())
        return [_replacement(text, each, each.starter) for each in ranges]
    try:
        starter = learner.course.starter(lesson)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    return [Edit(starter, Position(0, 0), _line_start(text, len(text.lines)))]


def solved_text(text: Text, ranges: Iterable[StepRange]) -> str:
    """Return the whole text with a step's lines replaced by the solution's."""
    lines = list(text.lines)
    for step_range in reversed(tuple(ranges)):
        lines[step_range.first : step_range.end] = step_range.solution
    return _line_end(text).join(lines)


def _replacement(text: Text, step_range: StepRange, lines: tuple[str, ...]) -> Edit:
    end = _line_end(text)
    new = "".join(f"{line}{end}" for line in lines)
    if step_range.end >= len(text.lines):
        # The last line of a text does not end in a line break.
        new = new.removesuffix(end)
        if step_range.first >= len(text.lines):
            new = end + new
    return Edit(new, _line_start(text, step_range.first), _line_start(text, step_range.end))


def _line_start(text: Text, line: int) -> Position:
    """Return the start of a line; of a line below the last one, the end of the text."""
    last = len(text.lines) - 1
    return Position(line, 0) if line <= last else Position(last, len(text.line(last)))


def _line_end(text: Text) -> str:
    return "\r\n" if "\r\n" in text.text else "\n"
