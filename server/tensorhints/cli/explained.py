"""Why a run failed: a mark in the file's text, or lines if it has no position there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from tensorhints.engine.results import Outcome
from tensorhints.model.cells import Cell
from tensorhints.model.failures import Failure, Frame
from tensorhints.model.locations import Span
from tensorhints.model.user_messages import UserMessage
from tensorhints.present.explain import explain
from tensorhints.present.lines import shown_line
from tensorhints.present.user_messages import sentence
from tensorhints.present.words import knows, translate

from .drawing import Mark
from .source import Source
from .watch import Report

_NOWHERE = Span(-1, 0, -1, 0)

# In these runs the exception is only the means by which the program was stopped.
FROM_OUTSIDE = (Outcome.STOPPED, Outcome.TIMED_OUT, Outcome.SUPERSEDED)


def marks(report: Report, locale: str) -> list[Mark]:
    """Return the explanations of how the run ended and of every cell that failed, of a notebook.

    The first one is that of the outcome.
    """
    ended = mark(report, locale)
    found = [] if ended is None else [ended]
    for failed in report.record.failures if report.source.cells else ():
        cell = _failure_mark(failed.failure, report.source, locale)
        if failed.expected:
            headline = translate("expected-failure", locale, message=cell.headline)
            cell = replace(cell, headline=headline)
        if all(cell.span != known.span for known in found):
            found.append(cell)
    return found


def mark(report: Report, locale: str) -> Mark | None:
    """Return the explanation of how the run ended, or `None` if there is nothing to explain.

    The span's line is -1 if the position is not in this file.
    """
    result, source = report.result, report.source
    if result.rejected is not None and result.rejected.problem is not None:
        problem = result.rejected.problem
        here = _same(problem.path, source.path)
        span = problem.span if here else _NOWHERE
        return Mark(span, f"SyntaxError: {problem.message}")
    failure = result.failure or report.record.failure
    if failure is not None and result.outcome not in FROM_OUTSIDE:
        return _failure_mark(failure, source, locale)
    if result.user_message is not None:
        return _stop_mark(report, locale)
    return None


def _failure_mark(failure: Failure, source: Source, locale: str) -> Mark:
    explanation = explain(failure, locale, on_command_line=True)
    details = [line for line in explanation.detail.splitlines() if line != explanation.headline]
    marked = _last_frame_in(source, failure)
    for number, frame in enumerate(failure.frames):
        if number != marked:
            code = "cli.raised-in" if number > marked else "cli.called-from"
            details.append(_frame(code, frame, source, locale))
    span = failure.frames[marked].span if marked >= 0 else _NOWHERE
    if _same(failure.path, source.path):
        span = failure.span
    return Mark(span, explanation.headline, tuple(details))


def _last_frame_in(source: Source, failure: Failure) -> int:
    frames = range(len(failure.frames) - 1, -1, -1)
    return next((n for n in frames if _same(failure.frames[n].path, source.path)), -1)


def _frame(code: str, frame: Frame, source: Source, locale: str) -> str:
    path, text = shown_path(frame.path), frame.source.strip()
    line = _shown_line(frame.path, frame.span.line, source, locale)
    return translate(code, locale, path=path, line=line, function=frame.function, source=text)


def _shown_line(path: str, line: int, source: Source, locale: str) -> str:
    cells = source.cells if _same(path, source.path) else ()
    return shown_line(line, cells, locale)


def _stop_mark(report: Report, locale: str) -> Mark:
    user_message, stopped_at = report.result.user_message, report.result.stopped_at
    assert user_message is not None
    if stopped_at is None:
        return Mark(_NOWHERE, user_message_sentence(user_message, locale))
    path, line = stopped_at
    lines = report.source.lines
    if not _same(path, report.source.path) or not 0 <= line < len(lines):
        position = translate("cli.was-at", locale, path=shown_path(path), line=line + 1)
        return Mark(_NOWHERE, user_message_sentence(user_message, locale), (position,))
    text = lines[line]
    span = Span(line, len(text) - len(text.lstrip()), line, len(text.rstrip()))
    cells = report.source.cells
    return Mark(span, user_message_sentence(user_message, locale, line=line, cells=cells))


def user_message_sentence(
    user_message: UserMessage,
    locale: str,
    *,
    line: int | None = None,
    cells: Sequence[Cell] = (),
) -> str:
    """Return the sentence for a message, with options in place of settings if there is one."""
    own = UserMessage(f"cli.{user_message.code}", user_message.detail)
    wording = own if knows(own.code) or knows(f"{own.code}.detail") else user_message
    return sentence(wording, locale, line=line, cells=cells)


def shown_path(path: str) -> str:
    """Return the path relative to the working directory, if it is below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") else relative


def _same(first: str, second: str) -> bool:
    return os.path.normcase(first) == os.path.normcase(second)
