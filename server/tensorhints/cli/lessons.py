"""`tensorhints lessons`: lists the course, checks lessons, and creates a new one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tensorhints.course import authoring, loader, trials
from tensorhints.course.folders import find_course
from tensorhints.course.format import AuthoringIssue, Course
from tensorhints.course.library import Library
from tensorhints.course.loader import COURSE_FILE
from tensorhints.engine.interpreters import InterpreterError
from tensorhints.model.user_messages import UserMessage
from tensorhints.present.text import printable
from tensorhints.present.words import translate

from .arguments import CheckLessons, ListLessons, NewLesson
from .explained import user_message_sentence
from .lessons_new import new_lesson
from .lessons_trials import CannotRun, run_trials
from .refusal import BAD_USAGE, Refusal

ALL_WELL, PROBLEMS = 0, 1


def lessons(command: ListLessons | CheckLessons | NewLesson, locale: str) -> int:
    """Run the command and return the exit status. Raises `Refusal` if there is no course."""
    if isinstance(command, ListLessons):
        return _list(_default_course(), locale)
    if isinstance(command, CheckLessons):
        return _check(command, locale)
    folder = _default_course() if command.path is None else _course_at(Path(command.path))
    made = new_lesson(command.id, folder)
    name = os.path.relpath(made)
    sys.stdout.write(translate("cli.lessons.started", locale, id=command.id, path=name) + "\n")
    sys.stdout.write(translate("cli.lessons.check-it", locale, path=name) + "\n")
    return ALL_WELL


# ---- which course --------------------------------------------------------------------------------


def _default_course() -> Path:
    """Return the course in the working directory, in `lessons` below it, or the installed one."""
    here = Path.cwd()
    for folder in (here, here / "lessons", here.parent):
        if (folder / COURSE_FILE).is_file():
            return folder
    return _course_at(find_course())


def _course_at(folder: Path) -> Path:
    if not (folder / COURSE_FILE).is_file():
        raise Refusal("cli.lessons.none", path=str(folder))
    return folder.resolve()


# ---- list ----------------------------------------------------------------------------------------


def _list(folder: Path, locale: str) -> int:
    course, issues = loader.load(folder)
    library = Library(course)
    width = max((len(lesson.id) for lesson in library), default=0)
    for lesson in library:
        title = printable(library.text(lesson, locale).title)
        sys.stdout.write(
            f"{lesson.number:>2}  {lesson.id:<{width}}  {title} ({lesson.minutes} min)\n"
        )
    for issue in issues:
        sys.stderr.write(_line(issue, locale) + "\n")
    return PROBLEMS if issues else ALL_WELL


# ---- check ---------------------------------------------------------------------------------------


def _check(command: CheckLessons, locale: str) -> int:
    course, issues, only = _loaded(command.path)
    chosen = [lesson for lesson in course.lessons if only is None or lesson.folder == only]
    for lesson in chosen:
        issues += authoring.check_lesson(lesson)
    to_run = [trial for lesson in chosen for trial in trials.of_lesson(lesson)]
    problem: UserMessage | None = None
    try:
        for trial, ended in run_trials(to_run):
            issues += trials.judge(trial, ended)
    except InterpreterError as error:
        problem = error.user_message
    except CannotRun as error:
        problem = error.user_message
    issues = _once_each(issues)
    if command.json:
        _write_json(course, issues, problem, locale)
    else:
        _write_text(issues, locale, len(chosen), len(to_run), problem is None)
    if problem is not None:
        sys.stderr.write(f"tensorhints: {user_message_sentence(problem, locale)}\n")
        return BAD_USAGE
    return PROBLEMS if issues else ALL_WELL


def _once_each(issues: Sequence[AuthoringIssue]) -> list[AuthoringIssue]:
    """Remove duplicates: a broken check is reported for every file it was run on."""
    found = {(f.path, f.line, f.code, tuple(sorted(f.fields.items()))): f for f in issues}
    return list(found.values())


def _loaded(path: str | None) -> tuple[Course, list[AuthoringIssue], Path | None]:
    """Return the course, its issues, and the folder of the one lesson that `path` names, if any."""
    folder = _default_course() if path is None else Path(path).resolve()
    only = None
    if folder.is_file():
        folder = folder.parent
    if not (folder / COURSE_FILE).is_file() and (folder.parent / COURSE_FILE).is_file():
        if not folder.is_dir():
            raise Refusal("cli.lessons.none", path=str(folder))
        only, folder = folder, folder.parent
    course, found = loader.load(_course_at(folder))
    if only is None:
        return course, list(found), None
    return course, [each for each in found if _belongs(each, only)], only


def _belongs(issue: AuthoringIssue, lesson: Path) -> bool:
    return issue.path.is_relative_to(lesson) or issue.fields.get("folder") == lesson.name


def _write_text(
    issues: Sequence[AuthoringIssue], locale: str, lessons: int, files: int, ran: bool
) -> None:
    for issue in issues:
        sys.stdout.write(_line(issue, locale) + "\n")
    if len(issues) == 1:
        sys.stdout.write(translate("cli.lessons.found-one", locale) + "\n")
    elif issues:
        sys.stdout.write(translate("cli.lessons.found", locale, count=len(issues)) + "\n")
    elif ran:
        sys.stdout.write(translate("cli.lessons.ok", locale, lessons=lessons, files=files) + "\n")


def _write_json(
    course: Course, issues: Sequence[AuthoringIssue], problem: UserMessage | None, locale: str
) -> None:
    data = {
        "course": str(course.folder),
        "ok": not issues and problem is None,
        "findings": [  # Programs read this key, so it keeps its name.
            {
                "path": str(issue.path),
                "line": issue.line,
                "code": issue.code,
                "message": _sentence(issue, locale),
            }
            for issue in issues
        ],
    }
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _line(issue: AuthoringIssue, locale: str) -> str:
    """Return `file:line: sentence`, with lines from 1, as editors parse it."""
    path = os.path.relpath(issue.path)
    return f"{printable(path)}:{issue.line + 1}: {_sentence(issue, locale)}"


def _sentence(issue: AuthoringIssue, locale: str) -> str:
    fields = {name: printable(value) for name, value in issue.fields.items()}
    return translate(f"issue.{issue.code}", locale, **fields)
