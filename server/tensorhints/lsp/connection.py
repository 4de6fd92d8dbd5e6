"""The connection to one client: pygls's server, which handlers are registered with.

It knows no feature. Documents belong to the session: pygls's own copies, and its handlers for the
same messages, are removed, because they split lines at other characters and read files that were
never opened.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from tensorhints import __version__
from tensorhints.engine.pool import Pool
from tensorhints.model.locales import LOCALES
from tensorhints.model.user_messages import UserMessage
from tensorhints.present.user_messages import sentence

from .guard import Handler, guarded
from .names import PAGE_SCHEME

logger = logging.getLogger(__name__)

# Messages that only this server's own handlers see.
_REPLACED_BUILTINS = (
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


class RawResult(list[dict[str, Any]]):
    """A result that is sent as it is.

    Thousands of hints take longer to convert to lsprotocol's objects and back than to compute.
    """


class Protocol(LanguageServerProtocol):
    """pygls's protocol, extended: raw results, and errors for requests that cannot be parsed."""

    _server: Server

    def _send_response(self, msg_id: str | int, result: Any = None, error: Any = None) -> None:
        if error is None and isinstance(result, RawResult):
            self._result_types.pop(msg_id, None)
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result})
        else:
            super()._send_response(msg_id, result, error)
        self._server.register_features()

    def _get_handler(self, feature_name: str) -> Any:
        if feature_name != types.INITIALIZE:
            # Some clients do not wait for the answer to `initialize`.
            self._server.register_features()
        return super()._get_handler(feature_name)

    def notify_raw(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification whose params are JSON values already."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def cancel_requests(self) -> None:
        """Cancel all requests except the one being handled."""
        for request, future in list(self._request_futures.items()):
            if request != self.msg_id:
                future.cancel()

    async def until_answered(self) -> None:
        """Wait until the request being handled is answered, or cancelled, which answers it too."""
        request = self.msg_id
        future = None if request is None else self._request_futures.get(request)
        if future is not None:
            await asyncio.wait([asyncio.wrap_future(future)])

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Parse a message; answer a request that cannot be parsed, which pygls would only log."""
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
        """Add the one capability that pygls cannot declare: the scheme of our own documents."""
        result = yield from super().lsp_initialize(params)
        workspace = result.capabilities.workspace
        if workspace is not None and types.WORKSPACE_TEXT_DOCUMENT_CONTENT in self.fm.features:
            workspace.text_document_content = types.TextDocumentContentOptions([PAGE_SCHEME])
        return result


def _placeholder_handler(*arguments: Any) -> None:
    """Stand in for the handler of an offered message until the features are registered."""


class Server(LanguageServer):
    """pygls's server for one client, with guarded handlers that are registered in two steps.

    Everything that the answer to `initialize` announces is *offered* first, by placeholders. The
    features are imported and registered once that answer is on its way: an editor waits for it.
    """

    protocol: Protocol

    def __init__(self, pool: Pool) -> None:
        super().__init__(
            "tensorhints",
            __version__,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
        )
        self.pool = pool
        self.locale = LOCALES[0]
        self.is_initialized = False
        self.exited = threading.Event()
        self.close_session: Callable[[], Awaitable[None]] = pool.close
        """Stops all runs and processes; the session's own method once there is one."""
        self._on_close: list[Callable[[], None]] = []
        self._register_features: Callable[[], None] | None = None
        for method in _REPLACED_BUILTINS:
            self.protocol.fm.builtin_features.pop(method, None)

    # ---- handlers

    def offer(self, method: str, options: Any = None) -> None:
        """Announce a method to the client; its handler is registered later by `on_offered`."""
        self.feature(method, options)(_placeholder_handler)

    def offer_command(self, name: str) -> None:
        """Announce a command to the client; it is registered later by `on_command`."""
        self.command(name)(_placeholder_handler)

    def register_features_after_initialize(self, register: Callable[[], None]) -> None:
        """Call `register` once the answer to `initialize` is on its way."""
        self._register_features = register

    def register_features(self) -> None:
        """Register the features if `initialize` was handled and they are not registered yet."""
        if self._register_features is not None and self.is_initialized:
            register, self._register_features = self._register_features, None
            register()

    def on(self, method: str, handler: Handler) -> None:
        """Handle a message by `handler(params)`."""
        self.feature(method)(guarded(method, handler, self._show_failure))

    def on_offered(self, method: str, handler: Handler) -> None:
        """Handle a message as `on` does, if it was offered to this client."""
        if self.protocol.fm.features.pop(method, None) is not None:
            self.on(method, handler)

    def on_command(self, name: str, command: Callable[[object], Awaitable[Any]]) -> None:
        """Handle an offered command by `await command(argument)`.

        pygls's own reading of a command's parameters refuses the empty list that VS Code sends for
        none.
        """

        async def call(*arguments: Any) -> Any:
            return await command(arguments[0] if arguments else None)

        # pygls would look for a server parameter in the annotations.
        call.__annotations__.clear()
        self.protocol.fm.commands.pop(name)
        self.command(name)(call)

    # ---- messages and failures

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Show a message to the user."""
        self.window_show_message(types.ShowMessageParams(type=kind, message=message))

    def show_user_message(self, user_message: UserMessage) -> None:
        """Show a user message in the user's language."""
        self.show(sentence(user_message, self.locale))

    def report_failure(self, error: Exception) -> None:
        """Log and show an exception of a background task."""
        logger.error("background task failed", exc_info=error)
        self._show_failure(error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log a message that cannot be parsed. It is not shown: the user cannot do anything."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)

    def _show_failure(self, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self.show_user_message(UserMessage("internal-error", detail))

    # ---- the end

    @property
    def exit_status(self) -> int:
        """The process's exit status by LSP: 0 only if `shutdown` came before `exit`."""
        return 0 if self.exited.is_set() and self.protocol._shutdown else 1

    def on_close(self, action: Callable[[], None]) -> None:
        """Call `action` when the connection ends, before the session is closed."""
        self._on_close.append(action)

    async def close(self) -> None:
        """Release everything that serves this client."""
        for action in self._on_close:
            action()
        await self.close_session()
