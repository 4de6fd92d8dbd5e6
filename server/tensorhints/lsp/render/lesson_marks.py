"""Code lenses, diagnostics, code actions and messages about the steps of a lesson."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator

from lsprotocol import types

from tensorhints.course.format import Lesson
from tensorhints.lsp import names
from tensorhints.lsp.document_view import DocumentView
from tensorhints.lsp.notifications import CheckAnswer, ProgressNotification, StepProgress
from tensorhints.model.locations import Span
from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, INCORRECT
from tensorhints.present import lessons as words
from tensorhints.study.learner import step_after
from tensorhints.study.marks import Mark
from tensorhints.study.overview import FileOverview
from tensorhints.study.suggestions import Suggestions

from .diagnostics import SOURCE
from .lenses import lens

_UNDERLINED = (INCORRECT, ERROR_IN_YOUR_CODE, CANNOT_CHECK)


def check_answer(mark: Mark) -> CheckAnswer:
    """Return a mark as the answer of the command `check`."""
    return CheckAnswer(mark.step.id, mark.verdict, mark.check, mark.message, mark.verdict_line)


def progress_notification(
    lesson: Lesson, states: Iterable[str], uri: str | None, marks: Iterable[Mark]
) -> ProgressNotification:
    """Return the state of each step of a lesson; `marks` are empty unless its file is open."""
    verdicts = {mark.step.id: dataclasses.asdict(check_answer(mark)) for mark in marks}
    steps: list[StepProgress] = [
        {"id": step.id, "kind": step.kind, "state": state, "verdict": verdicts.get(step.id)}
        for step, state in zip(lesson.steps, states, strict=True)
    ]
    return ProgressNotification(lesson.id, uri, steps)


# ---- code lenses


def lesson_lenses(overview: FileOverview, uri: str) -> Iterator[types.CodeLens]:
    """Yield the lenses of a lesson's open file."""
    lesson, locale = overview.lesson, overview.locale
    argument = {"lesson": lesson.id}
    title = words.lesson_lens(lesson.number, overview.title, locale)
    yield lens(title, names.LESSON, argument)
    if overview.quizzes:
        title = words.quiz_lens(overview.quizzes_solved, overview.quizzes, locale)
        yield lens(title, names.QUIZ, argument)
    for mark in overview.marks:
        yield from _mark_lenses(overview, mark, uri)


def _mark_lenses(overview: FileOverview, mark: Mark, uri: str) -> Iterator[types.CodeLens]:
    lesson, locale, line = overview.lesson, overview.locale, mark.line or 0
    argument = {"uri": uri, "lesson": lesson.id, "step": mark.step.id}
    title = words.verdict_lens(mark.verdict, mark.number, mark.message, locale)
    if mark.check is None and overview.is_judged:
        title = words.changed_lens(mark.number, locale)
    yield lens(title, names.CHECK, argument, line)
    if mark.verdict != CORRECT:
        yield lens(words.hint_lens(locale), names.HINT, argument, line)
        yield lens(words.solution_lens(locale), names.SOLUTION, argument, line)
        return
    following = step_after(lesson, mark.step)
    if following is not None:
        next_step = {"lesson": lesson.id, "step": following.id}
        yield lens(words.next_lens(locale), names.LESSON, next_step, line)


# ---- diagnostics


def lesson_diagnostics(
    marks: Iterable[Mark], view: DocumentView, failed_lines: Collection[int]
) -> Iterator[types.Diagnostic]:
    """Yield what is wrong with the steps, except errors at lines that failed already show."""
    for mark in marks:
        line = mark.verdict_line
        if mark.verdict == ERROR_IN_YOUR_CODE and line in failed_lines:
            continue
        if mark.verdict in _UNDERLINED and line is not None:
            yield types.Diagnostic(
                range=_range_of_code(view, line),
                message=mark.message,
                severity=types.DiagnosticSeverity.Information,
                code=mark.check,
                source=SOURCE,
            )


def _range_of_code(view: DocumentView, line: int) -> types.Range:
    source = view.text.line(line)
    begin = len(source) - len(source.lstrip())
    return view.encoding.range(view.text, Span(line, begin, line, len(source.rstrip())))


# ---- code actions


def open_lesson_action(locale: str) -> types.Command:
    """Return the action that opens a lesson."""
    return types.Command(words.open_action(locale), names.LESSON)


def lesson_actions(
    found: Suggestions, lesson: Lesson, uri: str, locale: str, *, in_browser: bool
) -> Iterator[types.Command]:
    """Yield the actions of a lesson's file; with `in_browser`, also the one for its web page."""
    yield from _answer_actions(found, lesson, locale)
    yield from _challenge_actions(found, lesson, uri, locale)
    yield from _following_actions(found, lesson, locale)
    argument: dict[str, object] = {"lesson": lesson.id}
    yield types.Command(words.page_action(locale), names.LESSON, arguments=[argument])
    if in_browser:
        yield types.Command(words.browser_action(locale), names.PAGE, arguments=[argument])
    for other in found.other_locales:
        in_language = {"lesson": lesson.id, "locale": other}
        yield types.Command(words.language_action(other), names.LESSON, arguments=[in_language])
    yield types.Command(words.reset_action(locale), names.RESET, arguments=[{"uri": uri}])


def _answer_actions(found: Suggestions, lesson: Lesson, locale: str) -> Iterator[types.Command]:
    """Yield the choices of the open question, for editors that cannot ask."""
    if found.asked is not None:
        step, choices = found.asked
        for choice, text in choices:
            argument = {"lesson": lesson.id, "step": step.id, "choice": choice}
            title = words.answer_action(text, locale)
            yield types.Command(title, names.QUIZ, arguments=[argument])


def _challenge_actions(
    found: Suggestions, lesson: Lesson, uri: str, locale: str
) -> Iterator[types.Command]:
    if found.challenge is None:
        return
    step, number, title = found.challenge
    arguments = [{"uri": uri, "lesson": lesson.id, "step": step.id}]
    check = words.check_action(number, title, locale)
    yield types.Command(check, names.CHECK, arguments=arguments)
    if step.hints:
        hint = words.hint_action(number, title, locale)
        yield types.Command(hint, names.HINT, arguments=arguments)
    solution = words.solution_action(number, title, locale)
    yield types.Command(solution, names.SOLUTION, arguments=arguments)


def _following_actions(found: Suggestions, lesson: Lesson, locale: str) -> Iterator[types.Command]:
    if found.question is not None:
        step, title = found.question
        argument = {"lesson": lesson.id, "step": step.id}
        yield types.Command(words.quiz_action(title, locale), names.QUIZ, arguments=[argument])
    following = found.following
    if following is not None:
        argument = {"lesson": following.lesson}
        if following.step is not None:
            argument["step"] = following.step
        title = words.next_action(following.title, locale)
        yield types.Command(title, names.LESSON, arguments=[argument])
