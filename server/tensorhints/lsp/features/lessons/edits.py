"""The commands that change a lesson's file: a step's solution, and the starter again.

An open file is changed by the client (`workspace/applyEdit`), so that undo works; any other file is
written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsprotocol import types

from tensorhints.course.format import CHALLENGE
from tensorhints.lsp.client import Client
from tensorhints.lsp.notifications import ResetAnswer, SolutionAnswer
from tensorhints.present import lessons as words
from tensorhints.session.text.documents import Document, Edit, Text
from tensorhints.study import edits as study_edits
from tensorhints.study.files import working_copy
from tensorhints.study.learner import step_number

from .context import LessonContext


async def solution(
    context: LessonContext, client: Client, argument: dict[str, Any]
) -> SolutionAnswer:
    """Replace a step's lines by the solution's, unless `apply` is false, and return them."""
    learner = context.learner
    selection = context.study.selector.select(
        uri=argument.get("uri"),
        lesson=argument.get("lesson"),
        step=argument.get("step"),
        kind=CHALLENGE,
    )
    lesson, step, document = selection.lesson, selection.required_step, selection.document
    text = study_edits.text_of(selection)
    ranges = learner.step_ranges(lesson, text).get(step.id, ())
    code = [line for step_range in ranges for line in step_range.solution]
    await learner.record(learner.progress.solution_shown, lesson.id, step.id)
    applied = False
    if document is not None and argument.get("apply") is not False:
        edits = study_edits.solution_edits(document.text, ranges)
        applied = await apply(client, document, edits)
    context.notifier.lesson_changed(lesson)
    if client.shows_results:
        number = step_number(lesson, step)
        client.show_information(solution_text(number, code, learner.locale, applied=applied))
    solved = study_edits.solved_text(Text(text), ranges)
    return SolutionAnswer(step.id, "\n".join(code), text, solved, applied)


async def reset(context: LessonContext, client: Client, argument: dict[str, Any]) -> ResetAnswer:
    """Restore the starter, of one step if one is given, after a backup of the learner's text."""
    learner = context.learner
    selection = context.study.selector.select(
        uri=argument.get("uri"), lesson=argument.get("lesson"), step=argument.get("step")
    )
    lesson, document = selection.lesson, selection.document
    path = document.path if document is not None else str(working_copy(lesson))
    backup = study_edits.back_up(selection, study_edits.text_of(selection))
    applied = True
    if document is not None:
        edits = study_edits.starter_edits(learner, selection)
        applied = await apply(client, document, edits)
    await learner.record(learner.progress.restarted, lesson.id)
    context.notifier.lesson_changed(lesson)
    if client.shows_results:
        client.show_information(words.reset_done(str(backup), learner.locale))
    return ResetAnswer(lesson.id, path, str(backup), applied)


def solution_text(number: int, code: list[str], locale: str, *, applied: bool) -> str:
    """Return the message about a solution; if it was not applied, with its code."""
    if applied:
        return words.solution_shown(number, locale)
    return words.solution_message(number, code, locale)


async def apply(client: Client, document: Document, edits: Iterable[Edit]) -> bool:
    """Return whether the client applied edits of the document's current text."""
    text, encoding = document.text, client.encoding
    converted = [
        types.TextEdit(
            types.Range(
                encoding.position(text, edit.start.line, edit.start.column),
                encoding.position(text, edit.end.line, edit.end.column),
            ),
            edit.text,
        )
        for edit in edits
        if edit.start is not None and edit.end is not None
    ]
    return await client.apply_edits(document.uri, document.version, converted)
