"""A finished run as text for a terminal: the source with its hints, the failure, the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from tensorhints.model.observations import Observation
from tensorhints.present.labels import label
from tensorhints.present.states import outcome_title
from tensorhints.present.words import translate

from .drawing import DETAIL, HEADLINE, Hint, Mark, draw
from .explained import marks, shown_path
from .watch import ENDED_WELL, Report

_ENDED_WELL_STYLE, _ENDED_BADLY_STYLE = "green", "red"


def write_report(report: Report, console: Console, locale: str) -> None:
    """Print the report."""
    source, result = report.source, report.result
    found = marks(report, locale)
    explained = next(iter(found), None)
    console.rule(Text(shown_path(source.path)), style=DETAIL, characters="─")
    for line in _drawn(report, found, locale):
        _print(console, line)
    console.print()
    if explained is not None and explained.span.line < 0:
        _print(console, Text(explained.headline, HEADLINE))
        for detail in explained.details:
            _print(console, Text(detail, DETAIL))
    well = report.exit_status == ENDED_WELL
    title = outcome_title(
        result.outcome.value,
        locale,
        seconds=result.seconds,
        device=report.device,
        line=None if explained is None or well or explained.span.line < 0 else explained.span.line,
        exit_status=result.exit_status,
        cells=source.cells,
        by_exit=result.failure is not None and result.failure.exit is not None,
    )
    _print(console, Text(title, _ENDED_WELL_STYLE if well else _ENDED_BADLY_STYLE))
    others = _others(report, locale)
    if others:
        _print(console, Text(others, DETAIL))


def _drawn(report: Report, found: Sequence[Mark], locale: str) -> Iterator[Text]:
    """Yield the lines of the source; those of a notebook are numbered in each cell."""
    source, hints = report.source, hints_of(report)
    if not source.cells:
        yield from draw(source.lines, hints, found)
        return
    ends = [*(cell.line for cell in source.cells[1:]), len(source.written)]
    for cell, end in zip(source.cells, ends, strict=True):
        yield Text(translate("cli.cell", locale, cell=cell.number), DETAIL)
        here = [each.moved_up(cell.line) for each in hints if cell.line <= each.line < end]
        marked = [each.moved_up(cell.line) for each in found if cell.line <= each.span.line < end]
        yield from draw(source.written[cell.line : end], here, marked)


def hints_of(report: Report) -> list[Hint]:
    """Return the hints of the file itself."""
    found = []
    for observation in report.record.observations(report.source.path):
        text = label(observation)
        if text is not None:
            found.append(Hint(observation.location.line, observation.location.column, text))
    return found


def _others(report: Report, locale: str) -> str:
    """Return which other files of the workspace have hints, in one sentence."""
    counted = []
    for path in report.record.paths:
        hints = _count(report.record.observations(path))
        if path != report.source.path and hints:
            counted.append(f"{shown_path(path)} ({hints})")
    return translate("cli.also-watched", locale, files=", ".join(counted)) if counted else ""


def _count(observations: tuple[Observation, ...]) -> int:
    return sum(label(observation) is not None for observation in observations)


def _print(console: Console, text: Text) -> None:
    # A line of the program stays one line: neither wrapped nor cut.
    console.print(text, soft_wrap=True, highlight=False)
