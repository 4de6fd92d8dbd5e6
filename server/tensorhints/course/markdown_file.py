"""Parses a locale file: headings with ids, and the lists that belong to a step.

Only the structure is parsed; prose is kept as written. Fenced blocks are ignored.
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
    """One item of a list. `key` is empty in a numbered list."""

    key: str
    line: int
    lines: list[str]

    def text(self) -> str:
        return _dedented(self.lines)


@dataclass
class _Section:
    """The lines from a heading to the next one with an id. `id` is empty if it has none."""

    level: int
    title: str
    id: str
    line: int
    lines: list[str] = field(default_factory=list)


class _Reader:
    """Assembles the texts of a lesson from the sections of its file, and collects issues."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.issues: list[AuthoringIssue] = []
        self.title, self.lead = "", ""
        self.parts: dict[str, _Parts] = {}
        self._current: _Parts | None = None

    def wrong(self, line: int, code: str, /, **fields: str) -> None:
        self.issues.append(AuthoringIssue(self.path, line, code, fields))

    def take(self, section: _Section) -> None:
        """Add the next section of the file."""
        if section.level == 0:
            if "".join(section.lines).strip():
                self.wrong(0, "text-before-title")
        elif section.level == 1:
            self._take_title(section)
        elif section.level == 2:
            self._take_step(section)
        elif self._current is None:
            self.wrong(section.line, "section-outside-step", id=section.id)
        else:
            self._current.take(section, self)

    def _take_title(self, section: _Section) -> None:
        if self.title:
            self.wrong(section.line, "second-title", title=section.title)
        elif section.id != LESSON_ID:
            self.wrong(section.line, "title-without-id", title=section.title)
        self.title, self.lead = section.title, "\n".join(section.lines).strip()

    def _take_step(self, section: _Section) -> None:
        self._current = None
        if not section.id:
            self.wrong(section.line, "heading-without-id", title=section.title)
        elif section.id in self.parts:
            self.wrong(section.line, "repeated-id", id=section.id)
        else:
            self._current = self.parts[section.id] = _Parts(section)


def read(path: Path, text: str) -> tuple[LessonText, tuple[AuthoringIssue, ...]]:
    """Parse the texts of a lesson in one language; also return issues of the file's structure."""
    reader = _Reader(path)
    for section in _sections(text):
        reader.take(section)
    if not reader.title:
        reader.wrong(0, "no-title")
    unclosed = _unclosed_fence(text)
    if unclosed is not None:
        reader.wrong(unclosed, "unclosed-fence")
    steps = {id_: part.text() for id_, part in reader.parts.items()}
    return LessonText(reader.title, reader.lead, steps, path), tuple(reader.issues)


class _Parts:
    """The sections of one step, collected in the order of the file."""

    def __init__(self, section: _Section) -> None:
        self._id = section.id
        self._title = section.title
        self._body = "\n".join(section.lines).strip()
        self._lists: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}
        self._lines: dict[str, int] = {"title": section.line}
        self._headings: dict[str, str] = {}

    def take(self, section: _Section, reader: _Reader) -> None:
        """Add a section of this step, such as its hints."""
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
        """Return the collected texts."""
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
    """Split a text at its headings; third-level headings without an id count as prose."""
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
    """Yield each line with its number and whether it is part of a fenced block."""
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
    """Return the line of a fenced block that is never closed: it hides the rest of the file."""
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
    """Return the items of a section's list. Continuation lines are indented or blank."""
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
    """Remove the common indent of all lines but the first, which follows the item's marker."""
    rest = lines[1:]
    indents = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    indent = min(indents, default=0)
    return "\n".join([lines[0], *(line[indent:] for line in rest)]).strip()
