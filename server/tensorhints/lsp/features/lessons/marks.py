"""What stands over a lesson's file: the verdicts of its steps as lenses and diagnostics, and the
code actions of the lesson. Answered from what is known; nothing here runs anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types

from tensorhints.course.format import CHALLENGE, QUIZ, Lesson, Step
from tensorhints.course.states import OPEN, STARTED
from tensorhints.course.step_ranges import StepRange, first_line
from tensorhints.course.verdicts import message, of_step
from tensorhints.lsp import names
from tensorhints.lsp.connection import Server
from tensorhints.lsp.notifications import CheckAnswer, ProgressNotification, StepProgress
from tensorhints.model.locations import Span
from tensorhints.model.verdicts import (
    CANNOT_CHECK,
    CORRECT,
    ERROR_IN_YOUR_CODE,
    INCORRECT,
    NOT_ATTEMPTED,
)
from tensorhints.present import lessons as words
from tensorhints.present.words import translate
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document

from . import questions

_SOURCE = "Tensor Hints"
_UNDERLINED = (INCORRECT, ERROR_IN_YOUR_CODE, CANNOT_CHECK)


@dataclass(frozen=True)
class Mark:
    """How a challenge step stands; `check` is None where no verdict speaks for it. `line` is that
    of the step in the learner's text, `at` the one that the verdict speaks of.
    """

    step: Step
    number: int
    verdict: str
    check: str | None
    message: str
    line: int | None
    at: int | None


def marks(server: Server, document: Document, lesson: Lesson) -> list[Mark]:
    found = _places(server, document, lesson)
    return [
        _mark(server, document, lesson, step, first_line(found.get(step.id, ())))
        for step in lesson.steps
        if step.kind == CHALLENGE
    ]


def mark_of(server: Server, document: Document, lesson: Lesson, step: Step) -> Mark:
    return next(mark for mark in marks(server, document, lesson) if mark.step is step)


def answer(mark: Mark) -> CheckAnswer:
    return CheckAnswer(mark.step.id, mark.verdict, mark.check, mark.message, mark.at)


def _mark(server: Server, document: Document, lesson: Lesson, step: Step, line: int | None) -> Mark:
    learner = server.learner
    number = learner.number(lesson, step)
    verdicts = server.session.results.verdicts(document.uri)
    verdict = of_step(step, verdicts)
    if verdict is None:
        said = translate(f"verdict.{NOT_ATTEMPTED}", learner.locale)
        return Mark(step, number, NOT_ATTEMPTED, None, said, line, line)
    text = message(verdict, learner.text(lesson, step), learner.locale, translate)
    at = line if verdict.line is None else verdict.line
    return Mark(step, number, verdict.verdict, verdict.check, words.plain(text), line, at)


def _places(server: Server, document: Document, lesson: Lesson) -> dict[str, tuple[StepRange, ...]]:
    try:
        return server.learner.step_ranges(lesson, document.text.text)
    except RefusedError:
        return {}


async def keep(server: Server, document: Document, lesson: Lesson) -> None:
    """Remember what the last run has solved, and what was tried."""
    learner, progress = server.learner, server.learner.progress
    changed = False
    for mark in marks(server, document, lesson):
        before = progress.state(lesson.id, mark.step.id)
        if mark.verdict == CORRECT and before in (OPEN, STARTED):
            await learner.keep(progress.solved, lesson.id, mark.step.id, lesson.digest)
            changed = True
        elif mark.verdict != NOT_ATTEMPTED and before == OPEN:
            await learner.keep(progress.started, lesson.id, mark.step.id)
            changed = True
    if changed:
        server.lesson_changed(lesson)


def notification(server: Server, lesson: Lesson) -> ProgressNotification:
    """How every step of a lesson stands, with the verdicts where its file is open."""
    progress = server.learner.progress
    document = server.learner.document_of(lesson)
    found = [] if document is None else marks(server, document, lesson)
    verdicts = {mark.step.id: dataclasses.asdict(answer(mark)) for mark in found}
    steps: list[StepProgress] = [
        {
            "id": step.id,
            "kind": step.kind,
            "state": progress.state(lesson.id, step.id),
            "verdict": verdicts.get(step.id),
        }
        for step in lesson.steps
    ]
    return ProgressNotification(lesson.id, None if document is None else document.uri, steps)


# ---- code lenses


def lenses(server: Server, document: Document) -> Iterator[types.CodeLens]:
    learner = server.learner
    lesson = learner.lesson_at(document.path)
    if lesson is None:
        return
    locale, of_lesson = learner.locale, {"lesson": lesson.id}
    title = learner.library.text(lesson, locale).title
    yield _lens(0, words.lesson_lens(lesson.number, title, locale), names.LESSON, of_lesson)
    if any(step.kind == QUIZ for step in lesson.steps):
        solved = [learner.is_solved(lesson, step) for step in lesson.steps if step.kind == QUIZ]
        title = words.quiz_lens(sum(solved), len(solved), locale)
        yield _lens(0, title, names.QUIZ, of_lesson)
    for mark in marks(server, document, lesson):
        yield from _lenses_of(server, document, lesson, mark)


def _lenses_of(
    server: Server, document: Document, lesson: Lesson, mark: Mark
) -> Iterator[types.CodeLens]:
    learner, line = server.learner, mark.line or 0
    argument = {"uri": document.uri, "lesson": lesson.id, "step": mark.step.id}
    title = words.verdict_lens(mark.verdict, mark.number, mark.message, learner.locale)
    if mark.check is None and server.session.results.verdicts(document.uri):
        title = words.changed_lens(mark.number, learner.locale)
    yield _lens(line, title, names.CHECK, argument)
    if mark.verdict != CORRECT:
        yield _lens(line, words.hint_lens(learner.locale), names.HINT, argument)
        yield _lens(line, words.solution_lens(learner.locale), names.SOLUTION, argument)
        return
    following = learner.after(lesson, mark.step)
    if following is not None:
        following_step = {"lesson": lesson.id, "step": following.id}
        yield _lens(line, words.next_lens(learner.locale), names.LESSON, following_step)


def _lens(line: int, title: str, command: str, argument: object) -> types.CodeLens:
    step_range = types.Range(types.Position(line, 0), types.Position(line, 0))
    return types.CodeLens(step_range, types.Command(title, command, arguments=[argument]))


# ---- diagnostics


def diagnostics(server: Server, document: Document) -> Iterator[types.Diagnostic]:
    lesson = server.learner.lesson_at(document.path)
    if lesson is None:
        return
    # What failed is underlined as an error already, with all that is known of it.
    failed = {found.span.line for found in server.session.results.diagnostics(document.uri)}
    for mark in marks(server, document, lesson):
        if mark.verdict == ERROR_IN_YOUR_CODE and mark.at in failed:
            continue
        if mark.verdict in _UNDERLINED and mark.at is not None:
            yield types.Diagnostic(
                range=_code_of_line(server, document, mark.at),
                message=mark.message,
                severity=types.DiagnosticSeverity.Information,
                code=mark.check,
                source=_SOURCE,
            )


def _code_of_line(server: Server, document: Document, line: int) -> types.Range:
    source = document.text.line(line)
    begin = len(source) - len(source.lstrip())
    return server.encoding.range(document.text, Span(line, begin, line, len(source.rstrip())))


# ---- code actions


def actions(server: Server, document: Document, at: types.Range) -> Iterator[types.Command]:
    """Those of the lesson that the file belongs to; in any other file, to open one."""
    learner = server.learner
    lesson = learner.lesson_at(document.path)
    locale = learner.locale
    if lesson is not None:
        yield from _answers(server, lesson)
        yield from _of_challenge(server, document, lesson, at)
        yield from _of_lesson(server, document, lesson)
    yield types.Command(words.open_action(locale), names.LESSON)


def _answers(server: Server, lesson: Lesson) -> Iterator[types.Command]:
    """The answers to the question that was asked last, for editors that cannot ask."""
    learner = server.learner
    if learner.asked is None or learner.asked[0] != lesson.id:
        return
    step = lesson.step(learner.asked[1])
    if step is None:
        return
    for choice, text in questions.choices(server, lesson, step):
        argument = {"lesson": lesson.id, "step": step.id, "choice": choice.id}
        title = words.answer_action(text, learner.locale)
        yield types.Command(title, names.QUIZ, arguments=[argument])


def _of_challenge(
    server: Server, document: Document, lesson: Lesson, at: types.Range
) -> Iterator[types.Command]:
    learner = server.learner
    locale = learner.locale
    step = _step_at(server, document, lesson, at.start.line) or learner.current(lesson, CHALLENGE)
    if step is None:
        return
    number, title = learner.number(lesson, step), learner.text(lesson, step).title
    arguments = [{"uri": document.uri, "lesson": lesson.id, "step": step.id}]
    yield types.Command(words.check_action(number, title, locale), names.CHECK, arguments=arguments)
    if step.hints:
        yield types.Command(
            words.hint_action(number, title, locale), names.HINT, arguments=arguments
        )
    yield types.Command(
        words.solution_action(number, title, locale), names.SOLUTION, arguments=arguments
    )


def _of_lesson(server: Server, document: Document, lesson: Lesson) -> Iterator[types.Command]:
    learner = server.learner
    locale = learner.locale
    of_lesson = {"lesson": lesson.id}
    question = learner.current(lesson, QUIZ)
    if question is not None:
        title = words.quiz_action(learner.text(lesson, question).title, locale)
        argument = {**of_lesson, "step": question.id}
        yield types.Command(title, names.QUIZ, arguments=[argument])
    following = learner.current(lesson)
    after = learner.library.next_lesson(lesson)
    if following is not None and not learner.is_done(lesson):
        title = words.next_action(learner.text(lesson, following).title, locale)
        argument = {**of_lesson, "step": following.id}
        yield types.Command(title, names.LESSON, arguments=[argument])
    elif after is not None:
        title = words.next_action(learner.library.text(after, locale).title, locale)
        yield types.Command(title, names.LESSON, arguments=[{"lesson": after.id}])
    yield types.Command(words.page_action(locale), names.LESSON, arguments=[of_lesson])
    if not server.client.shows_web_pages:
        yield types.Command(words.browser_action(locale), names.PAGE, arguments=[of_lesson])
    for other in learner.other_locales():
        argument = {**of_lesson, "locale": other}
        yield types.Command(words.language_action(other), names.LESSON, arguments=[argument])
    uri = {"uri": document.uri}
    yield types.Command(words.reset_action(locale), names.RESET, arguments=[uri])


def _step_at(server: Server, document: Document, lesson: Lesson, line: int) -> Step | None:
    """The step whose lines, or the comment right above them, hold the cursor."""
    for id_, found in _places(server, document, lesson).items():
        for step_range in found:
            first = step_range.first
            while first > 0 and document.text.line(first - 1).lstrip().startswith("#"):
                first -= 1
            if first <= line < max(step_range.end, step_range.first + 1):
                return lesson.step(id_)
    return None
