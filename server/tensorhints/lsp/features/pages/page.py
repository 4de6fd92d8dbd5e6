"""The pages for editors that show none: the command that opens one in a browser, and what follows
from a page's own messages: a file is opened, code is written or run, a line is shown.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types

from tensorhints.course.format import Lesson, Step
from tensorhints.lsp import names
from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import uri_of
from tensorhints.lsp.features.editor.execute_command import answering, inspect
from tensorhints.lsp.features.lessons import edits, open_lesson
from tensorhints.lsp.notifications import PageAnswer
from tensorhints.lsp.notifier import run_notification
from tensorhints.lsp.pages import Visit
from tensorhints.present import lessons as words
from tensorhints.present.words import translate
from tensorhints.session.errors import RefusedError
from tensorhints.session.text.documents import Document
from tensorhints.study.files import working_copies_folder

LESSON, INSPECTOR = "lesson", "inspector"


def register(server: Server) -> None:
    server.on_command(names.PAGE, answering(names.PAGE, page))


async def page(server: Server, wanted: dict[str, Any]) -> PageAnswer:
    kind = wanted.get("page") or _page_for(server, wanted)
    if kind == LESSON:
        address = await _lesson_address(server, wanted)
    elif kind == INSPECTOR:
        query = {"uri": wanted.get("uri"), "locale": server.locale}
        address = await server.pages.address(INSPECTOR, query)
    else:
        raise RefusedError("unknown-page", kind)
    server.learner.after_answer(_show(server, address))
    return PageAnswer(kind, address)


def _page_for(server: Server, wanted: dict[str, Any]) -> str:
    """A file that is no lesson's has tensors to look at."""
    if wanted.get("uri") is None or wanted.get("lesson") is not None:
        return LESSON
    document = server.document(wanted["uri"])
    is_ordinary = document is not None and server.learner.lesson_at(document.path) is None
    return INSPECTOR if is_ordinary else LESSON


async def _lesson_address(server: Server, wanted: dict[str, Any]) -> str:
    learner = server.learner
    if wanted.get("locale") is not None:
        learner.speak(wanted["locale"])
        server.words_changed()
    chosen = learner.choose(wanted)
    query = {
        "lesson": chosen.lesson.id,
        "step": None if chosen.step is None else chosen.step.id,
        "locale": learner.locale,
    }
    address = await server.pages.address(LESSON, query)
    if chosen.document is None:
        path = str(open_lesson.path_of_lesson(chosen.lesson))
        learner.after_answer(open_lesson.show_file(server, chosen.lesson, chosen.step, path))
    return address


async def _show(server: Server, address: str) -> None:
    if not await open_lesson.show(server, address, take_focus=True, external=True):
        server.show(words.address_yourself(address, server.locale), types.MessageType.Info)


# ---- what a page says


async def act(server: Server, visit: Visit, message: dict[str, Any]) -> None:
    """Raises `RefusedError`."""
    match message["type"]:
        case "ready":
            await _greet(server, visit)
        case "openLesson":
            await _open_lesson(server, message)
        case "showSolution":
            await _show_solution(server, message)
        case "insert":
            await _insert(server, message["code"])
        case "runCode":
            await _run_code(server, message["code"])
        case "runActive":
            server.session.runs.run(visit.query.get("uri"), None)
        case "reveal":
            await _reveal(server, message)


async def _greet(server: Server, visit: Visit) -> None:
    locale = server.learner.locale if visit.page == LESSON else server.locale
    trusted = server.session.workspace.is_trusted
    await visit.send({"type": "context", "locale": locale, "trusted": trusted, "ready": True})
    if visit.page == LESSON:
        lesson, step = visit.query.get("lesson"), visit.query.get("step")
        await visit.send({"type": "show", "lesson": lesson, "step": step, "locale": locale})
        return
    # Values are kept for who looks at them: from the next run on.
    server.session.workspace.keeps_final_checkpoints = True
    for told in _of_program(server, visit.query.get("uri")):
        await visit.send(told)


def _of_program(server: Server, uri: str | None) -> Iterator[dict[str, Any]]:
    """What an inspector shows of the program that it is opened for, or of the one used last."""
    try:
        state = server.session.runs.state(uri)
        told = dataclasses.asdict(run_notification(state, server.locale))
        answer = dataclasses.asdict(inspect(server, state.uri))
    except RefusedError:
        yield {"type": "tensors", "uri": uri, "tensors": None}
        return
    yield {"type": "tensors", "uri": state.uri, "tensors": {"uri": state.uri, **answer}}
    yield {"type": "run", "run": told}


async def _open_lesson(server: Server, message: dict[str, Any]) -> None:
    learner = server.learner
    chosen = learner.choose({"lesson": message["lesson"], "step": message["step"]})
    path = str(open_lesson.path_of_lesson(chosen.lesson))
    await open_lesson.show_file(server, chosen.lesson, chosen.step, path)


async def _show_solution(server: Server, message: dict[str, Any]) -> None:
    """In the learner's own file, from where undo takes it back."""
    chosen = server.learner.choose(message)
    step = chosen.the_step
    await _opened(server, chosen.lesson, step)
    answer = await edits.solution(server, {"lesson": chosen.lesson.id, "step": step.id})
    number, locale = server.learner.number(chosen.lesson, step), server.learner.locale
    if answer.applied:
        told = words.solution_shown(number, locale)
    else:
        told = words.solution_message(number, answer.code.splitlines(), locale)
    server.show(told, types.MessageType.Info)


async def _opened(server: Server, lesson: Lesson, step: Step | None) -> Document | None:
    path = str(open_lesson.path_of_lesson(lesson))
    return server.learner.document_of(lesson) or await server.pages.until_open(
        path, lambda: open_lesson.show_file(server, lesson, step, path)
    )


async def _insert(server: Server, code: str) -> None:
    """At the end of the file used last: the server does not know where its cursor is."""
    document = server.session.documents.at(server.session.runs.state(None).uri)
    if document is None:
        raise RefusedError("no-document")
    lines = document.text.lines
    last = len(lines) - 1
    shown = server.shown_at(document, last)
    end = shown.position(last, len(document.text.line(last)))
    begin = "\n" if document.text.line(last) else ""
    edit = types.TextEdit(types.Range(end, end), f"{begin}{code.strip(chr(10))}\n")
    if not await edits.apply(server, document, [edit]):
        server.show(translate("page.no-edit", server.locale))
        return
    at = types.Position(end.line + len(begin), 0)
    await open_lesson.show(server, shown.uri, take_focus=True, selection=types.Range(at, at))


async def _run_code(server: Server, code: str) -> None:
    """In a file of its own. The same code is the same file, and what was made of it stays."""
    digest = hashlib.sha256(code.encode(errors="replace")).hexdigest()[:8]
    path = working_copies_folder().parent / "scratch" / f"example-{digest}.py"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(code.strip("\n") + "\n", encoding="utf-8")
    except (OSError, UnicodeEncodeError) as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    document = await _opened_at(server, path)
    if document is None:
        server.show(translate("page.not-opened", server.locale, path=str(path)))
        return
    server.session.runs.run(document.uri, None)


async def _opened_at(server: Server, path: Path) -> Document | None:
    def show() -> Any:
        return open_lesson.show(server, uri_of(str(path)), take_focus=True)

    known = server.session.documents.at_path(str(path))
    if known is not None:
        await show()
    return await server.pages.until_open(str(path), show)


async def _reveal(server: Server, message: dict[str, Any]) -> None:
    """Of documents that are open alone."""
    shown = server.shown(server.whole(message["uri"]))
    if shown is None:
        raise RefusedError("unknown-uri", message["uri"])
    at = types.Position(message["line"], message["character"])
    await open_lesson.show(server, message["uri"], take_focus=True, selection=types.Range(at, at))
