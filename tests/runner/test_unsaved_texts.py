"""Which unsaved texts are sent to a host, how often, and that every run reads the right ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

import unsaved
from tensorhints.engine.host_process import HostProcess
from tensorhints.engine.pool import Pool
from tensorhints.model import messages, source_text, wire
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.lesson_checks import Checks
from tensorhints.session.runs.states import LastRun, Phase, ProgramState
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Edit

from .conftest import PATIENCE, Runner
from .editing import SLOW, Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")


# ---- every run reads the right text --------------------------------------------------------------

LONG = "value = '" + "é" * 300_000 + "'\n"

IMPORTED = {
    "at the top": "import part\nprint(len(part.value))\n",
    "by a computed name": "import importlib\n"
    "print(len(importlib.import_module('pa' + 'rt').value))\n",
    "in a forked process": "import os\n"
    "child = os.fork()\n"
    "if child == 0:\n"
    "    import part\n"
    "    print(len(part.value), flush=True)\n"
    "    os._exit(0)\n"
    "os.waitpid(child, 0)\n",
    "in a thread": "import threading\n"
    "def work():\n"
    "    import part\n"
    "    print(len(part.value))\n"
    "thread = threading.Thread(target=work)\n"
    "thread.start()\n"
    "thread.join()\n",
}


@pytest.mark.parametrize("how", IMPORTED)
async def test_a_run_reads_the_unsaved_text_that_it_imports(runner: Runner, how: str) -> None:
    path = runner.folder / "part.py"
    path.write_text("value = ''\n")
    _, received = await runner.run(
        IMPORTED[how], roots=(str(runner.folder),), **unsaved.fields({str(path): LONG})
    )
    assert received.stdout == "300000\n"


async def test_many_processes_and_threads_read_their_texts_at_once(runner: Runner) -> None:
    texts = {}
    for number in range(6):
        path = runner.folder / f"part_{number}.py"
        path.write_text("value = ''\n")
        texts[str(path)] = f"value = {number}\n" + "#" * 200_000
    text = (
        "import importlib, os, threading\n"
        "def work(number):\n"
        "    print(importlib.import_module(f'part_{number}').value, flush=True)\n"
        "child = os.fork()\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "if child == 0: os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    _, received = await runner.run(text, roots=(str(runner.folder),), **unsaved.fields(texts))
    assert sorted(received.stdout.split()) == sorted([str(n) for n in range(6)] * 2)


async def test_a_resumed_run_reads_a_text_that_it_imports_first(edits: Edits) -> None:
    folder = edits.runner.folder
    path = folder / "part.py"
    path.write_text("value = 'on disk'\n")
    more = {"roots": (str(folder),), **unsaved.fields({str(path): "value = 'unsaved'\n"})}
    await edits.run(f"x = 1\n{SLOW}print(x)\n", **more)
    _, received = await edits.run(f"x = 1\n{SLOW}import part\nprint(part.value)\n", **more)
    assert (received.stdout, line_resumed(received)) == ("unsaved\n", 2)
    newer = {**more, **unsaved.fields({str(path): "value = 'newer'\n"})}
    _, received = await edits.run(f"x = 1\n{SLOW}import part\nprint(part.value, 2)\n", **newer)
    assert (received.stdout, line_resumed(received)) == ("newer 2\n", 2)


async def test_a_text_that_was_saved_meanwhile_keeps_the_checkpoints(edits: Edits) -> None:
    folder = edits.runner.folder
    path, text = folder / "part.py", "value = 1\r\nother = 2\r\n"
    path.write_text("value = 0\n")
    roots = (str(folder),)
    program = f"import part\n{SLOW}print(part.value)\n"
    await edits.run(program, roots=roots, **unsaved.fields({str(path): text}))
    path.write_bytes(text.encode())
    _, received = await edits.run(program + "print(2)\n", roots=roots)
    assert (received.stdout, line_resumed(received)) == ("1\n2\n", 2)


async def test_a_request_for_an_unknown_text_reads_the_file(runner: Runner) -> None:
    path = runner.folder / "part.py"
    path.write_text("value = 'on disk'\n")
    fields = {**unsaved.fields({str(path): "value = 'lost'\n"}), "texts": {}}
    _, received = await runner.run(
        "import part\nprint(part.value)\n", roots=(str(runner.folder),), **fields
    )
    assert received.stdout == "on disk\n"


async def test_a_run_has_no_descriptor_more_after_it_read_a_text(runner: Runner) -> None:
    path = runner.folder / "part.py"
    text = (
        "import os\nbefore = os.listdir('/dev/fd')\nimport part\n"
        "print(before == os.listdir('/dev/fd'))\n"
    )
    path.write_text("value = -1\n")
    before = len(os.listdir("/dev/fd"))
    for number in range(3):
        fields = unsaved.fields({str(path): f"value = {number}\n"})
        _, received = await runner.run(text, roots=(str(runner.folder),), **fields)
        assert received.stdout == "True\n"
    assert len(os.listdir("/dev/fd")) <= before + 2


# ---- what is sent --------------------------------------------------------------------------------

URI = "file:///main.py"
DOCUMENT = "".join(f"def function_{n}(x):\n    return x + {n}\n" for n in range(200))


@dataclass
class Editor:
    """Satisfies `session.Listener`: notes what is printed and which runs have ended."""

    printed_text: str = ""
    ended: int = 0
    state: ProgramState | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hints_changed(self) -> None: ...

    def hints_settled(self) -> None: ...

    def diagnostics_changed(self, uris: Sequence[str]) -> None: ...

    def state_changed(self, state: ProgramState) -> None:
        self.state = state
        if state.phase is Phase.IDLE and state.last is not None:
            self.ended = state.last.run
        self.changed.set()

    def tensors_changed(self, uri: str) -> None: ...

    def lines_changed(self, uris: Sequence[str]) -> None: ...

    def verdicts_changed(self, uri: str) -> None: ...

    def printed(self, uri: str, run: int, stream: str, text: str) -> None:
        self.printed_text += text

    def user_message(self, user_message: UserMessage) -> None: ...

    @property
    def is_idle(self) -> bool:
        return self.state is not None and self.state.phase is Phase.IDLE

    async def until(self, holds: Callable[[], bool]) -> None:
        async def wait() -> None:
            while not holds():
                self.changed.clear()
                await self.changed.wait()

        await asyncio.wait_for(wait(), PATIENCE)


class NoLessons:
    """Satisfies `LessonChecks`, without a course."""

    def is_lesson(self, path: str) -> bool:
        return False

    def checks(self, path: str) -> Checks | None:
        return None


@dataclass
class Traffic:
    """What was sent to the host and to its runs since the last `take`."""

    data: list[bytes] = field(default_factory=list)
    runs: int = 0

    def add(self, data: bytes) -> None:
        self.data.append(data)

    def take(self) -> bytes:
        data, self.data = b"".join(self.data), []
        return data


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch) -> Traffic:
    found = Traffic()
    send, framed = HostProcess.send, source_text.framed

    def counted_send(
        process: HostProcess, message: object, descriptors: Sequence[int] = ()
    ) -> None:
        found.add(wire.encode(message))
        found.runs += isinstance(message, messages.Run)
        send(process, message, descriptors)

    def counted_framed(text: str) -> bytes:
        found.add(text.encode())
        return framed(text)

    monkeypatch.setattr(HostProcess, "send", counted_send)
    monkeypatch.setattr(source_text, "framed", counted_framed)
    return found


@dataclass
class Opened:
    """A session with a live file and other documents."""

    session: Session
    editor: Editor
    folder: Path
    version: int = 1

    def open(self, name: str, text: str, *, saved: bool = True) -> None:
        path = self.folder / name
        path.write_text(text if saved else "# on disk\n", encoding="utf-8")
        uri = URI if name == "main.py" else path.as_uri()
        self.session.open(uri, str(path), text, 1, "python")

    def replace(self, name: str, text: str) -> None:
        self.version += 1
        uri = URI if name == "main.py" else (self.folder / name).as_uri()
        self.session.edit(uri, [Edit(text)], self.version)

    async def run(self) -> LastRun:
        return await asyncio.wait_for(self.session.runs.run(URI).ended, PATIENCE)

    async def edit(self, text: str, name: str = "main.py") -> str:
        """Edit a document and return what the program printed."""
        before = self.editor.ended
        self.editor.printed_text = ""
        self.replace(name, text)
        await self.editor.until(lambda: self.editor.ended > before)
        return self.editor.printed_text


@pytest_asyncio.fixture(loop_scope="session")
async def opened(pool: Pool, python: Path, tmp_path: Path) -> AsyncIterator[Opened]:
    editor = Editor()
    session = Session(pool, editor, folders=[str(tmp_path)], trusted=True, lessons=NoLessons())
    session.configure({"run": {"interpreter": str(python)}})
    yield Opened(session, editor, tmp_path)
    for uri in session.documents.uris:
        session.close_document(uri)


async def _bytes_of_an_edit(opened: Opened, traffic: Traffic, among: Callable[[], None]) -> int:
    among()
    opened.open("main.py", "import torch\nx = torch.ones(1)\n")
    await opened.run()
    traffic.take()
    await opened.edit("import torch\nx = torch.ones(2)\n")
    await opened.edit("import torch\nx = torch.ones(3)\n")
    return len(traffic.take())


@pytest.mark.parametrize("count", [0, 30, 100])
async def test_saved_documents_cost_nothing(opened: Opened, traffic: Traffic, count: int) -> None:
    def among() -> None:
        for number in range(count):
            opened.open(f"other_{number}.py", DOCUMENT)

    assert await _bytes_of_an_edit(opened, traffic, among) < 2 * 1500


@pytest.mark.parametrize("count", [30, 100])
async def test_texts_of_documents_that_are_not_imported_are_not_sent(
    opened: Opened, traffic: Traffic, count: int
) -> None:
    def among() -> None:
        for number in range(count):
            opened.open(f"other_{number}.py", DOCUMENT, saved=False)

    name_and_digest = len(str(opened.folder)) + 100
    limit = 2 * (1500 + count * name_and_digest)
    assert await _bytes_of_an_edit(opened, traffic, among) < limit < count * len(DOCUMENT)


async def test_an_imported_text_is_sent_once(opened: Opened, traffic: Traffic) -> None:
    opened.open("part.py", "value = 'first'\n", saved=False)
    main = "import part\nprint(part.value, {})\n"
    opened.open("main.py", main.format(0))
    assert (await opened.run()).exit_status == 0
    assert traffic.take().count(b"first") == 1
    assert await opened.edit(main.format(1)) == "first 1\n"
    # The run requested it; the host, from which the next runs inherit it, has it from now on.
    assert traffic.take().count(b"first") <= 1
    for number in range(2, 5):
        assert await opened.edit(main.format(number)) == f"first {number}\n"
    assert traffic.take().count(b"first") == 0
    assert await opened.edit("value = 'second'\n", "part.py") == "second 4\n"
    assert traffic.take().count(b"second") == 1
    assert await opened.edit(main.format(5)) == "second 5\n"
    assert traffic.take().count(b"second") == 0


async def test_a_document_that_is_imported_later_is_found(opened: Opened) -> None:
    opened.open("part.py", "value = 'on disk'\n")
    opened.open("main.py", "print('alone')\n")
    await opened.run()
    opened.replace("part.py", "value = 'unsaved'\n")
    assert await opened.edit("import part\nprint(part.value)\n") == "unsaved\n"


async def test_a_saved_document_is_read_from_its_file_until_it_is_edited(opened: Opened) -> None:
    opened.open("part.py", "value = 1\n")
    main = "import part\nprint(part.value, {})\n"
    opened.open("main.py", main.format(0))
    await opened.run()
    assert await opened.edit("value = 2\n", "part.py") == "2 0\n"
    (opened.folder / "part.py").write_text("value = 2\n")
    assert await opened.edit(main.format(1)) == "2 1\n"
    # Another program writes the file; the editor has not read it anew.
    (opened.folder / "part.py").write_text("value = 3\n")
    assert await opened.edit(main.format(2)) == "2 2\n"


async def test_the_first_comment_in_a_module_runs_nothing(opened: Opened, traffic: Traffic) -> None:
    opened.open("part.py", "value = 1\n")
    opened.open("main.py", "import part\nprint(part.value)\n")
    await opened.run()
    ended, requested = opened.editor.ended, traffic.runs
    opened.replace("part.py", "value = 1  # one\n")
    await opened.editor.until(lambda: traffic.runs > requested)
    await opened.editor.until(lambda: opened.editor.is_idle)
    assert (traffic.runs, opened.editor.ended) == (requested + 1, ended)
    assert await opened.edit("value = 2  # one\n", "part.py") == "2\n"
