"""A locale file taken apart: headings with ids, and the lists that belong to a step.

Reads the structure alone; prose is kept as it is written. Nothing inside a fenced block counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tensorhints.model.source_text import LINE_END

from .format import AuthoringIssue, LessonText, StepText

LESSON_ID = "lesson"
SECTIONS = ("choices", "explanations", "hints", "feedback")

_HEADING = re.compile(r"(#{1,3})[ \t]+(.*?)[ \t]*(?:\{#([^}\s]*)\})?[ \t]*#*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_NAMED_ITEM = re.compile(r"[-*][ \t]+`([^`]+)`[ \t]*:[ \t]*(.*)")
_NUMBERED_ITEM = re.compile(r"\d{1,3}[.)][ \t]+(.*)")


@dataclass
class _Item:
    """`key` is empty in a numbered list."""

    key: str
    line: int
    lines: list[str]

    def text(self) -> str:
        return _dedented(self.lines)


@dataclass
class _Section:
    """What follows one heading, up to the next with an id. `id` is empty for a heading without."""

    level: int
    title: str
    id: str
    line: int
    lines: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.issues: list[AuthoringIssue] = []

    def wrong(self, line: int, code: str, /, **fields: str) -> None:
        self.issues.append(AuthoringIssue(self.path, line, code, fields))


def read(path: Path, text: str) -> tuple[LessonText, tuple[AuthoringIssue, ...]]:
    """The words of a lesson in one language, with what is wrong with the file's structure."""
    reader = _Reader(path)
    title, lead = "", ""
    steps: dict[str, StepText] = {}
    parts: dict[str, _Parts] = {}
    current: _Parts | None = None
    for section in _sections(text):
        if section.level == 0:
            if section.lines and "".join(section.lines).strip():
                reader.wrong(0, "text-before-title")
        elif section.level == 1:
            if title:
                reader.wrong(section.line, "second-title", title=section.title)
            elif section.id != LESSON_ID:
                reader.wrong(section.line, "title-without-id", title=section.title)
            title, lead = section.title, "\n".join(section.lines).strip()
        elif section.level == 2:
            current = None
            if not section.id:
                reader.wrong(section.line, "heading-without-id", title=section.title)
            elif section.id in parts:
                reader.wrong(section.line, "repeated-id", id=section.id)
            else:
                current = parts[section.id] = _Parts(section)
        elif current is None:
            reader.wrong(section.line, "section-outside-step", id=section.id)
        else:
            current.take(section, reader)
    if not title:
        reader.wrong(0, "no-title")
    unclosed = _unclosed_fence(text)
    if unclosed is not None:
        reader.wrong(unclosed, "unclosed-fence")
    for id_, part in parts.items():
        steps[id_] = part.text()
    return LessonText(title, lead, steps, path), tuple(reader.issues)


class _Parts:
    """The sections of one step, as they come."""

    def __init__(self, section: _Section) -> None:
        self._id = section.id
        self._title = section.title
        self._body = "\n".join(section.lines).strip()
        self._lists: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}
        self._lines: dict[str, int] = {"title": section.line}
        self._headings: dict[str, str] = {}

    def take(self, section: _Section, reader: _Reader) -> None:
        name = section.id.removeprefix(f"{self._id}-")
        if name == section.id or name not in SECTIONS:
            reader.wrong(section.line, "unknown-section", id=section.id, step=self._id)
            return
        if name in self._headings:
            reader.wrong(section.line, "repeated-id", id=section.id)
            return
        self._headings[name] = section.title
        self._lines[name] = section.line
        items = self._lists[name]
        singular = name.rstrip("s")
        numbered = name == "hints"
        for index, item in enumerate(_items(section, numbered, reader)):
            key = item.key or str(index)
            if key in items:
                reader.wrong(item.line, "repeated-id", id=key)
            if not item.text():
                reader.wrong(item.line, "empty-item", id=key)
            items[key] = item.text()
            self._lines[f"{singular}.{key}"] = item.line

    def text(self) -> StepText:
        return StepText(
            self._title,
            self._body,
            self._lists["choices"],
            self._lists["explanations"],
            tuple(self._lists["hints"].values()),
            self._lists["feedback"],
            self._headings,
            self._lines,
        )


def _sections(text: str) -> Iterator[_Section]:
    """Headings of the third level without an id are prose, and stay in the section before."""
    section = _Section(0, "", "", 0)
    for number, line, fenced in _unfenced(text):
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading is None or (len(heading[1]) == 3 and heading[3] is None):
            section.lines.append(line)
            continue
        yield section
        section = _Section(len(heading[1]), heading[2].strip(), heading[3] or "", number)
    yield section


def _unfenced(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number, and whether it stands in (or opens, or closes) a fenced block."""
    fence = ""
    for number, line in enumerate(LINE_END.split(text)):
        opening = _FENCE.match(line)
        if fence:
            yield number, line, True
            if (
                opening is not None
                and opening[1].startswith(fence)
                and not line[opening.end() :].strip()
            ):
                fence = ""
        elif opening is not None:
            fence = opening[1]
            yield number, line, True
        else:
            yield number, line, False


def _unclosed_fence(text: str) -> int | None:
    """Where a fenced block opens that nothing closes: it swallows the rest of the file."""
    opened: int | None = None
    last = (0, "", False)
    for number, line, fenced in _unfenced(text):
        if fenced and opened is None:
            opened = number
        elif not fenced:
            opened = None
        last = (number, line, fenced)
    number, line, fenced = last
    closed = number != opened and _FENCE.fullmatch(line.rstrip()) is not None
    return opened if fenced and not closed else None


def _items(section: _Section, numbered: bool, reader: _Reader) -> list[_Item]:
    """The items of a section's list. What continues an item is indented, or blank."""
    items: list[_Item] = []
    for offset, line, fenced in _unfenced("\n".join(section.lines)):
        number = section.line + 1 + offset
        if not fenced and numbered and (match := _NUMBERED_ITEM.fullmatch(line)):
            items.append(_Item("", number, [match[1]]))
        elif not fenced and not numbered and (match := _NAMED_ITEM.fullmatch(line)):
            items.append(_Item(match[1], number, [match[2]]))
        elif items and (not line.strip() or line[0] in " \t" or fenced):
            items[-1].lines.append(line)
        elif line.strip():
            code = "not-a-numbered-item" if numbered else "not-a-named-item"
            reader.wrong(number, code, section=section.id)
    return items


def _dedented(lines: list[str]) -> str:
    """The first line stands after the item's marker, so only the others have an indent to lose."""
    rest = lines[1:]
    indents = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    indent = min(indents, default=0)
    return "\n".join([lines[0], *(line[indent:] for line in rest)]).strip()
