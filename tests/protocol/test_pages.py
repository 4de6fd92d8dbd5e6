"""The pages in a browser: the server serves them, runs their commands and notifies them."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.uris import to_fs_path
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from protocol.editor import within
from protocol.learner import Learner, learning

PROGRAM = "import torch\nx = torch.ones(2, 3)\n"


class Tab:
    """A browser's tab, without the drawing."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._last = 0

    async def send(self, type_: str, **fields: object) -> None:
        await self._socket.send(json.dumps({"type": type_, **fields}))

    async def received(self, type_: str, holds: Callable[[Any], object] = lambda _: True) -> Any:
        """Wait for the next message of that type for which this is true."""

        async def wait() -> Any:
            while True:
                message = json.loads(await self._socket.recv())
                if message["type"] == type_ and holds(message):
                    return message

        return await within(wait())

    async def command(self, command: str, **argument: object) -> Any:
        self._last += 1
        await self.send("command", id=self._last, command=command, argument=argument)
        answer = await self.received("answer", lambda message: message["id"] == self._last)
        return answer["result"]


@contextlib.asynccontextmanager
async def tab(address: str) -> AsyncIterator[Tab]:
    scheme, host, path, query, _ = urlsplit(address)
    token, page = path.removeprefix("/").split("/")
    socket = urlunsplit(("ws", host, f"/{token}/socket/{page}", query, ""))
    async with connect(socket, origin=Origin(f"{scheme}://{host}"), proxy=None) as connected:
        yield Tab(connected)


def pages(folder: Path) -> Path:
    """As built, as far as the server looks at them."""
    folder.mkdir()
    for name in ("lesson.js", "inspector.js"):
        (folder / name).write_text("", "utf-8")
    return folder


def refreshing(capabilities: types.ClientCapabilities) -> None:
    """As the README configures Neovim."""
    assert capabilities.workspace is not None
    capabilities.workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(
        refresh_support=True
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Learner]:
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENSORHINTS_PAGES", str(pages(folder / "built")))
        async with learning(folder, "neovim", capable=refreshing) as me:
            yield me


@pytest_asyncio.fixture(loop_scope="session")
async def me(shared: Learner) -> AsyncIterator[Learner]:
    yield shared
    shared.editor.tidy()
    shared.editor.client.shown_documents.clear()
    await shared.command("reset", lesson="tensors")


async def in_a_browser(me: Learner) -> str:
    """The address that the client was asked to show outside of itself."""

    def shown() -> str | None:
        documents = me.editor.client.shown_documents
        return next((document.uri for document in documents if document.external), None)

    return str(await me.editor.until(shown))


async def test_the_lessons_page_is_opened_in_a_browser_and_its_file_in_the_editor(
    me: Learner,
) -> None:
    answer = await me.command("page", lesson="tensors", step="uniform", locale="en")
    assert answer == {"page": "lesson", "address": await in_a_browser(me)}
    asked = parse_qs(urlsplit(answer["address"]).query)
    assert asked == {"lesson": ["tensors"], "step": ["uniform"], "locale": ["en"]}
    await me.editor.until(lambda: me.shown(".py"))
    with urllib.request.urlopen(answer["address"], timeout=10) as page:
        assert b'data-page="lesson"' in page.read()


async def test_a_page_receives_its_context_and_its_content(me: Learner) -> None:
    answer = await me.command("page", lesson="tensors", step="uniform", locale="pt-BR")
    async with tab(answer["address"]) as page:
        await page.send("ready")
        context = await page.received("context")
        assert context == {"type": "context", "locale": "pt-BR", "trusted": True, "ready": True}
        shown = await page.received("show")
        assert (shown["lesson"], shown["step"]) == ("tensors", "uniform")
    await me.command("lesson", lesson="tensors", locale="en")


async def test_an_answer_in_the_page_changes_the_lens_in_the_editor(me: Learner) -> None:
    uri = me.open((await me.command("lesson", lesson="tensors"))["path"])
    assert (0, "Quiz") in await me.lenses(uri)
    address = (await me.command("page", lesson="tensors"))["address"]
    refreshes = me.editor.lens_refreshes
    async with tab(address) as page:
        question = await page.command("lesson", lesson="tensors", step="uniform")
        answers = [
            await page.command("quiz", lesson="tensors", step="uniform", choice=choice["id"])
            for choice in question["choices"]
        ]
    assert [answer["correct"] for answer in answers].count(True) == 1
    await me.editor.until(lambda: me.editor.lens_refreshes > refreshes)
    assert (0, "Quiz 1/3") in await me.lenses(uri)


async def test_an_answer_to_a_page_is_shown_by_that_page_alone(me: Learner) -> None:
    me.open((await me.command("lesson", lesson="tensors"))["path"])
    address = (await me.command("page", lesson="tensors"))["address"]
    await in_a_browser(me)
    await me.editor.until(lambda: me.shown(".py"))
    shown, messages = len(me.editor.client.shown_documents), len(me.editor.shown_messages())
    async with tab(address) as page:
        assert (await page.command("lesson", lesson="tensors", step="row"))["html"]
        assert (await page.command("hint", lesson="tensors", step="row"))["number"] == 1
        assert "error" in await page.command("quiz", lesson="tensors", step="nowhere", choice="a")
    assert len(me.editor.client.shown_documents) == shown
    assert len(me.editor.shown_messages()) == messages


async def test_a_verdict_reaches_the_page_while_the_learner_edits(me: Learner) -> None:
    uri = me.open((await me.command("lesson", lesson="tensors"))["path"])
    address = (await me.command("page", lesson="tensors"))["address"]
    async with tab(address) as page:
        await page.command("lesson", lesson="tensors", step="row")

        def verdict(message: Any) -> str:
            steps = {step["id"]: step for step in message["progress"]["steps"]}
            return str((steps["row"]["verdict"] or {}).get("verdict"))

        me.write(uri, "F_new = ...", "F_new = F.view(1, -1)")
        await page.received("progress", lambda message: verdict(message) == "correct")
        me.write(uri, "F_new = F.view(1, -1)", "F_new = F")
        await page.received("progress", lambda message: verdict(message) == "incorrect")


async def test_the_solution_is_an_edit_that_undo_takes_back(me: Learner) -> None:
    uri = me.open((await me.command("lesson", lesson="tensors"))["path"])
    before = me.editor.texts[uri]
    async with tab((await me.command("page", lesson="tensors"))["address"]) as page:
        await page.send("showSolution", lesson="tensors", step="row")
        await me.message("undo removes it")
    assert me.editor.texts[uri] != before
    me.undo(uri)
    assert me.editor.texts[uri] == before


async def test_code_of_a_page_is_put_at_the_end_of_the_file_used_last(me: Learner) -> None:
    uri = me.editor.open("program.py", "a = '😀'")
    async with tab((await me.command("page", lesson="tensors"))["address"]) as page:
        await page.send("insert", code="b = 2\n")
        shown = await me.editor.until(lambda: me.shown("program.py"))
    assert me.editor.texts[uri] == "a = '😀'\nb = 2\n"
    assert shown == [uri]


async def test_code_of_a_page_runs_in_a_file_of_its_own(me: Learner) -> None:
    me.editor.client.shown_documents.clear()
    async with tab((await me.command("page", lesson="tensors"))["address"]) as page:
        await page.send("runCode", code="y = 6 * 7\nprint(y)\n")
        (uri,) = await me.editor.until(lambda: [u for u in me.shown(".py") if "example-" in u])
        me.open(str(to_fs_path(uri)))
        ended = await page.received("run", lambda message: message["run"]["outcome"] is not None)
    assert (ended["run"]["uri"], ended["run"]["outcome"]) == (uri, "finished")


async def test_a_page_reveals_lines_of_open_files_only(me: Learner) -> None:
    uri = me.editor.open("program.py", PROGRAM)
    address = (await me.command("page", page="inspector", uri=uri))["address"]
    async with tab(address) as page:
        await page.send("reveal", uri=uri, line=1, character=0)
        await me.editor.until(lambda: me.shown("program.py"))
        shown = next(d for d in me.editor.client.shown_documents if d.uri == uri)
        assert shown.selection == types.Range(types.Position(1, 0), types.Position(1, 0))
        await page.send("reveal", uri="file:///etc/passwd", line=0, character=0)
        await me.message("is not open")
    assert not me.shown("passwd")


async def test_the_inspector_is_live_and_opens_a_tensor(me: Learner) -> None:
    uri = me.editor.open("program.py", PROGRAM)
    address = (await me.command("page", page="inspector", uri=uri))["address"]
    async with tab(address) as page:
        await page.send("ready")
        assert (await page.received("tensors"))["tensors"] is None
        await page.send("runActive")
        ended = await page.received("run", lambda message: message["run"]["outcome"] is not None)
        assert ended["run"]["deviceText"].startswith("auto: cpu")
        await page.send("ready")
        rows = (await page.received("tensors", lambda message: message["tensors"]))["tensors"][
            "rows"
        ]
        assert (rows[0]["label"], rows[0]["alive"]) == ("f32[2,3] cpu", True)
        tensor = await page.command("tensor", uri=uri, name="x")
        assert tensor["statistics"]["mean"] == "1.0"
        me.editor.replace(uri, PROGRAM.replace("3", "5"))
        # A run has no rows before it has observations.
        await page.received(
            "tensors", lambda m: [2, 5] in [row["shape"] for row in m["tensors"]["rows"]]
        )


async def test_the_time_that_a_page_reports_is_stored_with_the_lesson(me: Learner) -> None:
    async with tab((await me.command("page", lesson="tensors"))["address"]) as page:
        before = (await page.command("lesson", lesson="tensors"))["secondsSpent"]
        assert "error" not in await page.command("progress", lesson="tensors", seconds=15)
        after = (await page.command("lesson", lesson="tensors"))["secondsSpent"]
    assert after == before + 15


async def test_invalid_messages_are_dropped_and_the_page_keeps_working(me: Learner) -> None:
    async with tab((await me.command("page", lesson="tensors"))["address"]) as page:
        await page._socket.send("{")
        await page._socket.send(b"\x00")
        await page.send("command", id=7, command="setDevice", argument={"device": "cpu"})
        assert (await page.command("progress"))["locale"] == "en"


async def test_without_a_page_name_an_ordinary_file_opens_the_inspector(me: Learner) -> None:
    uri = me.editor.open("program.py", PROGRAM)
    lesson = await me.command("lesson", lesson="tensors", step="row")
    own = me.open(lesson["path"])
    assert (await me.command("page", uri=uri))["page"] == "inspector"
    assert (await me.command("page", uri=own))["page"] == "lesson"
    assert (await me.command("page", uri=uri, lesson="autograd"))["page"] == "lesson"
    assert "error" in await me.command("page", uri="file:///nowhere.py")


async def test_an_unknown_page_is_refused(me: Learner) -> None:
    answer = await me.command("page", page="other")
    assert answer == {"error": "There is no page “other”: ask for “lesson” or “inspector”."}


async def test_the_pages_are_offered_as_actions(me: Learner) -> None:
    uri = me.open((await me.command("lesson", lesson="tensors"))["path"])
    action = (await me.actions(uri))["Open the lesson's page in a browser"]
    assert (await me.act(action))["page"] == "lesson"
    program = me.editor.open("program.py", PROGRAM)
    assert await me.editor.actions(program, only=["tensorhints.inspect"]) == []
    await me.editor.run(program)
    (inspect,) = await me.editor.actions(program, only=["tensorhints.inspect"])
    assert inspect.title == "Inspect the tensors in a browser"
    assert (await me.act(inspect.command))["page"] == "inspector"


async def test_an_editor_that_cannot_open_a_browser_shows_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.window is not None
        capabilities.window.show_document = None

    monkeypatch.setenv("TENSORHINTS_PAGES", str(pages(tmp_path / "built")))
    async with learning(tmp_path, "neovim", capable=cannot) as me:
        answer = await me.command("page", lesson="tensors")
        messages = await me.message("Open this address in a browser")
        assert messages.endswith(answer["address"])


async def test_pages_that_are_not_built_are_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSORHINTS_PAGES", str(tmp_path))
    async with learning(tmp_path, "neovim") as me:
        answer = await me.command("page", lesson="tensors")
        assert "npm run build" in answer["error"]


async def test_a_client_with_web_pages_of_its_own_is_not_offered_a_browser(
    tmp_path: Path,
) -> None:
    async with learning(tmp_path, "vscode", extensions=True) as me:
        uri = me.open((await me.command("lesson", lesson="tensors"))["path"])
        assert not [title for title in await me.actions(uri) if "browser" in title]
