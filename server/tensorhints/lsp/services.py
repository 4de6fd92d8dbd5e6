"""Everything that serves one client, from `initialize` on."""

from __future__ import annotations

from dataclasses import dataclass

from tensorhints.session.session import Session
from tensorhints.source.reader import Reader
from tensorhints.study.library import LessonLibrary

from .background import BackgroundTasks
from .client import Client
from .command_registry import CommandRegistry
from .connection import Server
from .diagnostics import DiagnosticReports
from .hint_refresh import HintRefresh
from .inspector import Inspector
from .lessons import Lessons
from .notifier import Notifier
from .pages import Pages
from .run_progress import RunProgress
from .views import Views


@dataclass(frozen=True)
class Services:
    """The parts of the server that features may take as they register; no handler gets them all."""

    session: Session
    client: Client
    views: Views
    lessons: Lessons
    reader: Reader
    commands: CommandRegistry
    pages: Pages
    inspector: Inspector
    diagnostics: DiagnosticReports
    progress: RunProgress
    notifier: Notifier
    background: BackgroundTasks


def create_services(
    server: Server, client: Client, *, folders: list[str], trusted: bool
) -> Services:
    """Create the session and all that surrounds it; the server closes them at its end."""
    library = LessonLibrary()
    notifier = Notifier(client, HintRefresh(client))
    session = Session(server.pool, notifier, folders=folders, trusted=trusted, lessons=library)
    views = Views(session, client.encoding)
    lessons = Lessons(library, session, client)
    background = BackgroundTasks(client)
    commands = CommandRegistry(client, views.document_uri)
    pages = Pages(commands, session.documents, background)
    inspector = Inspector(session, views)
    diagnostics = DiagnosticReports(session, views, client, lessons)
    progress = RunProgress(client, session)
    reader = Reader()
    notifier.attach(session, views, lessons, pages, inspector, diagnostics, progress, background)
    for close in (reader.close, notifier.cancel, pages.close, background.cancel, lessons.close):
        server.on_close(close)
    server.close_session = session.close
    return Services(
        session=session,
        client=client,
        views=views,
        lessons=lessons,
        reader=reader,
        commands=commands,
        pages=pages,
        inspector=inspector,
        diagnostics=diagnostics,
        progress=progress,
        notifier=notifier,
        background=background,
    )
