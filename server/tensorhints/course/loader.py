"""Loads a course from its files.

Never raises for the content of a file: a broken lesson is left out, with issues that say where and
why, and all other lessons still work.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import markdown_file, toml_file
from .format import (
    CHALLENGE,
    FORMAT_VERSION,
    QUIZ,
    STEP_KINDS,
    AuthoringIssue,
    Choice,
    Course,
    Lesson,
    LessonText,
    Step,
    StepText,
)
from .toml_file import TomlFile

COURSE_FILE = "course.toml"
LESSON_FILE = "lesson.toml"
DEFAULT_CHECKS = "checks.py"
PROOF_DEVICES = ("cpu", "simulated")

COURSE_KEYS = ("$schema", "format_version", "id", "locales", "lessons", "title")
LESSON_KEYS = (
    "$schema",
    "format_version",
    "id",
    "minutes",
    "concepts",
    "requires",
    "file",
    "step",
)
STEP_KEYS = {
    "theory": ("id", "kind"),
    "quiz": ("id", "kind", "choice"),
    "challenge": ("id", "kind", "checks", "check", "hints", "names"),
}
CHOICE_KEYS = ("id", "correct", "run", "device")

_MAX_FILE_BYTES = 1 << 20
LESSON_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CHOICE_ID = re.compile(r"[a-z][a-z0-9_-]*")
_CHECK_ID = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+")
_FOLDER = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")
_PYTHON_FILE = re.compile(r"[A-Za-z_]\w{0,60}\.py")
_NOT_A_STARTER = re.compile(r"(solution(_\w+)?|checks)\.py")


def load(folder: Path) -> tuple[Course, tuple[AuthoringIssue, ...]]:
    """Load the course in `folder`: all valid lessons, and the issues of the others."""
    issues: list[AuthoringIssue] = []
    toml = _toml(folder / COURSE_FILE, issues)
    if toml is None:
        return Course("", (), {}, (), folder), tuple(issues)
    fields = _Fields(toml, toml.data, issues)
    fields.only(COURSE_KEYS)
    fields.version()
    id_ = fields.id()
    locales = fields.texts("locales", _LOCALE, "bad-locale")
    folders = fields.texts("lessons", _FOLDER, "bad-folder")
    titles = _titles(fields, locales)
    lessons = _lessons(toml, folders, locales, issues)
    issues += _cycles(lessons)
    issues += _unlisted(folder, folders, toml)
    return Course(id_, locales, titles, tuple(lessons), folder), tuple(issues)


def _lessons(
    toml: TomlFile,
    folders: tuple[str, ...],
    locales: tuple[str, ...],
    issues: list[AuthoringIssue],
) -> list[Lesson]:
    """Load the lessons that the course lists; ids must be unique and requirements must exist."""
    lessons: list[Lesson] = []
    ids: dict[str, Path] = {}
    required: list[tuple[TomlFile, str]] = []
    for number, name in enumerate(folders, 1):
        path = toml.path.parent / name
        if not path.is_dir():
            line = toml.line_of_value(name)
            issues.append(AuthoringIssue(toml.path, line, "no-such-lesson", {"folder": name}))
            continue
        lesson, lesson_id, lesson_toml = _lesson(path, number, locales, issues)
        if lesson_id is not None and lesson_toml is not None:
            if lesson_id in ids:
                line = lesson_toml.line("id")
                details = {"id": lesson_id, "other": ids[lesson_id].name}
                issues.append(AuthoringIssue(lesson_toml.path, line, "repeated-lesson-id", details))
                continue
            required += [(lesson_toml, each) for each in _strings(lesson_toml.data.get("requires"))]
            ids[lesson_id] = path
        if lesson is not None:
            lessons.append(lesson)
    for lesson_toml, each in required:
        if each not in ids:
            line = lesson_toml.line("requires")
            issues.append(
                AuthoringIssue(lesson_toml.path, line, "unknown-requirement", {"id": each})
            )
    return lessons


def read_text(path: Path) -> str:
    """Read a file of the course.

    Raises `OSError`, or `UnicodeDecodeError` if the file is not UTF-8.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_FILE_BYTES + 1)
    if len(data) > _MAX_FILE_BYTES:
        raise OSError(f"larger than {_MAX_FILE_BYTES} bytes")
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def _text(path: Path, issues: list[AuthoringIssue]) -> str | None:
    try:
        return read_text(path)
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n")
        issues.append(AuthoringIssue(path, line, "not-utf8"))
    except OSError as error:
        if path.exists():
            detail = error.strerror or str(error)
            issues.append(AuthoringIssue(path, 0, "unreadable", {"detail": detail}))
        else:
            issues.append(AuthoringIssue(path, 0, "no-such-file"))
    return None


def _toml(path: Path, issues: list[AuthoringIssue]) -> TomlFile | None:
    text = _text(path, issues)
    if text is None:
        return None
    toml, issue = toml_file.read(path, text)
    if issue is not None:
        issues.append(issue)
        return None
    return toml


# ---- one lesson ------------------------------------------------------------------------------


def _lesson(
    folder: Path, number: int, locales: tuple[str, ...], issues: list[AuthoringIssue]
) -> tuple[Lesson | None, str | None, TomlFile | None]:
    """Return the lesson if it is valid; its id and lesson.toml if at least these can be read."""
    before = len(issues)
    toml = _toml(folder / LESSON_FILE, issues)
    if toml is None:
        return None, None, None
    fields = _Fields(toml, toml.data, issues)
    fields.only(LESSON_KEYS)
    fields.version()
    id_ = fields.id()
    minutes = fields.number("minutes", 1, 240)
    concepts = fields.texts("concepts", None, "bad-type", required=False)
    requires = fields.texts("requires", LESSON_ID, "bad-id", required=False)
    file = _starter(folder, fields)
    steps = _steps(folder, toml, issues)
    texts: dict[str, LessonText] = {}
    for locale in locales:
        path = folder / f"{locale}.md"
        text = _text(path, issues)
        if text is None:
            continue
        lesson_text, text_issues = markdown_file.read(path, text)
        issues += text_issues
        issues += _mismatches(path, lesson_text, steps)
        texts[locale] = lesson_text
    if len(issues) > before or file is None:
        return None, id_ or None, toml
    digest = _digest(folder, steps)
    lesson = Lesson(id_, folder, number, minutes, concepts, requires, file, steps, texts, digest)
    return lesson, id_, toml


def _starter(folder: Path, fields: _Fields) -> Path | None:
    name = fields.text("file", _PYTHON_FILE, "bad-file-name", required=False)
    if name is not None:
        if not (folder / name).is_file():
            fields.wrong("file", "no-such-starter", file=name)
            return None
        return folder / name
    if "file" in fields.data:
        return None
    candidates = sorted(
        path.name for path in folder.glob("*.py") if not _NOT_A_STARTER.fullmatch(path.name)
    )
    if len(candidates) != 1:
        code = "several-starters" if candidates else "no-starter"
        fields.wrong("file", code, files=", ".join(candidates))
        return None
    return folder / candidates[0]


def _steps(folder: Path, toml: TomlFile, issues: list[AuthoringIssue]) -> tuple[Step, ...]:
    blocks = toml.data.get("step")
    if not isinstance(blocks, list) or not blocks:
        issues.append(AuthoringIssue(toml.path, toml.line("step"), "no-steps"))
        return ()
    steps: list[Step] = []
    checks: set[str] = set()
    for index, block in enumerate(blocks):
        fields = _Fields(toml, block if isinstance(block, dict) else {}, issues, index)
        step = _step(folder, fields)
        if step is None:
            continue
        if step.id in {other.id for other in steps} or step.id == markdown_file.LESSON_ID:
            fields.wrong("id", "repeated-id", id=step.id)
            continue
        for check in step.checks:
            if check in checks:
                fields.wrong("check", "repeated-id", id=check)
            checks.add(check)
        steps.append(step)
    return tuple(steps)


def _step(folder: Path, fields: _Fields) -> Step | None:
    id_ = fields.id()
    kind = fields.data.get("kind")
    if not isinstance(kind, str) or kind not in STEP_KINDS:
        fields.wrong("kind", "bad-kind", value=str(kind))
        return None
    fields.only(STEP_KEYS[kind])
    if not id_:
        return None
    if kind == QUIZ:
        return Step(id_, kind, choices=_choices(fields))
    if kind == CHALLENGE:
        name = fields.text("checks", _PYTHON_FILE, "bad-file-name", required=False)
        path = folder / (name or DEFAULT_CHECKS)
        if not path.is_file():
            fields.wrong("checks", "no-such-checks", file=path.name)
        checks = fields.texts("check", _CHECK_ID, "bad-check-id")
        hints = fields.number("hints", 0, 20, default=0)
        names = fields.texts("names", None, "bad-name", required=False)
        for each in names:
            if not each.isidentifier():
                fields.wrong("names", "bad-name", value=each)
        return Step(id_, kind, checks_file=path, checks=checks, hints=hints, names=names)
    return Step(id_, kind)


def _choices(fields: _Fields) -> tuple[Choice, ...]:
    blocks = fields.data.get("choice")
    if not isinstance(blocks, list) or len(blocks) < 2:
        fields.wrong("choice", "too-few-choices")
        return ()
    choices: list[Choice] = []
    for block in blocks:
        inner = fields.inner(block if isinstance(block, dict) else {})
        inner.only(CHOICE_KEYS)
        id_ = inner.text("id", _CHOICE_ID, "bad-choice-id") or ""
        if id_ and id_ in {other.id for other in choices}:
            inner.wrong_value(id_, "repeated-id", id=id_)
        correct = inner.data.get("correct", False)
        if not isinstance(correct, bool):
            inner.wrong_value(id_, "bad-type", key="correct", wanted="true / false")
        run = inner.text("run", None, "bad-type", required=False)
        device = inner.text("device", None, "bad-type", required=False)
        if device is not None and device not in PROOF_DEVICES:
            inner.wrong_value(device, "bad-proof-device", value=device)
        choices.append(Choice(id_, correct is True, run, device))
    if sum(choice.correct for choice in choices) != 1:
        fields.wrong("choice", "not-one-correct", count=str(sum(c.correct for c in choices)))
    return tuple(choices)


def _mismatches(
    path: Path, lesson_text: LessonText, steps: tuple[Step, ...]
) -> list[AuthoringIssue]:
    """Find differences between the structure of a lesson and its texts."""
    issues = []
    known = {step.id for step in steps}
    for id_, text in lesson_text.steps.items():
        if id_ not in known:
            line = text.lines["title"]
            issues.append(AuthoringIssue(path, line, "unknown-step", {"id": id_}))
    for step in steps:
        step_text = lesson_text.steps.get(step.id)
        if step_text is None:
            issues.append(AuthoringIssue(path, 0, "step-without-words", {"id": step.id}))
        else:
            issues += _mismatches_of_step(path, step_text, step)
    return issues


def _mismatches_of_step(path: Path, text: StepText, step: Step) -> list[AuthoringIssue]:
    issues: list[AuthoringIssue] = []

    def wrong(section: str, code: str, /, **fields: str) -> None:
        line = text.lines.get(section, text.lines["title"])
        issues.append(AuthoringIssue(path, line, code, {"step": step.id, **fields}))

    if not text.body:
        wrong("title", "step-without-body")
    wanted = {choice.id for choice in step.choices}
    for section, items, no, unknown in (
        ("choices", text.choices, "no-choice", "unknown-choice"),
        ("explanations", text.explanations, "no-explanation", "unknown-explanation"),
    ):
        for id_ in sorted(wanted - set(items)):
            wrong(section, no, id=id_)
        for id_ in sorted(set(items) - wanted):
            wrong(f"{section[:-1]}.{id_}", unknown, id=id_)
    if len(text.hints) != step.hints:
        wrong("hints", "other-number-of-hints", wanted=str(step.hints), found=str(len(text.hints)))
    for id_ in text.feedback:
        if id_ not in step.checks and id_.rpartition(".")[0] not in step.checks:
            wrong(f"feedback.{id_}", "unknown-feedback", id=id_)
    return issues


def _digest(folder: Path, steps: tuple[Step, ...]) -> str:
    files = {folder / LESSON_FILE, *(s.checks_file for s in steps if s.checks_file is not None)}
    hashed = hashlib.sha256()
    for path in sorted(files):
        try:
            hashed.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        except OSError:
            continue
    return hashed.hexdigest()[:16]


# ---- the course as a whole ---------------------------------------------------------------------


def _titles(fields: _Fields, locales: Iterable[str]) -> dict[str, str]:
    titles = fields.data.get("title")
    if not isinstance(titles, dict):
        fields.wrong("title", "missing-key", key="title")
        return {}
    for locale in locales:
        if not isinstance(titles.get(locale), str):
            fields.wrong_value("title", "no-title-in", language=locale)
    return {locale: title for locale, title in titles.items() if isinstance(title, str)}


def _cycles(lessons: Iterable[Lesson]) -> list[AuthoringIssue]:
    """Find lessons that require themselves, directly or through others."""
    by_id = {lesson.id: lesson for lesson in lessons}
    issues = []
    for lesson in by_id.values():
        reached: set[str] = set()
        ahead = list(lesson.requires)
        while ahead:
            id_ = ahead.pop()
            if id_ in by_id and id_ not in reached:
                reached.add(id_)
                ahead += by_id[id_].requires
        if lesson.id in reached:
            path = lesson.folder / LESSON_FILE
            toml, _ = toml_file.read(path, read_text(path))
            issues.append(AuthoringIssue(path, toml.line("requires"), "cycle", {"id": lesson.id}))
    return issues


def _unlisted(folder: Path, listed: Iterable[str], toml: TomlFile) -> list[AuthoringIssue]:
    names = set(listed)
    return [
        AuthoringIssue(
            toml.path, toml.line("lessons"), "unlisted-lesson", {"folder": path.parent.name}
        )
        for path in sorted(folder.glob(f"*/{LESSON_FILE}"))
        if path.parent.name not in names
    ]


# ---- keys of a table ------------------------------------------------------------------------


class _Fields:
    """The keys of one table; each is validated when it is read."""

    def __init__(
        self,
        toml: TomlFile,
        data: Mapping[str, Any],
        issues: list[AuthoringIssue],
        block: int | None = None,
    ) -> None:
        self._toml = toml
        self.data = data
        self._issues = issues
        self._block = block
        self._line: int | None = None

    def inner(self, data: Mapping[str, Any]) -> _Fields:
        """Return the fields of a table inside this one, positioned at the line of its id."""
        fields = _Fields(self._toml, data, self._issues, self._block)
        id_ = data.get("id")
        if isinstance(id_, str):
            fields._line = self._toml.line_of_value(id_, self._block)
        else:
            fields._line = self._toml.line("choice", self._block)
        return fields

    def wrong(self, key: str, code: str, /, **fields: str) -> None:
        """Add an issue at the line of a key."""
        line = self._line if self._line is not None else self._toml.line(key, self._block)
        self._issues.append(AuthoringIssue(self._toml.path, line, code, fields))

    def wrong_value(self, value: str, code: str, /, **fields: str) -> None:
        """Add an issue at the line of a value."""
        line = self._toml.line_of_value(value, self._block)
        line = self._line if self._line is not None else line
        self._issues.append(AuthoringIssue(self._toml.path, line, code, fields))

    def only(self, known: Iterable[str]) -> None:
        """Report all other keys as unknown."""
        for key in sorted(set(self.data) - set(known)):
            self.wrong(key, "unknown-key", key=key)

    def version(self) -> None:
        """Check the format version."""
        version = self.data.get("format_version")
        if version is None:
            self.wrong("format_version", "missing-key", key="format_version")
        elif version != FORMAT_VERSION or isinstance(version, bool):
            self.wrong(
                "format_version", "other-version", found=str(version), known=str(FORMAT_VERSION)
            )

    def id(self) -> str:
        """Return the id, or an empty string if it is missing or invalid."""
        return self.text("id", LESSON_ID, "bad-id") or ""

    def text(
        self, key: str, pattern: re.Pattern[str] | None, code: str, required: bool = True
    ) -> str | None:
        """Return a string, or None if it is missing or invalid."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.wrong(key, "missing-key", key=key)
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "bad-type", key=key, wanted='"…"')
            return None
        if pattern is not None and not pattern.fullmatch(value):
            self.wrong(key, code, value=value)
            return None
        return value

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Return an integer from `least` to `most`; `least` if it is missing or invalid."""
        value = self.data.get(key, default)
        if value is None:
            self.wrong(key, "missing-key", key=key)
        elif not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, "bad-type", key=key, wanted=f"{least}…{most}")
        else:
            return value
        return least

    def texts(
        self,
        key: str,
        pattern: re.Pattern[str] | None,
        code: str,
        required: bool = True,
    ) -> tuple[str, ...]:
        """Return the distinct valid strings of a list."""
        value = self.data.get(key)
        if value is None and not required:
            return ()
        if value is None:
            self.wrong(key, "missing-key", key=key)
            return ()
        texts = _strings(value)
        if not isinstance(value, list) or len(texts) != len(value) or (required and not texts):
            self.wrong(key, "bad-type", key=key, wanted='["…"]')
            return ()
        for each in texts:
            if pattern is not None and not pattern.fullmatch(each):
                self.wrong_value(each, code, value=each)
        if len(set(texts)) < len(texts):
            self.wrong(key, "repeated-id", id=next(t for t in texts if texts.count(t) > 1))
        if pattern is not None:
            texts = [each for each in texts if pattern.fullmatch(each)]
        return tuple(dict.fromkeys(texts))


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, str) and each]
