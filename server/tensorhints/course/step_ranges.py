"""Where in a learner's text a challenge asks for something: the lines that each step is about.

A lesson does not say where: its solution differs from its starter at just these lines, and the
learner's text is laid beside the starter. Text may be no valid Python at the time, so that nothing
here parses it. Lines count from 0, ranges leave out their end.
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
    """`first` to `end` are the step's lines in the learner's text, `line` the one that binds the
    name it asks for. `solution` is what the solution has in their place, `starter` what was there.
    """

    first: int
    end: int
    line: int
    solution: tuple[str, ...]
    starter: tuple[str, ...]


def step_ranges(
    starter: str, solution: str, learner: str, steps: Iterable[Step]
) -> Mapping[str, tuple[StepRange, ...]]:
    """The places of every challenge step that has some, by the step's id, from top to bottom."""
    wanted = tuple((step.id, step.names) for step in steps if step.kind == CHALLENGE)
    return _places(starter, solution, learner, wanted)


def first_line(found: Sequence[StepRange]) -> int | None:
    """The line to show a step's verdict at."""
    return found[0].line if found else None


_Wanted = tuple[tuple[str, tuple[str, ...]], ...]
_Range = tuple[int, int]


@lru_cache(maxsize=32)
def _places(
    starter: str, solution: str, learner: str, wanted: _Wanted
) -> Mapping[str, tuple[StepRange, ...]]:
    before, after, now = (_lines(text) for text in (starter, solution, learner))
    found: dict[str, tuple[StepRange, ...]] = {}
    beside = _matching(before, now)
    step = wanted[0][0] if wanted else ""
    for tag, *bounds in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        there, solved = (bounds[0], bounds[1]), (bounds[2], bounds[3])
        theirs = _divided(now, _laid_beside(there, beside, len(now)), wanted, step)
        ours = _divided(before, there, wanted, step)
        parts = _divided(after, solved, wanted, step)
        for step, (first, end) in parts.items():
            lines = theirs.get(step) or _nowhere(theirs, len(now))
            was = before[slice(*ours.get(step, (0, 0)))]
            line = _binding_line(now, lines, dict(wanted).get(step, ()))
            step_range = StepRange(*_own(now, lines, line, was), line, after[first:end], was)
            found[step] = (*found.get(step, ()), step_range)
    return found


def _lines(text: str) -> tuple[str, ...]:
    return tuple(LINE_END.split(text))


def _matching(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """The lines of the starter that the learner's text still has, each with its line there."""
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return [(a + i, b + i) for a, b, size in blocks for i in range(size)]


def _laid_beside(lines: _Range, beside: list[tuple[int, int]], length: int) -> _Range:
    """What stands in the learner's text between the lines around a range of the starter."""
    first = max((b + 1 for a, b in beside if a < lines[0]), default=0)
    end = min((b for a, b in beside if a >= lines[1]), default=length)
    return first, end


def _divided(lines: Sequence[str], part: _Range, wanted: _Wanted, before: str) -> dict[str, _Range]:
    """The lines of each step in one part of a text. A step's lines begin where a name is bound that
    it asks for; what stands above the first of them belongs to it too, unless nothing is bound at
    all: then it is more of the step `before`.
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
    return any(_binding_of(name).match(line) for name in names)


@lru_cache(maxsize=256)
def _binding_of(name: str) -> re.Pattern[str]:
    """A line that binds a name: an assignment, alone or among others, or a definition."""
    word = rf"\b{re.escape(name)}\b"
    target = rf"(?:[\w.\[\]\s,*()]*,\s*\(?\*?|\(?\*?){word}(?:\s*,[\w.\[\]\s,*()]*|\)?)"
    assigned = rf"{target}\s*(?::[^=]*)?(?:[-+*/@%&|^]|//|\*\*|<<|>>)?=(?!=)"
    chained = rf"[\w.]+\s*=\s*{word}\s*=(?!=)"
    defined = rf"(?:async\s+)?(?:def|class)\s+{word}"
    return re.compile(rf"\s*(?:{assigned}|{chained}|{defined}|for\s+{word}|with\b.*\bas\s+{word})")


def _binding_line(lines: Sequence[str], part: _Range, names: Sequence[str]) -> int:
    bound = (number for number in range(*part) if _binds(lines[number], names))
    return next(bound, min(part[0], max(len(lines) - 1, 0)))


def _own(lines: Sequence[str], part: _Range, line: int, starter: Sequence[str]) -> _Range:
    """A part without what the learner wrote around the step: other paragraphs, and comments above.
    Where the starter's lines were of several paragraphs, nobody can tell.
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
        if not lines[number].strip() and not _goes_on(lines, number, end, line):
            end = number
            break
    return first, end


def _goes_on(lines: Sequence[str], blank: int, end: int, line: int) -> bool:
    """Whether a block that begins at `line` goes on after a blank line."""
    following = next((text for text in lines[blank:end] if text.strip()), "")
    return bool(following) and _indent(following) > _indent(lines[line])


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _nowhere(known: Mapping[str, _Range], length: int) -> _Range:
    """Where a step's lines would stand that the learner has removed: after those around it."""
    end = max((end for _, end in known.values()), default=length)
    return end, end
