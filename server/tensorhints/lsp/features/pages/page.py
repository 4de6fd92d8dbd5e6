"""Pages in a browser, for editors without webviews: the command that opens one, and its messages.

A page can have a file opened, code inserted or run, and a line shown.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Awaitable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types

from tensorhints.course.format import Lesson, Step
from tensorhints.lsp import names
from tensorhints.lsp.client import Client
from tensorhints.lsp.convert import uri_of
from tensorhints.lsp.features.lessons import edits, open_lesson
from tensorhints.lsp.features.lessons.context import LessonContext, lesson_context
from tensorhints.lsp.inspector import Inspector
from tensorhints.lsp.notifications import PageAnswer
from tensorhints.lsp.pages import PageConnection, Pages
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.run_state import run_notification
from tensorhints.lsp.services import Services
from tensorhints.lsp.views import Views
from tensorhints.present import lessons as words
from tensorhints.present.words import translate
from tensorhints.session.errors import RefusedError
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Document
from tensorhints.study.edits import working_copy_of
from tensorhints.study.files import working_copies_folder
from tensorhints.study.learner import step_number

LESSON, INSPECTOR = "lesson", "inspector"


def register(registry: Registry, services: Services) -> None:
    """Handle the command and the pages' messages."""
    feature = PageMessages(registry.client, services)
    services.pages.on_message = feature.handle
    command = partial(page, lesson_context(services), services.pages, services.views)
    registry.command(names.PAGE, command)


async def page(
    context: LessonContext, pages: Pages, views: Views, client: Client, argument: dict[str, Any]
) -> PageAnswer:
    """Open a page in the user's browser, and return its address."""
    kind = argument.get("page") or _page_for(context, views, argument)
    if kind == LESSON:
        address = await _lesson_address(context, pages, client, argument)
    elif kind == INSPECTOR:
        query = {"uri": argument.get("uri"), "locale": client.locale}
        address = await pages.address(INSPECTOR, query)
    else:
        raise RefusedError("unknown-page", kind)
    context.background.start_after_answer(_show_in_browser(client, address))
    return PageAnswer(kind, address)


def _page_for(context: LessonContext, views: Views, argument: dict[str, Any]) -> str:
    """Return the page of a file: the inspector unless it is a lesson's."""
    if argument.get("uri") is None or argument.get("lesson") is not None:
        return LESSON
    document = views.document(argument["uri"])
    is_ordinary = document is not None and context.lessons.lesson_at(document.path) is None
    return INSPECTOR if is_ordinary else LESSON


async def _lesson_address(
    context: LessonContext, pages: Pages, client: Client, argument: dict[str, Any]
) -> str:
    learner = context.learner
    if argument.get("locale") is not None:
        learner.choose_locale(argument["locale"])
        context.notifier.lesson_locale_changed()
    selection = context.study.selector.select(
        uri=argument.get("uri"), lesson=argument.get("lesson"), step=argument.get("step")
    )
    lesson, step = selection.lesson, selection.step
    query = {
        "lesson": lesson.id,
        "step": None if step is None else step.id,
        "locale": learner.locale,
    }
    address = await pages.address(LESSON, query)
    if selection.document is None:
        path = str(working_copy_of(lesson))
        showing = open_lesson.show_file(context, client, lesson, step, path)
        context.background.start_after_answer(showing)
    return address


async def _show_in_browser(client: Client, address: str) -> None:
    if not await client.show_document(address, take_focus=True, external=True):
        client.show_information(words.address_yourself(address, client.locale))


class PageMessages:
    """Handles the messages of pages that are not commands."""

    def __init__(self, client: Client, services: Services) -> None:
        self._client = client
        self._session: Session = services.session
        self._views: Views = services.views
        self._pages: Pages = services.pages
        self._inspector: Inspector = services.inspector
        self._context = lesson_context(services)

    async def handle(self, connection: PageConnection, message: dict[str, Any]) -> None:
        """Do what a page asks for. Raises `RefusedError`."""
        match message["type"]:
            case "ready":
                await self._send_first(connection)
            case "openLesson":
                await self._open_lesson(message)
            case "showSolution":
                await self._show_solution(message)
            case "insert":
                await self._insert(message["code"])
            case "runCode":
                await self._run_code(message["code"])
            case "runActive":
                self._session.runs.run(connection.query.get("uri"), None)
            case "reveal":
                await self._reveal(message)

    async def _send_first(self, connection: PageConnection) -> None:
        """Send what a page shows at first."""
        is_lesson = connection.page == LESSON
        locale = self._context.learner.locale if is_lesson else self._client.locale
        trusted = self._session.workspace.is_trusted
        await connection.send(
            {"type": "context", "locale": locale, "trusted": trusted, "ready": True}
        )
        if is_lesson:
            lesson, step = connection.query.get("lesson"), connection.query.get("step")
            shown = {"type": "show", "lesson": lesson, "step": step, "locale": locale}
            await connection.send(shown)
            return
        # From the next run on, so that the inspector can show values.
        self._session.workspace.keeps_final_checkpoints = True
        for message in self._program(connection.query.get("uri")):
            await connection.send(message)

    def _program(self, uri: str | None) -> Iterator[dict[str, Any]]:
        """Yield an inspector's messages about a program, by default the one used last."""
        try:
            state = self._session.runs.state(uri)
            run = dataclasses.asdict(run_notification(state, self._client.locale))
            tensors = dataclasses.asdict(self._inspector.tensors(state.uri))
        except RefusedError:
            yield {"type": "tensors", "uri": uri, "tensors": None}
            return
        yield {"type": "tensors", "uri": state.uri, "tensors": {"uri": state.uri, **tensors}}
        yield {"type": "run", "run": run}

    async def _open_lesson(self, message: dict[str, Any]) -> None:
        selector = self._context.study.selector
        selection = selector.select(lesson=message["lesson"], step=message["step"])
        path = str(working_copy_of(selection.lesson))
        lesson, step = selection.lesson, selection.step
        await open_lesson.show_file(self._context, self._client, lesson, step, path)

    async def _show_solution(self, message: dict[str, Any]) -> None:
        """Write a solution into the working copy, by an edit that undo reverts."""
        selector = self._context.study.selector
        selection = selector.select(lesson=message.get("lesson"), step=message.get("step"))
        lesson, step = selection.lesson, selection.required_step
        await self._open_file(lesson, step)
        argument = {"lesson": lesson.id, "step": step.id}
        answer = await edits.solution(self._context, self._client, argument)
        number, locale = step_number(lesson, step), self._context.learner.locale
        code = answer.code.splitlines()
        text = edits.solution_text(number, code, locale, applied=answer.applied)
        self._client.show_information(text)

    async def _open_file(self, lesson: Lesson, step: Step | None) -> None:
        path = str(working_copy_of(lesson))
        if self._context.study.selector.document_of(lesson) is None:
            await self._pages.until_open(
                path,
                lambda: open_lesson.show_file(self._context, self._client, lesson, step, path),
            )

    async def _insert(self, code: str) -> None:
        """Append code to the file used last: the position of its cursor is unknown."""
        document = self._session.documents.used()
        last = len(document.text.lines) - 1
        view = self._views.view_at(document, last)
        end = view.position(last, len(document.text.line(last)))
        begin = "\n" if document.text.line(last) else ""
        edit = types.TextEdit(types.Range(end, end), f"{begin}{code.strip(chr(10))}\n")
        if not await self._client.apply_edits(document.uri, document.version, [edit]):
            self._client.show(translate("page.no-edit", self._client.locale))
            return
        await self._show_at(view.uri, types.Position(end.line + len(begin), 0))

    async def _run_code(self, code: str) -> None:
        """Run code in a file of its own; the same code has the same file, with the user's edits."""
        digest = hashlib.sha256(code.encode(errors="replace")).hexdigest()[:8]
        path = working_copies_folder().parent / "scratch" / f"example-{digest}.py"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(code.strip("\n") + "\n", encoding="utf-8")
        except (OSError, UnicodeEncodeError) as error:
            raise RefusedError("lesson-unreadable", str(error)) from error
        document = await self._opened(path)
        if document is None:
            self._client.show(translate("page.not-opened", self._client.locale, path=str(path)))
            return
        self._session.runs.run(document.uri, None)

    async def _opened(self, path: Path) -> Document | None:
        def show() -> Awaitable[bool]:
            return self._client.show_document(uri_of(str(path)), take_focus=True)

        if self._session.documents.at_path(str(path)) is not None:
            await show()
        return await self._pages.until_open(str(path), show)

    async def _reveal(self, message: dict[str, Any]) -> None:
        """Show a line of a document, if it is open."""
        if self._views.document(message["uri"]) is None:
            raise RefusedError("unknown-uri", message["uri"])
        await self._show_at(message["uri"], types.Position(message["line"], message["character"]))

    async def _show_at(self, uri: str, at: types.Position) -> None:
        await self._client.show_document(uri, take_focus=True, selection=types.Range(at, at))
