"""Finds an author's mistakes in lessons that load, without running anything.

`trials` says what running the lesson's files must show.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import drawings
from .format import CHALLENGE, PLACEHOLDERS, AuthoringIssue, Course, Lesson, Step
from .loader import LESSON_FILE, read_text
from .toml_file import TomlFile
from .toml_file import read as read_toml
from .trials import trips
from .verdicts import placeholders

_LINK = re.compile(r"(!?)\[[^\]]*\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_SHORTEST_GIVEAWAY = 5
# A template that needs more than its difference provides falls back to the general sentence.
_ANY_PLACEHOLDER = tuple(dict.fromkeys(name for names in PLACEHOLDERS.values() for name in names))


def check(course: Course) -> tuple[AuthoringIssue, ...]:
    """Return all issues of the lessons that load, in the order of the course."""
    issues: list[AuthoringIssue] = []
    for lesson in course.lessons:
        issues += check_lesson(lesson)
    return tuple(issues)


def check_lesson(lesson: Lesson) -> list[AuthoringIssue]:
    """Return all issues of one lesson."""
    toml, _ = read_toml(lesson.folder / LESSON_FILE, read_text(lesson.folder / LESSON_FILE))
    return [
        *_schema(lesson, toml),
        *_proofs(lesson, toml),
        *_checks(lesson, toml),
        *_files(lesson),
        *_feedback(lesson),
        *_hints(lesson),
        *_media(lesson),
    ]


# ---- lesson.toml -------------------------------------------------------------------------------


def _schema(lesson: Lesson, toml: TomlFile) -> Iterator[AuthoringIssue]:
    name = toml.data.get("$schema")
    if isinstance(name, str) and "://" not in name and not (lesson.folder / name).is_file():
        yield AuthoringIssue(toml.path, toml.line("$schema"), "no-such-file-named", {"file": name})


def _proofs(lesson: Lesson, toml: TomlFile) -> Iterator[AuthoringIssue]:
    for index, step in enumerate(lesson.steps):
        for choice in step.choices:
            if choice.run is None:
                continue
            try:
                compile(choice.run, choice.id, "eval")
            except (SyntaxError, ValueError) as error:
                line = toml.line_of_value(choice.id, index)
                fields = {"id": choice.id, "detail": str(error)}
                yield AuthoringIssue(toml.path, line, "bad-proof", fields)


# ---- checks.py ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Defined:
    id: str
    line: int
    needs: tuple[str, ...]


def _checks(lesson: Lesson, toml: TomlFile) -> Iterator[AuthoringIssue]:
    files = {step.checks_file for step in lesson.steps if step.checks_file is not None}
    used = {check for step in lesson.steps for check in step.checks}
    for path in sorted(files):
        try:
            defined = list(_defined(ast.parse(read_text(path))))
        except SyntaxError as error:
            line = (error.lineno or 1) - 1
            yield AuthoringIssue(path, line, "checks-syntax", {"detail": error.msg})
            continue
        ids = [each.id for each in defined]
        for each in defined:
            if each.id not in used:
                yield AuthoringIssue(path, each.line, "check-of-no-step", {"id": each.id})
            if ids.count(each.id) > 1:
                yield AuthoringIssue(path, each.line, "repeated-id", {"id": each.id})
        for index, step in enumerate(lesson.steps):
            if step.checks_file == path:
                for id_ in step.checks:
                    if id_ not in ids:
                        line = toml.line_of_value(id_, index)
                        fields = {"id": id_, "file": path.name}
                        yield AuthoringIssue(toml.path, line, "no-such-check", fields)


def _defined(tree: ast.Module) -> Iterator[_Defined]:
    """The checks of a file: functions decorated with `@check("id", needs=[…])`."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for call in node.decorator_list:
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id == "check"
                and call.args
                and isinstance(call.args[0], ast.Constant)
            ):
                arguments = tuple(argument.arg for argument in node.args.args)
                yield _Defined(str(call.args[0].value), call.lineno - 1, arguments)


# ---- the files that are run ---------------------------------------------------------------------


def _files(lesson: Lesson) -> Iterator[AuthoringIssue]:
    if not any(step.kind == CHALLENGE for step in lesson.steps):
        return
    if not (lesson.folder / "solution.py").is_file():
        yield AuthoringIssue(lesson.folder / LESSON_FILE, 0, "no-solution")
    if not lesson.mistakes():
        yield AuthoringIssue(lesson.folder / LESSON_FILE, 0, "no-mistakes")
    known = {check for step in lesson.steps for check in step.checks}
    for path in lesson.mistakes():
        id_ = trips(read_text(path))
        if id_ is None:
            yield AuthoringIssue(path, 0, "mistake-without-check")
        elif id_ not in known:
            yield AuthoringIssue(path, 0, "unknown-check", {"id": id_})


# ---- texts: the same in all languages ------------------------------------------------------------


def _feedback(lesson: Lesson) -> Iterator[AuthoringIssue]:
    """Compare the feedback of all languages: the same checks, with the same placeholders."""
    for step in lesson.steps:
        everywhere = {id_ for text in lesson.texts.values() for id_ in text.steps[step.id].feedback}
        for locale, text in lesson.texts.items():
            step_text = text.steps[step.id]
            section = step_text.lines.get("feedback", step_text.lines["title"])
            for id_ in sorted(everywhere - set(step_text.feedback)):
                yield AuthoringIssue(
                    text.path, section, "no-feedback", {"id": id_, "step": step.id}
                )
            for id_ in step_text.feedback:
                yield from _feedback_of_check(lesson, step, locale, id_)


def _feedback_of_check(
    lesson: Lesson, step: Step, locale: str, id_: str
) -> Iterator[AuthoringIssue]:
    path, step_text = lesson.texts[locale].path, lesson.texts[locale].steps[step.id]
    line, template = step_text.lines[f"feedback.{id_}"], step_text.feedback[id_]
    kind = id_.rpartition(".")[2] if id_ not in step.checks else None
    if kind is not None and kind not in PLACEHOLDERS:
        known = ", ".join(PLACEHOLDERS)
        yield AuthoringIssue(path, line, "unknown-difference", {"id": id_, "all": known})
        return
    allowed = PLACEHOLDERS[kind] if kind is not None else _ANY_PLACEHOLDER
    for name in sorted(placeholders(template) - set(allowed)):
        known = ", ".join(f"{{{each}}}" for each in allowed)
        fields = {"name": f"{{{name}}}", "all": known}
        yield AuthoringIssue(path, line, "unknown-placeholder", fields)
    first = next(iter(lesson.texts))
    other = lesson.texts[first].steps[step.id].feedback.get(id_)
    if other is not None and placeholders(other) != placeholders(template):
        fields = {"id": id_, "language": locale, "other": first}
        yield AuthoringIssue(path, line, "other-placeholders", fields)


def _hints(lesson: Lesson) -> Iterator[AuthoringIssue]:
    """Find hints that contain an expression of the solution."""
    for step in lesson.steps:
        answers = _answers(lesson, step)
        for text in lesson.texts.values():
            step_text = text.steps[step.id]
            for number, hint in enumerate(step_text.hints):
                compact = _without_spaces(hint)
                found = next((a for a in answers if _without_spaces(a) in compact), None)
                if found is not None:
                    line = step_text.lines[f"hint.{number}"]
                    yield AuthoringIssue(text.path, line, "hint-holds-solution", {"answer": found})


def _answers(lesson: Lesson, step: Step) -> list[str]:
    """Return the expressions that the solutions bind to the names that the step asks for."""
    if not step.names:
        return []
    answers: list[str] = []
    for path in lesson.solutions():
        try:
            tree = ast.parse(read_text(path))
        except SyntaxError:
            continue  # running the file reports it
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                if isinstance(node.value, ast.Name | ast.Attribute | ast.Constant):
                    continue  # a single name does not give the answer away
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(t, ast.Name) and t.id in step.names for t in targets):
                    answers.append(ast.unparse(node.value))
    return [answer for answer in answers if len(_without_spaces(answer)) >= _SHORTEST_GIVEAWAY]


def _without_spaces(text: str) -> str:
    return "".join(text.split()).replace('"', "'")


# ---- links and drawings --------------------------------------------------------------------------


def _media(lesson: Lesson) -> Iterator[AuthoringIssue]:
    shown: dict[str, set[str]] = {locale: set() for locale in lesson.texts}
    for locale, text in lesson.texts.items():
        yield from _media_of_text(lesson, text.path, shown[locale])
    everywhere: set[str] = set().union(*shown.values())
    for locale, text in lesson.texts.items():
        for target in sorted(everywhere - shown[locale]):
            yield AuthoringIssue(text.path, 0, "drawing-left-out", {"file": target})
    for path in _drawings(lesson.folder):
        if f"media/{path.name}" not in everywhere:
            yield AuthoringIssue(path, 0, "drawing-not-shown", {"file": path.name})
        if path.suffix == ".svg":
            for code, fields in drawings.problems(path):
                yield AuthoringIssue(path, 0, code, fields)


def _media_of_text(lesson: Lesson, path: Path, shown: set[str]) -> Iterator[AuthoringIssue]:
    """Check the links of one text, and add the drawings that it shows to `shown`."""
    for line, image, target in _links(read_text(path)):
        if re.match(r"https?://\S", target):
            if image:
                yield AuthoringIssue(path, line, "image-from-the-web", {"link": target})
        elif not re.fullmatch(r"media/[\w.-]+", target):
            yield AuthoringIssue(path, line, "bad-link", {"link": target})
        elif not (lesson.folder / target).is_file():
            yield AuthoringIssue(path, line, "no-such-file-named", {"file": target})
        else:
            shown.add(target)


def _drawings(folder: Path) -> Iterable[Path]:
    media = folder / "media"
    return sorted(path for path in media.glob("*") if path.is_file())


def _links(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the links outside of code as (line, whether it is an image, target)."""
    fenced = False
    for number, line in enumerate(text.split("\n")):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if not fenced:
            for match in _LINK.finditer(re.sub(r"`[^`]*`|\$[^$]*\$", "", line)):
                yield number, bool(match[1]), match[2]
