"""`tensorhints lessons`: lists the course, says what is wrong with lessons, starts a new one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tensorhints.course import authoring, loader, trials
from tensorhints.course.format import Course, Finding
from tensorhints.course.library import Library
from tensorhints.course.loader import COURSE_FILE
from tensorhints.engine.interpreters import InterpreterError
from tensorhints.model.places import Notice
from tensorhints.present.text import printable
from tensorhints.present.words import say

from .arguments import CheckLessons, ListLessons, NewLesson
from .explained import notice_sentence
from .lessons_new import new_lesson
from .lessons_trials import CannotRun, run_trials
from .refusal import BAD_USAGE, Refusal

ALL_WELL, PROBLEMS = 0, 1


def lessons(command: ListLessons | CheckLessons | NewLesson, locale: str) -> int:
    """The exit status. Raises `Refusal` where there is no such course."""
    if isinstance(command, ListLessons):
        return _list(_course_at_hand(), locale)
    if isinstance(command, CheckLessons):
        return _check(command, locale)
    folder = _course_at_hand() if command.path is None else _course_at(Path(command.path))
    made = new_lesson(command.id, folder)
    name = os.path.relpath(made)
    sys.stdout.write(say("cli.lessons.started", locale, id=command.id, path=name) + "\n")
    sys.stdout.write(say("cli.lessons.check-it", locale, path=name) + "\n")
    return ALL_WELL


# ---- which course --------------------------------------------------------------------------------


def _course_at_hand() -> Path:
    """The course where the user stands, or in `lessons` below, or the one that comes with us."""
    here = Path.cwd()
    for folder in (here, here / "lessons", here.parent):
        if (folder / COURSE_FILE).is_file():
            return folder
    return _course_at(loader.find_course())


def _course_at(folder: Path) -> Path:
    if not (folder / COURSE_FILE).is_file():
        raise Refusal("cli.lessons.none", path=str(folder))
    return folder.resolve()


# ---- list ----------------------------------------------------------------------------------------


def _list(folder: Path, locale: str) -> int:
    course, findings = loader.load(folder)
    library = Library(course)
    width = max((len(lesson.id) for lesson in library), default=0)
    for lesson in library:
        title = printable(library.text(lesson, locale).title)
        sys.stdout.write(
            f"{lesson.number:>2}  {lesson.id:<{width}}  {title} ({lesson.minutes} min)\n"
        )
    for finding in findings:
        sys.stderr.write(_said(finding, locale) + "\n")
    return PROBLEMS if findings else ALL_WELL


# ---- check ---------------------------------------------------------------------------------------


def _check(command: CheckLessons, locale: str) -> int:
    course, findings, only = _loaded(command.path)
    chosen = [lesson for lesson in course.lessons if only is None or lesson.folder == only]
    for lesson in chosen:
        findings += authoring.check_lesson(lesson)
    to_run = [trial for lesson in chosen for trial in trials.of_lesson(lesson)]
    problem: Notice | None = None
    try:
        for trial, ended in run_trials(to_run):
            findings += trials.judge(trial, ended)
    except InterpreterError as error:
        problem = error.notice
    except CannotRun as error:
        problem = error.notice
    findings = _once_each(findings)
    if command.json:
        _write_json(course, findings, problem, locale)
    else:
        _write_text(findings, locale, len(chosen), len(to_run), problem is None)
    if problem is not None:
        sys.stderr.write(f"tensorhints: {notice_sentence(problem, locale)}\n")
        return BAD_USAGE
    return PROBLEMS if findings else ALL_WELL


def _once_each(findings: Sequence[Finding]) -> list[Finding]:
    """A check that is broken says so for every file that it was run on."""
    found = {(f.path, f.line, f.code, tuple(sorted(f.fields.items()))): f for f in findings}
    return list(found.values())


def _loaded(path: str | None) -> tuple[Course, list[Finding], Path | None]:
    """The course; its findings, or those of the one lesson that `path` names."""
    folder = _course_at_hand() if path is None else Path(path).resolve()
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


def _belongs(finding: Finding, lesson: Path) -> bool:
    return finding.path.is_relative_to(lesson) or finding.fields.get("folder") == lesson.name


def _write_text(
    findings: Sequence[Finding], locale: str, lessons: int, files: int, ran: bool
) -> None:
    for finding in findings:
        sys.stdout.write(_said(finding, locale) + "\n")
    if len(findings) == 1:
        sys.stdout.write(say("cli.lessons.found-one", locale) + "\n")
    elif findings:
        sys.stdout.write(say("cli.lessons.found", locale, count=len(findings)) + "\n")
    elif ran:
        sys.stdout.write(say("cli.lessons.ok", locale, lessons=lessons, files=files) + "\n")


def _write_json(
    course: Course, findings: Sequence[Finding], problem: Notice | None, locale: str
) -> None:
    data = {
        "course": str(course.folder),
        "ok": not findings and problem is None,
        "findings": [
            {
                "path": str(finding.path),
                "line": finding.line,
                "code": finding.code,
                "message": _sentence(finding, locale),
            }
            for finding in findings
        ],
    }
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _said(finding: Finding, locale: str) -> str:
    """`file:line: sentence`, with lines from 1, as editors read it."""
    path = os.path.relpath(finding.path)
    return f"{printable(path)}:{finding.line + 1}: {_sentence(finding, locale)}"


def _sentence(finding: Finding, locale: str) -> str:
    fields = {name: printable(value) for name, value in finding.fields.items()}
    return say(f"finding.{finding.code}", locale, **fields)
