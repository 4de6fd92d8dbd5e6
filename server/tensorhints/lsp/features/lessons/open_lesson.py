"""Opens a lesson: its file, its page, or the list of them all, as far as the client can show any.

The page is a document of this server's own (`workspace/textDocumentContent`) where the client reads
such ones, else a Markdown file in the user's state folder. A client that declares
`experimental.tensorhints` has pages of its own, and is answered with data alone.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from tensorhints.course.format import CHALLENGE, QUIZ, THEORY, Lesson, Step
from tensorhints.course.pages import markdown_page
from tensorhints.course.step_ranges import first_line
from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import uri_of
from tensorhints.lsp.names import PAGE_SCHEME
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError
from tensorhints.study.files import create_working_copy, working_copies_folder

from . import questions


def register(server: Server) -> None:
    server.on(types.WORKSPACE_TEXT_DOCUMENT_CONTENT, content)


def content(
    server: Server, params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    """The page behind a URI of this server's own; an empty one where there is no such page."""
    parts = [unquote(part) for part in urlsplit(params.uri).path.split("/") if part]
    lesson = server.learner.library.lesson(parts[0]) if parts else None
    if lesson is None:
        return types.TextDocumentContentResult("")
    step = lesson.step(parts[1]) if len(parts) > 2 else None
    return types.TextDocumentContentResult(page(server, lesson, step))


def page(server: Server, lesson: Lesson, step: Step | None) -> str:
    learner = server.learner
    text = learner.library.text(lesson, learner.locale)
    return markdown_page(lesson, text, learner.progress, step)


def path_of_lesson(lesson: Lesson) -> Path:
    """The learner's own file, made where there is none. Raises `RefusedError`."""
    try:
        return create_working_copy(lesson)
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error


async def pick(server: Server) -> None:
    """Let the user choose a lesson from the list of all, and open it."""
    learner = server.learner
    titles = {_item(server, lesson): lesson for lesson in learner.library}
    params = types.ShowMessageRequestParams(
        types.MessageType.Info,
        words.which_lesson(learner.locale),
        [types.MessageActionItem(title) for title in titles],
    )
    try:
        picked = await server.window_show_message_request_async(params)
    except Exception:
        # An editor that cannot ask: the lesson where the learner is.
        lesson = learner.choose({}).lesson
    else:
        if picked is None or picked.title not in titles:
            return
        lesson = titles[picked.title]
    learner.choose({"lesson": lesson.id})
    await open_lesson(server, lesson, None)


async def open_lesson(server: Server, lesson: Lesson, step: Step | None) -> None:
    """Show the page beside the lesson's file, and ask the question where the step is one."""
    path = path_of_lesson(lesson)
    await _show_page(server, lesson, step)
    await read(server, lesson, step)
    if step is None or step.kind == CHALLENGE:
        await show_file(server, lesson, step, str(path))
    elif step.kind == QUIZ:
        await questions.ask(server, lesson, step)


async def read(server: Server, lesson: Lesson, step: Step | None) -> None:
    """What was shown of a lesson's theory counts as read; other steps as begun."""
    learner = server.learner
    for each in lesson.steps if step is None else (step,):
        if each.kind == THEORY:
            await learner.keep(learner.progress.solved, lesson.id, each.id, lesson.digest)
        elif each is step:
            await learner.keep(learner.progress.started, lesson.id, each.id)


def _item(server: Server, lesson: Lesson) -> str:
    learner = server.learner
    title = learner.library.text(lesson, learner.locale).title
    return words.lesson_item(lesson.number, title, learner.locale, is_done=learner.is_done(lesson))


async def _show_page(server: Server, lesson: Lesson, step: Step | None) -> None:
    locale = server.learner.locale
    if server.client.reads_content and server.client.shows_documents:
        of_step = "" if step is None else f"{quote(step.id)}/"
        name = f"{PAGE_SCHEME}:/{quote(lesson.id)}/{of_step}{locale}.md"
        await show(server, name, take_focus=False)
        return
    path = working_copies_folder().parent / "pages" / f"{lesson.id}.{locale}.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(server, lesson, step), encoding="utf-8")
    except OSError as error:
        raise RefusedError("lesson-unreadable", str(error)) from error
    if not await show(server, uri_of(str(path)), take_focus=False):
        server.show(words.page_yourself(str(path), locale), types.MessageType.Info)


async def show_file(server: Server, lesson: Lesson, step: Step | None, path: str) -> None:
    selection = None
    document = server.session.documents.at_path(path)
    if step is not None and document is not None:
        found = server.learner.step_ranges(lesson, document.text.text)
        line = first_line(found.get(step.id, ()))
        if line is not None:
            selection = types.Range(types.Position(line, 0), types.Position(line, 0))
    if not await show(server, uri_of(path), take_focus=True, selection=selection):
        locale = server.learner.locale
        server.show(words.open_yourself(path, locale), types.MessageType.Info)


async def show(
    server: Server,
    uri: str,
    *,
    take_focus: bool,
    selection: types.Range | None = None,
    external: bool | None = None,
) -> bool:
    """Whether the client shows it; `external` outside of itself, in a browser."""
    if not server.client.shows_documents:
        return False
    params = types.ShowDocumentParams(
        uri, external=external, take_focus=take_focus, selection=selection
    )
    try:
        return (await server.window_show_document_async(params)).success
    except Exception:
        return False
