"""A learner at an editor: opens files, answers questions, applies edits and undoes them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path

from protocol.editor import Editor, _require, editing, plain

_require(types.WINDOW_SHOW_DOCUMENT, "window.show_document.support")
_require(types.WORKSPACE_APPLY_EDIT, "workspace.apply_edit")


class Learner:
    """Picks `answers` from the next questions, by a part of the choice's text.

    Without answers left, it closes the question.
    """

    def __init__(self, editor: Editor, *, can_be_asked: bool) -> None:
        self.editor = editor
        self.answers: list[str] = []
        self.questions: list[types.ShowMessageRequestParams] = []
        # Those that came while the editor was waiting for an answer.
        self.untimely: list[types.ShowMessageRequestParams] = []
        self.progress: list[Any] = []
        self._undo: list[str] = []
        self._listen(can_be_asked)

    # ---- what they do

    async def command(self, name: str, **fields: object) -> Any:
        return await self.editor.command(name, *([fields] if fields else []))

    def open(self, path: str) -> str:
        return self.editor.open(path, Path(path).read_text(encoding="utf-8"), saved=False)

    async def until_lens(self, uri: str, title: str) -> None:
        """Wait for a code lens, as an editor does that asks again after each refresh."""
        refreshes = self.editor.hint_refreshes
        while title not in [shown for _, shown in await self.lenses(uri)]:
            await self.editor.until_refreshed(refreshes)
            refreshes = self.editor.hint_refreshes

    def open_what_is_shown(self) -> str:
        """The Python file that was shown last, or that a message named."""
        return self.open(str(to_fs_path(self.shown(".py")[-1])))

    def shown(self, end: str) -> list[str]:
        return [d.uri for d in self.editor.client.shown_documents if d.uri.endswith(end)]

    def write(self, uri: str, old: str, new: str) -> None:
        text = self.editor.texts[uri]
        assert text.count(old) == 1, (old, text)
        self.editor.replace(uri, text.replace(old, new))

    def undo(self, uri: str) -> None:
        self.editor.replace(uri, self._undo.pop())

    async def actions(self, uri: str, line: int = 0) -> dict[str, types.Command]:
        """The lesson's code actions, by their titles."""
        at = types.Range(types.Position(line, 0), types.Position(line, 0))
        context = types.CodeActionContext([], ["tensorhints.lesson"])
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
        found = await self.editor.client.text_document_code_action_async(params) or []
        commands = (a if isinstance(a, types.Command) else a.command for a in found)
        return {command.title: command for command in commands if command is not None}

    async def act(self, command: types.Command) -> Any:
        arguments = [plain(argument) for argument in command.arguments or ()]
        return await self.editor.command(command.command.rpartition(".")[2], *arguments)

    async def lenses(self, uri: str) -> list[tuple[int, str]]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await self.editor.client.text_document_code_lens_async(params) or []
        return [(lens.range.start.line, lens.command.title) for lens in found if lens.command]

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        if self.editor.client.capabilities is not None:
            capabilities = self.editor.client.capabilities
            workspace = capabilities.workspace
            pulls = capabilities.text_document and capabilities.text_document.diagnostic
            if pulls and workspace and workspace.diagnostics:
                return await self.editor.pulled(uri)
        return self.editor.published(uri)

    async def message(self, part: str) -> str:
        """Wait for a message with these words."""

        def found() -> str | None:
            return next((m for m in self.editor.shown_messages() if part in m), None)

        return str(await self.editor.until(found))

    async def asked(self, count: int) -> types.ShowMessageRequestParams:
        """Wait for the question number `count`, from 1."""
        await self.editor.until(lambda: len(self.questions) >= count)
        return self.questions[count - 1]

    # ---- what their editor does

    def _listen(self, can_be_asked: bool) -> None:
        feature = self.editor.client.feature
        self.editor._also(types.WINDOW_SHOW_DOCUMENT, self.editor._received.set)

        if can_be_asked:

            @feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
            def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
                self.questions.append(params)
                self.untimely += [params] if self.editor.is_waiting else []
                self.editor._received.set()
                if not self.answers:
                    return None
                wanted = self.answers.pop(0)
                return next(item for item in params.actions or () if wanted in item.title)

        @feature(types.WORKSPACE_APPLY_EDIT)
        def edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            for uri, edits in _edits(params.edit):
                self._undo.append(self.editor.texts[uri])
                for each in sorted(edits, key=lambda e: e.range.start, reverse=True):
                    start, end = each.range.start, each.range.end
                    at = (start.line, start.character), (end.line, end.character)
                    self.editor.edit(uri, *at, each.new_text)
            return types.ApplyWorkspaceEditResult(applied=True)

        @feature("tensorhints/progress")
        def progress(params: Any) -> None:
            self.progress.append(plain(params))
            self.editor._received.set()


def _edits(edit: types.WorkspaceEdit) -> list[tuple[str, list[Any]]]:
    if edit.changes:
        return [(uri, list(edits)) for uri, edits in edit.changes.items()]
    changed = [
        each for each in edit.document_changes or () if isinstance(each, types.TextDocumentEdit)
    ]
    assert len(changed) == len(edit.document_changes or ())
    return [(each.text_document.uri, list(each.edits)) for each in changed]


@contextlib.asynccontextmanager
async def learning(
    folder: Path,
    client: str = "vscode",
    *,
    locale: str = "en",
    extensions: bool = False,
    can_be_asked: bool = True,
    trusted: bool = True,
    configuration: dict[str, Any] | None = None,
    capable: Callable[[types.ClientCapabilities], None] | None = None,
) -> AsyncIterator[Learner]:
    """A learner with nothing done yet, in an editor of their own."""
    state = folder / "state"
    environment = {"TENSORHINTS_STATE": str(state), "LANG": os.environ.get("LANG", "C")}
    workspace = folder / "workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    options = {"trusted": trusted, "locale": locale}
    async with editing(
        workspace,
        client,
        extensions=extensions,
        options=options,
        environment=environment,
        configuration=configuration,
        capable=capable,
    ) as editor:
        yield Learner(editor, can_be_asked=can_be_asked)
