"""A program's text with its hints drawn in place, as lines for a terminal.

Knows positions and styles; the text of hints and explanations is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.syntax import Syntax
from rich.text import Text

from tensorhints.model.locations import Span
from tensorhints.present.text import printable

TAB = " " * 4
THEME = "ansi_dark"

HINT = "italic cyan"
GUTTER = "bright_black"
CARET = "bold red"
HEADLINE = "bold red"
DETAIL = "bright_black"

# An explanation starts under its caret, but no further to the right than this.
_DEEPEST = 40


@dataclass(frozen=True)
class Hint:
    """A label at a position as in the model: from 0, in code points."""

    line: int
    column: int
    label: str

    def moved_up(self, lines: int) -> Hint:
        """Return the hint in a text that begins so many lines below."""
        return replace(self, line=self.line - lines)


@dataclass(frozen=True)
class Mark:
    """A span to underline, with a headline and further lines below it."""

    span: Span
    headline: str
    details: tuple[str, ...] = ()

    def moved_up(self, lines: int) -> Mark:
        """Return the mark in a text that begins so many lines below."""
        span = replace(self.span, line=self.span.line - lines, end_line=self.span.end_line - lines)
        return replace(self, span=span)


def draw(lines: Sequence[str], hints: Sequence[Hint], marks: Sequence[Mark]) -> Iterator[Text]:
    """Yield the numbered lines; an explanation follows the last line of its mark's span."""
    width = len(str(len(lines)))
    shown = lines[:-1] if len(lines) > 1 and not lines[-1] else lines
    for number, (line, text) in enumerate(zip(shown, _highlighted(shown), strict=True)):
        drawn = _Line(line, text, [hint for hint in hints if hint.line == number])
        yield Text.assemble((f"{number + 1:>{width}} │ ", GUTTER), drawn.text)
        for mark in marks:
            if mark.span.line <= number <= mark.span.end_line:
                yield from _marked(drawn, mark, number, f"{'':>{width}} │ ")


def _highlighted(lines: Sequence[str]) -> list[Text]:
    plain = [_displayed(line) for line in lines]
    coloured = Syntax("", "python", theme=THEME, tab_size=0).highlight("\n".join(plain))
    found = list(coloured.split("\n", allow_blank=True))[: len(plain)]
    if [text.plain for text in found] == plain:
        return found
    return [Text(line) for line in plain]


def _displayed(line: str) -> str:
    return printable(line.replace("\t", TAB))


class _Line:
    """One line with its hints, which maps source columns to screen cells."""

    def __init__(self, line: str, text: Text, hints: Sequence[Hint]) -> None:
        self._line = line
        self._hints = sorted(hints, key=lambda hint: hint.column)
        self.text = Text()
        done = 0
        for hint in self._hints:
            here = len(_displayed(line[: hint.column]))
            self.text.append_text(text[done:here])
            self.text.append(printable(hint.label), HINT)
            done = here
        self.text.append_text(text[done:])

    def cell(self, column: int, *, after_hints: bool) -> int:
        """Return the number of screen cells before `column`.

        `after_hints` says whether a hint at that column counts as before it.
        """
        cells = cell_len(_displayed(self._line[:column]))
        for hint in self._hints:
            if hint.column < column or (after_hints and hint.column == column):
                cells += cell_len(printable(hint.label))
        return cells

    def span_on(self, number: int, span: Span) -> tuple[int, int]:
        """Return the columns of the span on this line, the `number`-th."""
        indent = len(self._line) - len(self._line.lstrip())
        start = span.column if number == span.line else indent
        end = span.end_column if number == span.end_line else len(self._line.rstrip())
        return start, max(end, start)


def _marked(line: _Line, mark: Mark, number: int, gutter: str) -> Iterator[Text]:
    start, end = line.span_on(number, mark.span)
    first = line.cell(start, after_hints=True)
    carets = max(line.cell(end, after_hints=False) - first, 1)
    yield Text.assemble((gutter, GUTTER), " " * first, ("^" * carets, CARET))
    if number == mark.span.end_line:
        indent = " " * min(first, _DEEPEST)
        yield Text.assemble((gutter, GUTTER), indent, (printable(mark.headline), HEADLINE))
        for detail in mark.details:
            yield Text.assemble((gutter, GUTTER), indent, (_displayed(detail), DETAIL))
