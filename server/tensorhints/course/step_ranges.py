"""The lines of the learner's text that each challenge step is about.

A lesson does not name these lines: they are the lines in which its solution differs from its
starter, found in the learner's text by comparing it with the starter. The text may be invalid
Python at any time, so it is not parsed. Lines count from 0; ranges exclude their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tensorhints.model.source_text import LINE_END

from .format import CHALLENGE, Step


@dataclass(frozen=True)
class StepRange:
    """A range of lines that belongs to a step.

    `first` to `end` are lines of the learner's text; `line` is the one that binds the name that the
    step asks for. `solution` and `starter` are the corresponding lines of those files.
    """

    first: int
    end: int
    line: int
    solution: tuple[str, ...]
    starter: tuple[str, ...]


def step_ranges(
    starter: str, solution: str, learner: str, steps: Iterable[Step]
) -> Mapping[str, tuple[StepRange, ...]]:
    """Return the ranges of every challenge step that has any, by step id, top to bottom."""
    wanted = tuple((step.id, step.names) for step in steps if step.kind == CHALLENGE)
    return _step_ranges(starter, solution, learner, wanted)


def first_line(found: Sequence[StepRange]) -> int | None:
    """Return the line at which to show a step's verdict."""
    return found[0].line if found else None


_Wanted = tuple[tuple[str, tuple[str, ...]], ...]
_Range = tuple[int, int]


@lru_cache(maxsize=32)
def _step_ranges(
    starter: str, solution: str, learner: str, wanted: _Wanted
) -> Mapping[str, tuple[StepRange, ...]]:
    before, after, now = (_lines(text) for text in (starter, solution, learner))
    found: dict[str, tuple[StepRange, ...]] = {}
    matches = _matching(before, now)
    step = wanted[0][0] if wanted else ""
    for tag, *bounds in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        in_starter, in_solution = (bounds[0], bounds[1]), (bounds[2], bounds[3])
        learner_parts = _by_step(now, _corresponding(in_starter, matches, len(now)), wanted, step)
        starter_parts = _by_step(before, in_starter, wanted, step)
        solution_parts = _by_step(after, in_solution, wanted, step)
        for step, (first, end) in solution_parts.items():
            lines = learner_parts.get(step) or _after_all(learner_parts, len(now))
            was = before[slice(*starter_parts.get(step, (0, 0)))]
            line = _binding_line(now, lines, dict(wanted).get(step, ()))
            step_range = StepRange(*_trimmed(now, lines, line, was), line, after[first:end], was)
            found[step] = (*found.get(step, ()), step_range)
    return found


def _lines(text: str) -> tuple[str, ...]:
    return tuple(LINE_END.split(text))


def _matching(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """Pair the lines of the starter that the learner's text still contains, as line numbers."""
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return [(a + i, b + i) for a, b, size in blocks for i in range(size)]


def _corresponding(lines: _Range, matches: list[tuple[int, int]], length: int) -> _Range:
    """Return the learner's lines between the matches around a range of the starter."""
    first = max((b + 1 for a, b in matches if a < lines[0]), default=0)
    end = min((b for a, b in matches if a >= lines[1]), default=length)
    return first, end


def _by_step(lines: Sequence[str], part: _Range, wanted: _Wanted, before: str) -> dict[str, _Range]:
    """Divide one part of a text into the lines of each step.

    A step begins at the line that binds a name it asks for. Lines above the first binding belong to
    the first step. A part without bindings belongs to the step `before`.
    """
    starts: list[tuple[int, str]] = []
    for number in range(*part):
        step = next((id_ for id_, names in wanted if _binds(lines[number], names)), None)
        if step is not None and step not in (known for _, known in starts):
            starts.append((number, step))
    if not starts:
        return {before: part}
    firsts = [part[0], *(number for number, _ in starts[1:])]
    ends = [*firsts[1:], part[1]]
    return {step: (a, b) for (_, step), a, b in zip(starts, firsts, ends, strict=True)}


def _binds(line: str, names: Sequence[str]) -> bool:
    return any(_binding_pattern(name).match(line) for name in names)


@lru_cache(maxsize=256)
def _binding_pattern(name: str) -> re.Pattern[str]:
    """Match a line that binds a name: an assignment, a definition, `for` or `with`."""
    word = rf"\b{re.escape(name)}\b"
    target = rf"(?:[\w.\[\]\s,*()]*,\s*\(?\*?|\(?\*?){word}(?:\s*,[\w.\[\]\s,*()]*|\)?)"
    assigned = rf"{target}\s*(?::[^=]*)?(?:[-+*/@%&|^]|//|\*\*|<<|>>)?=(?!=)"
    chained = rf"[\w.]+\s*=\s*{word}\s*=(?!=)"
    defined = rf"(?:async\s+)?(?:def|class)\s+{word}"
    return re.compile(rf"\s*(?:{assigned}|{chained}|{defined}|for\s+{word}|with\b.*\bas\s+{word})")


def _binding_line(lines: Sequence[str], part: _Range, names: Sequence[str]) -> int:
    bound = (number for number in range(*part) if _binds(lines[number], names))
    return next(bound, min(part[0], max(len(lines) - 1, 0)))


def _trimmed(lines: Sequence[str], part: _Range, line: int, starter: Sequence[str]) -> _Range:
    """Remove what the learner wrote around the step: other paragraphs, and comments above.

    If the starter's lines span several paragraphs, the part is returned unchanged.
    """
    first, end = part
    if not first <= line < end or any(not was.strip() for was in starter):
        return part
    begins_with_comment = bool(starter) and starter[0].lstrip().startswith("#")
    for number in range(line, first - 1, -1):
        text = lines[number].strip()
        if not text or (text.startswith("#") and not begins_with_comment):
            first = number + 1
            break
    for number in range(line + 1, end):
        if not lines[number].strip() and not _continues(lines, number, end, line):
            end = number
            break
    return first, end


def _continues(lines: Sequence[str], blank: int, end: int, line: int) -> bool:
    """Whether a block that begins at `line` continues after a blank line."""
    following = next((text for text in lines[blank:end] if text.strip()), "")
    return bool(following) and _indent(following) > _indent(lines[line])


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _after_all(known: Mapping[str, _Range], length: int) -> _Range:
    """Return an empty range after the known ones, for a step whose lines were deleted."""
    end = max((end for _, end in known.values()), default=length)
    return end, end
