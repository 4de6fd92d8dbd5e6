"""An editor as the server sees it: a recorded client profile, its documents, and what it receives.

Nothing here sleeps: a test waits for what the server sends, with a limit.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from coverage import Coverage
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.uris import from_fs_path
from pytest_lsp import LanguageClient, make_test_lsp_client
from pytest_lsp.checks import PARAMS_CHECKS, check_params_of

from protocol.lsp_log import LOG

CLIENTS = Path(__file__).parent / "clients"
LIMIT_SECONDS = 60.0
SERVER = (sys.executable, "-m", "tensorhints", "serve")
ROOT = Path(__file__).resolve().parents[2]


def profile(name: str) -> tuple[types.ClientInfo, types.ClientCapabilities]:
    """What that editor sends with `initialize`."""
    recorded = json.loads((CLIENTS / f"{name}.json").read_text(encoding="utf-8"))
    converter = get_converter()
    return (
        converter.structure(recorded["clientInfo"], types.ClientInfo),
        converter.structure(recorded["capabilities"], types.ClientCapabilities),
    )


def _action(sent: Any, _: Any) -> types.Command | types.CodeAction:
    """Lsprotocol takes every action for a command."""
    converter = get_converter()
    if isinstance(sent["command"], str):
        return converter.structure(sent, types.Command)
    return converter.structure(sent, types.CodeAction)


def _require(method: str, path: str) -> None:
    """A request that the client did not announce is an error of the server."""
    if method in PARAMS_CHECKS:
        return

    @check_params_of(method=method)
    def check(capabilities: types.ClientCapabilities, params: Any) -> None:
        value: Any = capabilities
        for part in path.split("."):
            value = getattr(value, part, None)
        assert value, f"the client does not support {method}"


_require(types.WORKSPACE_INLAY_HINT_REFRESH, "workspace.inlay_hint.refresh_support")
_require(types.WORKSPACE_CODE_LENS_REFRESH, "workspace.code_lens.refresh_support")
_require(types.WORKSPACE_DIAGNOSTIC_REFRESH, "workspace.diagnostics.refresh_support")
_require(
    types.CLIENT_REGISTER_CAPABILITY, "workspace.did_change_configuration.dynamic_registration"
)


class Editor:
    """Positions in tests are (line, character) in the units that were agreed on."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.runs: list[Any] = []
        self.output: list[Any] = []
        self.tensors: list[Any] = []
        self.lines: list[Any] = []
        self.hint_refreshes = 0
        self.lens_refreshes = 0
        self.diagnostic_refreshes = 0
        self.asked_for_settings = 0
        client.protocol._converter.register_structure_hook(
            types.Command | types.CodeAction, _action
        )
        self.initialized: types.InitializeResult
        self._received = asyncio.Event()
        self._listen()

    # ---- documents

    def uri(self, name: str) -> str:
        if name.startswith("untitled:"):
            return name
        return str(from_fs_path(str(self.folder / name)))

    def open(self, name: str, text: str, *, saved: bool = True, language: str = "python") -> str:
        uri = self.uri(name)
        if saved and not name.startswith("untitled:"):
            (self.folder / name).write_bytes(text.encode())
        self.versions[uri] = 1
        self.texts[uri] = text
        document = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def replace(self, uri: str, text: str) -> None:
        """The whole text anew, as editors without incremental changes send it."""
        self._change(uri, types.TextDocumentContentChangeWholeDocument(text))
        self.texts[uri] = text

    def edit(self, uri: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """In code points of an ASCII text, which are the same in every encoding."""
        lines = self.texts[uri].split("\n")
        before = "\n".join([*lines[: start[0]], lines[start[0]][: start[1]]])
        after = "\n".join([lines[end[0]][end[1] :], *lines[end[0] + 1 :]])
        self.texts[uri] = before + text + after
        span = types.Range(types.Position(*start), types.Position(*end))
        self._change(uri, types.TextDocumentContentChangePartial(range=span, text=text))

    def type(self, uri: str, at: tuple[int, int], text: str) -> None:
        self.edit(uri, at, at, text)

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        del self.versions[uri]

    def tidy(self) -> None:
        """Close every document and forget what was received."""
        for uri in list(self.versions):
            self.close(uri)
        for received in (self.runs, self.output, self.tensors, self.lines, self.client.messages):
            received.clear()
        self.client.diagnostics.clear()

    async def configure(self, settings: dict[str, Any]) -> None:
        """Change the settings, as a user does in the editor, until the server has read them."""
        settings = {"run": {"interpreter": sys.executable}, **settings}
        self.client.set_configuration(settings, section="tensorhints")
        asked = self.asked_for_settings
        self.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"tensorhints": settings})
        )
        await self.until(lambda: self.asked_for_settings > asked)

    def _change(self, uri: str, change: Any) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    # ---- requests

    @property
    def is_waiting(self) -> bool:
        """Whether the server owes an answer."""
        return bool(self.client.protocol._request_futures)

    async def command(self, name: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(f"tensorhints.server.{name}", list(arguments))
        return plain(await within(self.client.workspace_execute_command_async(params)))

    async def run(self, uri: str) -> Any:
        return await self.command("run", {"uri": uri})

    def command_later(self, name: str, *arguments: Any) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self.command(name, *arguments))

    async def hints(self, uri: str, lines: tuple[int, int] = (0, 100_000)) -> list[types.InlayHint]:
        asked = types.Range(types.Position(lines[0], 0), types.Position(lines[1], 0))
        params = types.InlayHintParams(types.TextDocumentIdentifier(uri), asked)
        return list(await within(self.client.text_document_inlay_hint_async(params)) or [])

    async def drawn(self, uri: str) -> str:
        """The text with its hints where an editor draws them (ASCII texts)."""
        lines = self.texts[uri].split("\n")
        for hint in reversed(await self.hints(uri)):
            line = lines[hint.position.line]
            at = hint.position.character
            lines[hint.position.line] = f"{line[:at]}«{hint.label}»{line[at:]}"
        return "\n".join(lines)

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        params = types.HoverParams(
            types.TextDocumentIdentifier(uri), types.Position(line, character)
        )
        found: types.Hover | None = await within(self.client.text_document_hover_async(params))
        return found

    async def lenses(self, uri: str) -> list[str]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        lenses = await within(self.client.text_document_code_lens_async(params)) or []
        return [lens.command.title for lens in lenses if lens.command is not None]

    async def actions(
        self,
        uri: str,
        line: int = 0,
        *,
        automatic: bool = False,
        only: list[Any] | None = None,
    ) -> list[Any]:
        trigger = types.CodeActionTriggerKind.Invoked
        if automatic:
            trigger = types.CodeActionTriggerKind.Automatic
        at = types.Range(types.Position(line, 0), types.Position(line, 0))
        context = types.CodeActionContext([], only, trigger)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
        return list(await within(self.client.text_document_code_action_async(params)) or [])

    async def pulled(self, uri: str) -> list[types.Diagnostic]:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        report = await within(self.client.text_document_diagnostic_async(params))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    # ---- waiting

    async def until(self, holds: Callable[[], Any]) -> Any:
        """Wait until a message of the server makes this true."""

        async def wait() -> Any:
            while not (value := holds()):
                self._received.clear()
                await self._received.wait()
            return value

        return await within(wait())

    async def until_drawn(self, uri: str, part: str) -> None:
        """Wait for a hint of a program that still runs, as an editor that refreshes does."""
        refreshes = self.hint_refreshes
        while part not in await self.drawn(uri):
            await self.until_refreshed(refreshes)
            refreshes = self.hint_refreshes

    async def until_refreshed(self, known: int) -> None:
        """Wait until the server has refreshed the hints more often than this."""
        await self.until(lambda: self.hint_refreshes > known)

    async def until_diagnosed(self, uri: str) -> None:
        """Wait for a diagnostic of a program that still runs, as an editor that pulls them does."""
        known = self.diagnostic_refreshes
        while not await self.pulled(uri):
            known = await self.until(partial(self._diagnostic_refreshes_after, known))

    def _diagnostic_refreshes_after(self, known: int) -> int:
        refreshes = self.diagnostic_refreshes
        return refreshes if refreshes > known else 0

    async def next_run(self) -> Any:
        """The end of the run that is the next to end."""
        return await self.run_after(len(self.runs))

    async def run_after(self, known: int) -> Any:
        def ended() -> Any:
            later = (state for state in self.runs[known:] if state.outcome is not None)
            return next(later, None)

        return await self.until(ended)

    def published(self, uri: str) -> list[types.Diagnostic]:
        return list(self.client.diagnostics.get(uri, []))

    def printed(self, stream: str | None = None) -> str:
        """What the programs of this test have printed so far."""
        return "".join(o.text for o in self.output if stream in (None, o.stream))

    def shown_messages(self) -> list[str]:
        return [message.message for message in self.client.messages]

    def _listen(self) -> None:
        feature = self.client.feature

        def received() -> None:
            self._received.set()

        @feature("tensorhints/run")
        def run(params: Any) -> None:
            self.runs.append(params)
            received()

        @feature("tensorhints/output")
        def output(params: Any) -> None:
            self.output.append(params)
            received()

        @feature("tensorhints/tensors")
        def tensors(params: Any) -> None:
            self.tensors.append(params)
            received()

        @feature("tensorhints/lines")
        def lines(params: Any) -> None:
            self.lines.append(params)
            received()

        @feature(types.WORKSPACE_INLAY_HINT_REFRESH)
        def hint_refresh(params: None) -> None:
            self.hint_refreshes += 1
            received()

        @feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def lens_refresh(params: None) -> None:
            self.lens_refreshes += 1
            received()

        @feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            received()

        def asked() -> None:
            self.asked_for_settings += 1
            received()

        def diagnostics_refreshed() -> None:
            self.diagnostic_refreshes += 1
            received()

        self._also(types.WORKSPACE_CONFIGURATION, asked)
        self._also(types.WORKSPACE_DIAGNOSTIC_REFRESH, diagnostics_refreshed)
        for method in (
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
            types.WINDOW_SHOW_MESSAGE,
            types.PROGRESS,
        ):
            self._also(method, received)

    def _also(self, method: str, received: Callable[[], None]) -> None:
        """Wake the waiting tests after pytest-lsp has handled a message."""
        features = self.client.protocol.fm.features
        known = features[method]

        def both(*arguments: Any) -> Any:
            answer = known(*arguments)
            received()
            return answer

        features[method] = both


async def within(awaitable: Any) -> Any:
    return await asyncio.wait_for(awaitable, LIMIT_SECONDS)


def plain(value: Any) -> Any:
    """What pygls made objects of, as the JSON that it was."""
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def measured(command: Sequence[str]) -> Sequence[str]:
    """Return the command so that it adds to the coverage, if pytest measures one (`--cov`)."""
    if Coverage.current() is None:
        return command
    python, *arguments = command
    options = (f"--rcfile={ROOT / 'pyproject.toml'}", f"--data-file={ROOT / '.coverage'}")
    return [python, "-m", "coverage", "run", "--parallel-mode", *options, *arguments]


@contextlib.asynccontextmanager
async def editing(
    folder: Path,
    client: str = "vscode",
    *,
    encodings: list[str] | None = None,
    extensions: bool = True,
    options: dict[str, Any] | None = None,
    configuration: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    capable: Callable[[types.ClientCapabilities], None] | None = None,
) -> AsyncIterator[Editor]:
    """An editor with the server running in `folder`, shut down in order at the end."""
    language_client = make_test_lsp_client()
    LOG.record_client(language_client.protocol)
    info, capabilities = profile(client)
    if encodings is not None:
        assert capabilities.general is not None
        capabilities.general.position_encodings = list(encodings)
    if capable is not None:
        capable(capabilities)
    if extensions:
        capabilities.experimental = {"tensorhints": True}
    if configuration is not None:
        configured = {"run": {"interpreter": sys.executable}, **configuration}
        language_client.set_configuration(configured, section="tensorhints")
    given: dict[str, Any] = {"trusted": True} if options is None else dict(options)
    given.setdefault("settings", {"run": {"interpreter": sys.executable}, **(settings or {})})
    environ = {**os.environ, **(environment or {})}
    await language_client.start_io(*measured(SERVER), env=environ, cwd=str(folder))
    editor = Editor(language_client, folder)
    try:
        editor.initialized = await within(
            language_client.initialize_session(
                types.InitializeParams(
                    capabilities=capabilities,
                    client_info=info,
                    initialization_options=given,
                    workspace_folders=[
                        types.WorkspaceFolder(str(from_fs_path(str(folder))), folder.name)
                    ],
                )
            )
        )
        try:
            yield editor
        finally:
            await within(language_client.shutdown_session())
    finally:
        await language_client.stop()  # type: ignore[no-untyped-call]
