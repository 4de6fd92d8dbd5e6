"""The client, as handlers see it: what it can do, and what can be sent to it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from tensorhints.model.user_messages import UserMessage

from .capabilities import Capabilities
from .connection import Server
from .convert import Encoding
from .request_origin import is_requested_by_page

logger = logging.getLogger(__name__)


class Client:
    """Sends messages, requests and notifications; gives no access to documents or runs.

    `capabilities` has the flags that decide what may be sent, `encoding` the units of positions and
    `locale` the user's language. One method a message, hence so many.
    """

    def __init__(
        self, server: Server, capabilities: Capabilities, encoding: Encoding, locale: str
    ) -> None:
        self.capabilities = capabilities
        self.encoding = encoding
        self.locale = locale
        self._server = server
        self._protocol = server.protocol

    @property
    def shows_results(self) -> bool:
        """Whether the server shows what the current command found.

        Clients that declare the extensions, and pages, show the answer themselves.
        """
        return not (self.capabilities.speaks_extensions or is_requested_by_page())

    # ---- messages to the user

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Show a message."""
        self._server.show(message, kind)

    def show_information(self, message: str) -> None:
        """Show a message that is not a warning."""
        self.show(message, types.MessageType.Info)

    def show_user_message(self, user_message: UserMessage) -> None:
        """Show a user message in the user's language."""
        self._server.show_user_message(user_message)

    def report_failure(self, error: Exception) -> None:
        """Log and show an exception of a background task."""
        self._server.report_failure(error)

    async def ask(self, message: str, titles: Sequence[str]) -> str | None:
        """Let the user pick a title; None if they picked none. Raises if the client cannot ask."""
        actions = [types.MessageActionItem(title) for title in titles]
        params = types.ShowMessageRequestParams(types.MessageType.Info, message, actions)
        picked = await self._server.window_show_message_request_async(params)
        return None if picked is None else picked.title

    # ---- documents

    async def show_document(
        self,
        uri: str,
        *,
        take_focus: bool,
        selection: types.Range | None = None,
        external: bool | None = None,
    ) -> bool:
        """Return whether the client showed a document; `external` means in a browser."""
        if not self.capabilities.shows_documents:
            return False
        params = types.ShowDocumentParams(
            uri, external=external, take_focus=take_focus, selection=selection
        )
        try:
            return (await self._server.window_show_document_async(params)).success
        except Exception:
            logger.debug("the client did not show %s", uri, exc_info=True)
            return False

    async def apply_edits(self, uri: str, version: int, edits: Sequence[types.TextEdit]) -> bool:
        """Return whether the client applied edits to this version of a document."""
        if not edits or not self.capabilities.takes_edits:
            return False
        if self.capabilities.takes_versioned_edits:
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            edit = types.WorkspaceEdit(
                document_changes=[types.TextDocumentEdit(identifier, list(edits))]
            )
        else:
            edit = types.WorkspaceEdit(changes={uri: list(edits)})
        try:
            params = types.ApplyWorkspaceEditParams(edit)
            return (await self._server.workspace_apply_edit_async(params)).applied
        except Exception:
            logger.debug("the client did not apply edits to %s", uri, exc_info=True)
            return False

    def publish_diagnostics(
        self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None
    ) -> None:
        """Replace the diagnostics that the client shows for a document."""
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self._server.text_document_publish_diagnostics(params)

    # ---- refreshes and notifications

    def refresh_hints(self) -> None:
        """Make the client request hints again."""
        if self.capabilities.refreshes_hints:
            self._protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)

    def refresh_lenses(self) -> None:
        """Make the client request code lenses again."""
        if self.capabilities.refreshes_lenses:
            self._protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)

    def refresh_diagnostics(self) -> None:
        """Make the client pull diagnostics again."""
        self._protocol.send_request(types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send one of this server's own notifications if the client knows them."""
        if self.capabilities.speaks_extensions:
            self._protocol.notify_raw(method, params)

    async def create_progress(self, token: str) -> None:
        """Create a work-done progress. Raises if the client refuses."""
        params = types.WorkDoneProgressCreateParams(token)
        await self._protocol.send_request_async(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)

    def send_progress(
        self,
        token: str,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        """Begin, update or end a work-done progress."""
        self._protocol.notify(types.PROGRESS, types.ProgressParams(token, value))

    # ---- settings

    def watch_settings(self, section: str) -> None:
        """Make the client notify the server when settings of a section change."""
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        registration = types.Registration(section, method, {"section": section})
        self._server.client_register_capability(types.RegistrationParams([registration]))

    async def settings(self, section: str) -> list[Any]:
        """Return the settings of a section, as a list of one or none. Raises if refused."""
        item = types.ConfigurationItem(section=section)
        answers = await self._server.workspace_configuration_async(
            types.ConfigurationParams([item])
        )
        return list(answers or ())

    async def until_answered(self) -> None:
        """Wait until the request being handled is answered."""
        await self._protocol.until_answered()
