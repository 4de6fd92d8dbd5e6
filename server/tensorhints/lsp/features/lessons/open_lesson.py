"""Opens a lesson: its file, its page, or the list of all lessons, as far as the client can.

The page is a document of this server (`workspace/textDocumentContent`) if the client supports that,
else a Markdown file in the user's state folder.
"""

from __future__ import annotations

import logging
from functools import partial
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from tensorhints.course.format import CHALLENGE, QUIZ, Lesson, Step
from tensorhints.course.pages import markdown_page
from tensorhints.course.step_ranges import first_line
from tensorhints.lsp.client import Client
from tensorhints.lsp.convert import uri_of
from tensorhints.lsp.names import PAGE_SCHEME
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError
from tensorhints.study.edits import working_copy_of
from tensorhints.study.files import working_copies_folder
from tensorhints.study.learner import Learner

from . import questions
from .context import LessonContext, lesson_context

logger = logging.getLogger(__name__)


def register(registry: Registry, services: Services) -> None:
    """Handle the request for this server's documents."""
    handler = partial(content, lesson_context(services))
    registry.message(types.WORKSPACE_TEXT_DOCUMENT_CONTENT, handler)


def content(
    context: LessonContext, client: Client, params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    """Return the page at a URI of this server; an empty text if there is no such page."""
    parts = [unquote(part) for part in urlsplit(params.uri).path.split("/") if part]
    lesson = context.learner.course.lesson(parts[0]) if parts else None
    if lesson is None:
        return types.TextDocumentContentResult("")
    step = lesson.step(parts[1]) if len(parts) > 2 else None
    return types.TextDocumentContentResult(_page(context.learner, lesson, step))


async def pick_lesson(context: LessonContext, client: Client) -> None:
    """Let the user pick a lesson from a list, and open it."""
    learner = context.learner
    titles = {_list_item(learner, lesson): lesson for lesson in learner.course}
    try:
        picked = await client.ask(words.which_lesson(learner.locale), list(titles))
    except Exception:
        logger.debug("the client did not ask the user", exc_info=True)
        # The editor cannot ask: open the learner's current lesson.
        lesson = context.study.selector.select().lesson
    else:
        if picked not in titles:
            return
        lesson = titles[picked]
    context.study.selector.select(lesson=lesson.id)
    await open_lesson(context, client, lesson, None)


async def open_lesson(
    context: LessonContext, client: Client, lesson: Lesson, step: Step | None
) -> None:
    """Show the page and the lesson's file; if the step is a question, ask it instead."""
    path = working_copy_of(lesson)
    await _show_page(context, client, lesson, step)
    await context.study.record_read(lesson, step)
    if step is None or step.kind == CHALLENGE:
        await show_file(context, client, lesson, step, str(path))
    elif step.kind == QUIZ:
        await questions.ask(context, client, lesson, step)


async def show_file(
    context: LessonContext, client: Client, lesson: Lesson, step: Step | None, path: str
) -> None:
    """Show a lesson's file, at the step's line if the file is open already."""
    selection = None
    document = context.session.documents.at_path(path)
    if step is not None and document is not None:
        ranges = context.learner.step_ranges(lesson, document.text.text)
        line = first_line(ranges.get(step.id, ()))
        if line is not None:
            selection = types.Range(types.Position(line, 0), types.Position(line, 0))
    if not await client.show_document(uri_of(path), take_focus=True, selection=selection):
        client.show_information(words.open_yourself(path, context.learner.locale))


def _page(learner: Learner, lesson: Lesson, step: Step | None) -> str:
    text = learner.course.text(lesson, learner.locale)
    return markdown_page(lesson, text, learner.progress, step)


def _list_item(learner: Learner, lesson: Lesson) -> str:
    title = learner.course.text(lesson, learner.locale).title
    return words.lesson_item(lesson.number, title, learner.locale, is_done=learner.is_done(lesson))


async def _show_page(
    context: LessonContext, client: Client, lesson: Lesson, step: Step | None
) -> None:
    locale = context.learner.locale
    if client.capabilities.reads_content and client.capabilities.shows_documents:
        step_part = "" if step is None else f"{quote(step.id)}/"
        uri = f"{PAGE_SCHEME}:/{quote(lesson.id)}/{step_part}{locale}.md"
        await client.show_document(uri, take_focus=False)
        return
    path = working_copies_folder().parent / "pages" / f"{lesson.id}.{locale}.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(context.learner, lesson, step), encoding="utf-8")
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    if not await client.show_document(uri_of(str(path)), take_focus=False):
        client.show_information(words.page_yourself(str(path), locale))
