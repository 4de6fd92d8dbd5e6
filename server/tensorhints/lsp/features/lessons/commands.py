"""`workspace/executeCommand` for lessons: open, ask, check, hint, solution, reset, progress.

Each answers with data. To a client that has no page of its own (it does not declare
`experimental.tensorhints`) it also shows what it found, and what waits for the user goes on after
the answer.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from tensorhints.course import pages
from tensorhints.course.format import CHALLENGE, QUIZ, Lesson
from tensorhints.course.states import DONE, OPEN, STARTED
from tensorhints.lsp import names
from tensorhints.lsp.connection import Server
from tensorhints.lsp.features.editor.execute_command import answering
from tensorhints.lsp.learner import Chosen
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
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError

from . import edits, marks, open_lesson, questions

# Seconds that can be added at once: a day.
_LONGEST_VISIT = 86_400


def register(server: Server) -> None:
    for name, command in (
        (names.LESSON, lesson),
        (names.QUIZ, quiz),
        (names.CHECK, check),
        (names.HINT, hint),
        (names.SOLUTION, edits.solution),
        (names.RESET, edits.reset),
        (names.PROGRESS, progress),
    ):
        server.on_command(name, answering(name, command))


async def lesson(server: Server, wanted: dict[str, Any]) -> LessonAnswer:
    """With `read` false, nobody has looked at the step yet."""
    learner = server.learner
    if wanted.get("locale") is not None:
        learner.speak(wanted["locale"])
    chosen = learner.choose(wanted)
    if not server.shows_answers:
        open_lesson.path_of_lesson(chosen.lesson)
        if chosen.step is not None and wanted.get("read") is not False:
            await open_lesson.read(server, chosen.lesson, chosen.step)
    elif any(wanted.get(name) for name in ("uri", "lesson", "step", "locale")):
        learner.after_answer(open_lesson.open_lesson(server, chosen.lesson, chosen.step))
    else:
        learner.after_answer(open_lesson.pick(server))
    if wanted.get("locale") is not None:
        server.words_changed()
    if wanted.get("locale") is not None or chosen.step is not None:
        server.lesson_changed(chosen.lesson)
    return _lesson_answer(server, chosen)


async def quiz(server: Server, wanted: dict[str, Any]) -> QuizAnswer | QuestionAnswer:
    chosen = server.learner.choose(wanted, QUIZ)
    lesson, step = chosen.lesson, chosen.the_step
    if wanted.get("choice") is not None:
        answered = await questions.answer(server, lesson, step, wanted["choice"])
        if server.shows_answers:
            questions.tell(server, answered)
        return answered
    server.learner.after_answer(questions.ask(server, lesson, step))
    text = server.learner.text(lesson, step)
    choices: list[QuestionChoice] = [
        {"id": choice.id, "text": title}
        for choice, title in questions.choices(server, lesson, step)
    ]
    return QuestionAnswer(lesson.id, step.id, text.title, text.body, choices)


async def check(server: Server, wanted: dict[str, Any]) -> CheckAnswer:
    chosen = server.learner.choose(wanted, CHALLENGE)
    document = chosen.document
    if document is None:
        raise RefusedError("lesson-not-open")
    await server.session.runs.judge(document.uri)
    mark = marks.mark_of(server, document, chosen.lesson, chosen.the_step)
    # Who is told that a step is solved may at once ask for help with the next one.
    await marks.keep(server, document, chosen.lesson)
    answer = marks.answer(mark)
    if server.shows_answers:
        locale = server.learner.locale
        told = words.verdict_message(mark.verdict, mark.number, mark.message, locale)
        server.show(told, types.MessageType.Info)
    return answer


async def hint(server: Server, wanted: dict[str, Any]) -> HintAnswer:
    learner = server.learner
    chosen = learner.choose(wanted, CHALLENGE)
    lesson, step = chosen.lesson, chosen.the_step
    hints = learner.text(lesson, step).hints
    if not hints:
        raise RefusedError("no-hints")
    before = learner.progress.hints_shown(lesson.id, step.id)
    shown = await learner.keep(learner.progress.hint_shown, lesson.id, step.id, len(hints))
    number = min(max(shown or 0, 1), len(hints))
    markdown = hints[number - 1]
    server.lesson_changed(lesson)
    if server.shows_answers:
        is_new = before < len(hints)
        told = words.hint_message(
            number, len(hints), markdown, is_new=is_new, locale=learner.locale
        )
        server.show(told, types.MessageType.Info)
    html = pages.html(markdown, lesson.folder)
    return HintAnswer(step.id, number, len(hints), markdown, html)


async def progress(server: Server, wanted: dict[str, Any]) -> ProgressAnswer:
    """With `seconds`, so much more time was spent with a lesson."""
    learner = server.learner
    if wanted.get("seconds") is not None:
        lesson = learner.choose({"lesson": wanted.get("lesson")}).lesson
        seconds = float(wanted["seconds"])
        if not 0 <= seconds <= _LONGEST_VISIT:
            raise RefusedError("bad-argument", f"seconds: {seconds:g}")
        await learner.keep(learner.progress.spent, lesson.id, seconds)
    return ProgressAnswer(
        course=learner.library.title(learner.locale),
        locale=learner.locale,
        locales=list(learner.library.course.locales),
        lessons=[_overview(server, each) for each in learner.library],
    )


def _lesson_answer(server: Server, chosen: Chosen) -> LessonAnswer:
    learner, lesson = server.learner, chosen.lesson
    try:
        data = learner.library.lesson_data(lesson, chosen.step, learner.locale, learner.progress)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    return LessonAnswer(**{**data, "path": str(open_lesson.path_of_lesson(lesson))})


def _overview(server: Server, lesson: Lesson) -> LessonOverview:
    learner = server.learner
    text = learner.library.text(lesson, learner.locale)
    states = [learner.progress.state(lesson.id, step.id) for step in lesson.steps]
    state = DONE if learner.is_done(lesson) else OPEN if set(states) == {OPEN} else STARTED
    return {
        "lesson": lesson.id,
        "number": lesson.number,
        "title": text.title,
        "minutes": lesson.minutes,
        "secondsSpent": round(learner.progress.seconds_spent(lesson.id)),
        "state": state,
        "steps": [
            {"id": step.id, "kind": step.kind, "title": text.steps[step.id].title, "state": each}
            for step, each in zip(lesson.steps, states, strict=True)
        ],
    }
