"""The commands that change a lesson's file: the solution of a step, and the starter again.

Changes are edits of the client's (`workspace/applyEdit`), which undo takes back. A file that is
open in no editor is written.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from tensorhints.course.format import CHALLENGE, Lesson
from tensorhints.course.step_ranges import StepRange
from tensorhints.lsp.connection import Server
from tensorhints.lsp.learner import Chosen
from tensorhints.lsp.notifications import ResetAnswer, SolutionAnswer
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document, Text
from tensorhints.study.files import create_working_copy, working_copy, write_backup


async def solution(server: Server, wanted: dict[str, Any]) -> SolutionAnswer:
    """The step's lines as the solution has them; nothing else of the learner's changes. Where
    `apply` is false nothing changes at all.
    """
    learner = server.learner
    chosen = learner.choose(wanted, CHALLENGE)
    lesson, step, document = chosen.lesson, chosen.the_step, chosen.document
    text = _text_of(chosen)
    found = learner.step_ranges(lesson, text).get(step.id, ())
    code = [line for step_range in found for line in step_range.solution]
    await learner.keep(learner.progress.solution_shown, lesson.id, step.id)
    applied = False
    if document is not None and wanted.get("apply") is not False:
        edits = [
            _replacing(server, document.text, step_range, step_range.solution)
            for step_range in found
        ]
        applied = await apply(server, document, edits)
    server.lesson_changed(lesson)
    if server.shows_answers:
        number, locale = learner.number(lesson, step), learner.locale
        told = words.solution_shown(number, locale)
        if not applied:
            told = words.solution_message(number, code, locale)
        server.show(told, types.MessageType.Info)
    solved = _solved(Text(text), found)
    return SolutionAnswer(step.id, "\n".join(code), text, solved, applied)


async def reset(server: Server, wanted: dict[str, Any]) -> ResetAnswer:
    """The starter again, with a step only its lines. The learner's text is kept in a backup."""
    learner = server.learner
    chosen = learner.choose(wanted)
    lesson, document = chosen.lesson, chosen.document
    path = document.path if document is not None else str(working_copy(lesson))
    text = _text_of(chosen)
    try:
        backup = write_backup(lesson, text)
        if document is None:
            create_working_copy(lesson).write_bytes(lesson.file.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    applied = document is None or await apply(server, document, _restoring(server, chosen))
    await learner.keep(learner.progress.restarted, lesson.id)
    server.lesson_changed(lesson)
    if server.shows_answers:
        server.show(words.reset_done(str(backup), learner.locale), types.MessageType.Info)
    return ResetAnswer(lesson.id, path, str(backup), applied)


def _text_of(chosen: Chosen) -> str:
    """The learner's work, as the editor has it or as it lies on the disk. Raises `RefusedError`."""
    if chosen.document is not None:
        return chosen.document.text.text
    try:
        with create_working_copy(chosen.lesson).open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError("lesson-unreadable", str(error)) from error


def _solved(text: Text, found: tuple[StepRange, ...]) -> str:
    end = "\r\n" if "\r\n" in text.text else "\n"
    lines = list(text.lines)
    for step_range in reversed(found):
        lines[step_range.first : step_range.end] = step_range.solution
    return end.join(lines)


def _restoring(server: Server, chosen: Chosen) -> list[types.TextEdit]:
    assert chosen.document is not None
    text = chosen.document.text
    if chosen.step is not None:
        found = server.learner.step_ranges(chosen.lesson, text.text).get(chosen.step.id, ())
        return [_replacing(server, text, step_range, step_range.starter) for step_range in found]
    everything = _lines(server, text, 0, len(text.lines))
    return [types.TextEdit(everything, _starter(server, chosen.lesson))]


def _starter(server: Server, lesson: Lesson) -> str:
    try:
        return server.learner.library.starter(lesson)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error


def _replacing(
    server: Server, text: Text, step_range: StepRange, lines: tuple[str, ...]
) -> types.TextEdit:
    """Whole lines for whole lines, with the line ends that the text has."""
    end = "\r\n" if "\r\n" in text.text else "\n"
    new = "".join(f"{line}{end}" for line in lines)
    if step_range.end >= len(text.lines):
        # The last line of a text has no end.
        new = new.removesuffix(end)
        if step_range.first >= len(text.lines):
            new = end + new
    return types.TextEdit(_lines(server, text, step_range.first, step_range.end), new)


def _lines(server: Server, text: Text, first: int, end: int) -> types.Range:
    """The range of whole lines; where the last is among them, to the end of the text."""
    last = len(text.lines) - 1

    def position(line: int) -> types.Position:
        if line <= last:
            return types.Position(line, 0)
        return server.encoding.position(text, last, len(text.line(last)))

    return types.Range(position(first), position(end))


async def apply(server: Server, document: Document, edits: list[types.TextEdit]) -> bool:
    """Whether the client took them."""
    if not edits or not server.client.takes_edits:
        return False
    if server.client.takes_versioned_edits:
        identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        edit = types.WorkspaceEdit(
            document_changes=[types.TextDocumentEdit(identifier, list(edits))]
        )
    else:
        edit = types.WorkspaceEdit(changes={document.uri: edits})
    try:
        answer = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit))
    except Exception:
        return False
    return answer.applied
