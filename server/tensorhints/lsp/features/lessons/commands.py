"""The commands of lessons: open, ask, check, hint, solution, reset, progress.

Each answers with data. For a client that does not show it (see `Client.shows_results`), the command
also shows what it found; what waits for the user continues after the answer.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from tensorhints.course import pages
from tensorhints.course.format import CHALLENGE, QUIZ, Lesson
from tensorhints.lsp import names
from tensorhints.lsp.client import Client
from tensorhints.lsp.notifications import (
    CheckAnswer,
    HintAnswer,
    LessonAnswer,
    LessonOverview,
    ProgressAnswer,
    QuestionAnswer,
    QuestionChoice,
    QuizAnswer,
)
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.lesson_marks import check_answer
from tensorhints.lsp.services import Services
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError
from tensorhints.study import edits as study_edits
from tensorhints.study import quiz as study_quiz
from tensorhints.study.learner import Learner
from tensorhints.study.overview import lesson_state
from tensorhints.study.selection import Selection

from . import edits, open_lesson, questions
from .context import LessonContext, lesson_context

_MAX_SECONDS_SPENT = 86_400
"""Seconds that can be added to a lesson's time at once: a day."""


def register(registry: Registry, services: Services) -> None:
    """Handle the commands."""
    context = lesson_context(services)
    for name, command in (
        (names.LESSON, lesson),
        (names.QUIZ, quiz),
        (names.CHECK, check),
        (names.HINT, hint),
        (names.SOLUTION, edits.solution),
        (names.RESET, edits.reset),
        (names.PROGRESS, progress),
    ):
        registry.command(name, partial(command, context))


def select(context: LessonContext, argument: dict[str, Any], kind: str | None = None) -> Selection:
    """Return what a command's argument selects. Raises `RefusedError`."""
    return context.study.selector.select(
        uri=argument.get("uri"),
        lesson=argument.get("lesson"),
        step=argument.get("step"),
        kind=kind,
    )


async def lesson(context: LessonContext, client: Client, argument: dict[str, Any]) -> LessonAnswer:
    """Open a lesson or step, or return its data; with `read` false, it is not marked as read."""
    learner, locale = context.learner, argument.get("locale")
    if locale is not None:
        learner.choose_locale(locale)
    selection = select(context, argument)
    step = selection.step
    if not client.shows_results:
        study_edits.working_copy_of(selection.lesson)
        if step is not None and argument.get("read") is not False:
            await context.study.record_read(selection.lesson, step)
    elif any(argument.get(name) for name in ("uri", "lesson", "step", "locale")):
        opening = open_lesson.open_lesson(context, client, selection.lesson, step)
        context.background.start_after_answer(opening)
    else:
        context.background.start_after_answer(open_lesson.pick_lesson(context, client))
    if locale is not None:
        context.notifier.lesson_locale_changed()
    if locale is not None or step is not None:
        context.notifier.lesson_changed(selection.lesson)
    return _lesson_answer(learner, selection)


async def quiz(
    context: LessonContext, client: Client, argument: dict[str, Any]
) -> QuizAnswer | QuestionAnswer:
    """Judge a choice, or without one ask the question."""
    selection = select(context, argument, QUIZ)
    lesson, step = selection.lesson, selection.required_step
    if argument.get("choice") is not None:
        answered = await questions.judge(context, lesson, step, argument["choice"])
        if client.shows_results:
            client.show_information(questions.judgement_text(context, answered))
        return answered
    asking = questions.ask(context, client, lesson, step)
    context.background.start_after_answer(asking)
    text = context.learner.text(lesson, step)
    choices: list[QuestionChoice] = [
        {"id": choice.id, "text": title}
        for choice, title in study_quiz.choices(context.learner, lesson, step)
    ]
    return QuestionAnswer(lesson.id, step.id, text.title, text.body, choices)


async def check(context: LessonContext, client: Client, argument: dict[str, Any]) -> CheckAnswer:
    """Run the working copy unless its text was judged already, and return a step's verdict."""
    selection = select(context, argument, CHALLENGE)
    document = selection.document
    if document is None:
        raise RefusedError("lesson-not-open")
    await context.session.runs.judge(document.uri)
    lesson = selection.lesson
    mark = context.study.mark_of(document, lesson, selection.required_step)
    # Stored before the answer: the client may at once ask for help with the next step.
    if await context.study.record_marks(document, lesson):
        context.notifier.lesson_changed(lesson)
    if client.shows_results:
        locale = context.learner.locale
        text = words.verdict_message(mark.verdict, mark.number, mark.message, locale)
        client.show_information(text)
    return check_answer(mark)


async def hint(context: LessonContext, client: Client, argument: dict[str, Any]) -> HintAnswer:
    """Return the next hint of a challenge; after the last one, the last one again."""
    learner = context.learner
    selection = select(context, argument, CHALLENGE)
    lesson, step = selection.lesson, selection.required_step
    hints = learner.text(lesson, step).hints
    if not hints:
        raise RefusedError("no-hints")
    before = learner.progress.hints_shown(lesson.id, step.id)
    shown = await learner.record(learner.progress.hint_shown, lesson.id, step.id, len(hints))
    number = min(max(shown or 0, 1), len(hints))
    markdown = hints[number - 1]
    context.notifier.lesson_changed(lesson)
    if client.shows_results:
        is_new = before < len(hints)
        text = words.hint_message(
            number, len(hints), markdown, is_new=is_new, locale=learner.locale
        )
        client.show_information(text)
    html = pages.html(markdown, lesson.folder)
    return HintAnswer(step.id, number, len(hints), markdown, html)


async def progress(
    context: LessonContext, client: Client, argument: dict[str, Any]
) -> ProgressAnswer:
    """Return the state of all lessons; `seconds` are added to the time spent with a lesson."""
    learner = context.learner
    if argument.get("seconds") is not None:
        lesson = context.study.selector.select(lesson=argument.get("lesson")).lesson
        seconds = float(argument["seconds"])
        if not 0 <= seconds <= _MAX_SECONDS_SPENT:
            raise RefusedError("bad-argument", f"seconds: {seconds:g}")
        await learner.record(learner.progress.spent, lesson.id, seconds)
    return ProgressAnswer(
        course=learner.course.title(learner.locale),
        locale=learner.locale,
        locales=list(learner.course.course.locales),
        lessons=[_overview(learner, each) for each in learner.course],
    )


def _lesson_answer(learner: Learner, selection: Selection) -> LessonAnswer:
    lesson = selection.lesson
    try:
        data = learner.course.lesson_data(lesson, selection.step, learner.locale, learner.progress)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    return LessonAnswer(**{**data, "path": str(study_edits.working_copy_of(lesson))})


def _overview(learner: Learner, lesson: Lesson) -> LessonOverview:
    text, states = learner.course.text(lesson, learner.locale), learner.states(lesson)
    return {
        "lesson": lesson.id,
        "number": lesson.number,
        "title": text.title,
        "minutes": lesson.minutes,
        "secondsSpent": round(learner.progress.seconds_spent(lesson.id)),
        "state": lesson_state(learner, lesson),
        "steps": [
            {"id": step.id, "kind": step.kind, "title": text.steps[step.id].title, "state": each}
            for step, each in zip(lesson.steps, states, strict=True)
        ],
    }
