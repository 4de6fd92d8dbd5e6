"""The pygls side of the server: what it holds for one client, and how its features reach it.

Documents are the session's: pygls's own copies of them, and its handlers for the same messages, are
put aside, since they split lines at other places and read files that were never opened.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Generator, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from tensorhints import __version__
from tensorhints.engine.pool import Pool
from tensorhints.model.user_messages import UserMessage
from tensorhints.present.user_messages import sentence
from tensorhints.present.words import ENGLISH
from tensorhints.session.session import Session
from tensorhints.session.settings import HintSettings, Problem
from tensorhints.session.text.documents import Document
from tensorhints.source.reader import Reader
from tensorhints.study.library import LessonLibrary

from .client import Client
from .client_text import Shown
from .convert import Encoding
from .guard import guarded
from .mixed_changes import MixedChanges
from .names import PAGE_SCHEME
from .notebooks import Notebook
from .pages import Pages, is_asked_by_page

if TYPE_CHECKING:
    from tensorhints.course.format import Lesson
    from tensorhints.present.labels import LabelStyle

    from .learner import Learner

logger = logging.getLogger(__name__)

# Handled by the features of this server alone.
_PUT_ASIDE = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.EXIT,
)


_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithCells(
            notebook="jupyter-notebook", cells=[types.NotebookCellLanguage("python")]
        )
    ]
)


class Answer(list[dict[str, Any]]):
    """A result as it goes over the wire: thousands of hints, made into objects and checked one by
    one, take longer than finding out what they say.
    """


class Protocol(LanguageServerProtocol):
    """Answers requests that cannot be understood, where pygls only logs them."""

    _server: Server

    def _send_response(self, msg_id: str | int, result: Any = None, error: Any = None) -> None:
        if error is None and isinstance(result, Answer):
            self._result_types.pop(msg_id, None)
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result})
        else:
            super()._send_response(msg_id, result, error)
        self._server.take_up()

    def _get_handler(self, feature_name: str) -> Any:
        if feature_name != types.INITIALIZE:
            # A client that has not waited for its answer.
            self._server.take_up()
        return super()._get_handler(feature_name)

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification that is plain already."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def cancel_requests(self) -> None:
        """All but the one that is being answered."""
        for request, future in list(self._request_futures.items()):
            if request != self.msg_id:
                future.cancel()

    async def until_answered(self) -> None:
        """Until the request that is being handled has its answer."""
        request = self.msg_id
        future = None if request is None else self._request_futures.get(request)
        if future is not None:
            # A cancelled one is answered too.
            await asyncio.wait([asyncio.wrap_future(future)])

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Adds what pygls cannot tell: documents whose text this server has."""
        result = yield from super().lsp_initialize(params)
        workspace = result.capabilities.workspace
        if workspace is not None and types.WORKSPACE_TEXT_DOCUMENT_CONTENT in self.fm.features:
            workspace.text_document_content = types.TextDocumentContentOptions([PAGE_SCHEME])
        return result


def _nobody_yet(*arguments: Any) -> None:
    """Stands for what is offered until it is taken up."""


class Server(LanguageServer):
    """One client's server. `session` exists from `initialize` on."""

    protocol: Protocol

    def __init__(self, pool: Pool) -> None:
        super().__init__(
            "tensorhints",
            __version__,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
        )
        self.pool = pool
        self.client = Client()
        self.encoding = Encoding()
        self.locale = ENGLISH
        self.exited = threading.Event()
        self._closing: list[Callable[[], None]] = []
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.mixed_changes: dict[str, MixedChanges[types.DidChangeTextDocumentParams]] = {}
        self.notebooks: dict[str, Notebook] = {}
        self.first_settings: object = None
        self.setting_problems: tuple[Problem, ...] = ()
        self.told_problems: tuple[Problem, ...] = ()
        self.pages = Pages(self)
        self.lessons = LessonLibrary()
        self.reader = Reader()
        self.on_close(self.reader.close)
        # Told when what is known of a lesson has changed.
        self.lesson_changed: Callable[[Lesson], None] = lambda lesson: None
        # Told when lessons are read in another language.
        self.words_changed: Callable[[], None] = lambda: None
        # By their names: what the client asks for, a page in a browser asks for as well.
        self.commands: dict[str, Callable[..., Any]] = {}
        self._take_up: Callable[[Server], None] | None = None
        self._session: Session | None = None
        self._style: tuple[HintSettings, LabelStyle] | None = None
        for method in _PUT_ASIDE:
            self.protocol.fm.builtin_features.pop(method, None)

    @property
    def session(self) -> Session:
        assert self._session is not None
        return self._session

    @session.setter
    def session(self, session: Session) -> None:
        self._session = session

    @property
    def is_initialized(self) -> bool:
        return self._session is not None

    @property
    def shows_answers(self) -> bool:
        """Whether what a command found is shown by the server, and not by who asked."""
        return not (self.client.speaks_extensions or is_asked_by_page())

    @cached_property
    def learner(self) -> Learner:
        # The course takes a moment that no start should wait for.
        from .learner import Learner

        return Learner(self)

    @property
    def style(self) -> LabelStyle:
        from tensorhints.present.labels import LabelStyle

        hints = self.session.workspace.settings.hints
        if self._style is None or self._style[0] is not hints:
            style = LabelStyle(
                enabled=hints.enabled,
                assignments=hints.assignments,
                parameters=hints.parameters,
                comprehensions=hints.comprehensions,
                returns=hints.returns,
                expressions=hints.expressions,
                chains=hints.chains,
                values=hints.values,
                long_dtypes=hints.dtype == "long",
                show_device=hints.device,
            )
            self._style = hints, style
        return self._style[1]

    @property
    def exit_status(self) -> int:
        """As LSP has it: 0 only where the client asked for a shutdown before it left."""
        return 0 if self.exited.is_set() and self.protocol._shutdown else 1

    def document(self, uri: str) -> Document | None:
        """The document of that name, or the one that a notebook's cell belongs to."""
        if not self.is_initialized:
            return None
        return self.session.documents.at(self.whole(uri))

    def whole(self, uri: str) -> str:
        """The notebook's URI for that of a cell; any other as it is."""
        for notebook in self.notebooks.values():
            if notebook.part(uri) is not None:
                return notebook.uri
        return uri

    def shown(self, uri: str) -> Shown | None:
        """What the client calls by this name."""
        document = self.document(uri)
        if document is None:
            return None
        notebook = self.notebooks.get(document.uri)
        if notebook is None:
            return Shown(uri, document, self.encoding)
        first, count = notebook.part(uri) or (0, 0)
        return Shown(uri, document, self.encoding, first, count)

    def shown_at(self, document: Document, line: int) -> Shown:
        """What the client shows a line of a document in."""
        notebook = self.notebooks.get(document.uri)
        cell = None if notebook is None else notebook.cell_at(line)
        shown = None if cell is None else self.shown(cell)
        return shown or Shown(document.uri, document, self.encoding)

    def shown_in(self, uri: str) -> list[str]:
        """All that the client shows of a document: itself, or a notebook's cells."""
        notebook = self.notebooks.get(uri)
        return [uri] if notebook is None else [cell.uri for cell in notebook.cells]

    def forget_published(self, uris: Iterable[str]) -> None:
        """Cells that are gone: what was said of them must not stay."""
        for uri in uris:
            if self.published.pop(uri, None):
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def offer(self, method: str, options: Any = None) -> None:
        """Tell the client of it; who handles it says so before anything else is handled."""
        self.feature(method, options)(_nobody_yet)

    def offer_command(self, name: str) -> None:
        self.command(name)(_nobody_yet)

    def take_up_later(self, take_up: Callable[[Server], None]) -> None:
        """Have what was offered handled, once the answer to `initialize` is on its way."""
        self._take_up = take_up

    def take_up(self) -> None:
        if self._take_up is not None and self.is_initialized:
            take_up, self._take_up = self._take_up, None
            take_up(self)

    def on(self, method: str, handler: Callable[..., Any]) -> None:
        """Handle a request or notification by `handler(server, params)`: of those that depend on
        the client, where it was offered.
        """
        offered = self.protocol.fm.features.pop(method, None)
        if offered is not None or not self.is_initialized:
            self.feature(method)(self._bound(handler))

    def on_command(self, name: str, handler: Callable[..., Any]) -> None:
        """Handle a command by `await handler(server, argument)`: pygls's own reading of a
        command's parameters refuses the empty list that VS Code sends where there are none.
        """

        async def command(*arguments: Any) -> Any:
            return await handler(self, *arguments[:1])

        # pygls would look into the annotation for the place of the server.
        command.__annotations__.clear()
        self.protocol.fm.commands.pop(name)
        self.command(name)(command)
        self.commands[name] = command

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        self.window_show_message(types.ShowMessageParams(type=kind, message=message))

    def show_user_message(self, user_message: UserMessage) -> None:
        self.show(sentence(user_message, self.locale))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What a client sent and nobody can read is for the log: its user can do nothing."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)

    def on_close(self, action: Callable[[], None]) -> None:
        self._closing.append(action)

    async def close(self) -> None:
        for action in self._closing:
            action()
        if self._session is not None:
            await self._session.close()
        else:
            await self.pool.close()

    def _bound(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        if asyncio.iscoroutinefunction(handler):

            async def waiting(params: Any = None) -> Any:
                return await handler(self, params)

            waiting.__name__ = handler.__name__
            return guarded(waiting, self._failed)

        def direct(params: Any = None) -> Any:
            return handler(self, params)

        direct.__name__ = handler.__name__
        return guarded(direct, self._failed)

    def report_failure(self, error: Exception) -> None:
        """Something that nobody waits for went wrong."""
        logger.error("failed", exc_info=error)
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self.show_user_message(UserMessage("internal-error", detail))
