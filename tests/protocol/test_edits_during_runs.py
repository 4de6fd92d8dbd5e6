"""Random edits while a program runs: afterwards everything is shown as by a run of the final text.

The programs wait at gates, which the test opens: which statements have run at an edit is certain.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from protocol.editor import Editor, within

GATES = """\
import os, socket

def wait(number):
    with socket.socket(socket.AF_UNIX) as gate:
        gate.connect(os.path.join(os.path.dirname(__file__), "gates"))
        gate.sendall(bytes([number]))
        gate.recv(1)
"""

PROGRAM = """\
import torch
import gates

n = 2
x = torch.ones(n)
gates.wait(1)
y = x * 2
match y:
    case m:
        k = m + 1
for i in range(3):
    v = x + i
gates.wait(2)
import late
z = late.double(y)
def g(
    a,
    b=1,
):
    c = a + b
    return c
gates.wait(3)
w = g(x,
      b=y)
if n > 100:
    never = w
gates.wait(4)
w @ torch.ones(99)
"""

LATE = """\
import torch
size = 3
def double(t):
    u = t * 2
    return u[:size]
"""

LAST_GATE = 4

MOST_LATE_EDITS = 8
"""Edits of two files in one burst start the program afresh: without a limit it might never end."""


@dataclass
class Gate:
    """A gate at which a program waits."""

    number: int
    writer: asyncio.StreamWriter

    def open(self) -> None:
        self.writer.write(b"!")
        self.writer.close()


class Gates:
    """The gates of all programs in a folder."""

    def __init__(self) -> None:
        self._reached: asyncio.Queue[Gate] = asyncio.Queue()
        self._are_open = False

    async def reached(self) -> Gate:
        """The next gate at which a program waits."""
        gate: Gate = await within(self._reached.get())
        return gate

    def open_all(self) -> None:
        """Open these gates, and those that programs will reach."""
        self._are_open = True
        while not self._reached.empty():
            self._reached.get_nowait().open()

    async def on_program(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gate = Gate((await reader.readexactly(1))[0], writer)
        if self._are_open:
            gate.open()
        else:
            self._reached.put_nowait(gate)


@contextlib.asynccontextmanager
async def gates_in(folder: Path) -> AsyncIterator[Gates]:
    (folder / "gates.py").write_text(GATES)
    gates = Gates()
    server = await asyncio.start_unix_server(gates.on_program, folder / "gates")
    try:
        yield gates
    finally:
        gates.open_all()
        server.close()
        (folder / "gates").unlink()


class Typist:
    """Edits documents at random."""

    def __init__(self, editor: Editor, seed: int) -> None:
        self.editor = editor
        self.random = random.Random(seed)

    def edit_layout(self, uri: str) -> None:
        """Make an edit that changes no code."""
        text = self.editor.texts[uri].split("\n")
        line = self.random.randrange(len(text))
        kind = self.random.choice(("comment", "comment", "undo", "blank", "above", "space"))
        at = (line, len(text[line]))
        if kind == "comment":
            self.editor.type(uri, at, "  # why")
        elif kind == "undo" and text[line]:
            self.editor.edit(uri, (line, 0), (line, 1), "")
            self.editor.type(uri, (line, 0), text[line][0])
        elif kind == "blank":
            self.editor.type(uri, (line, 0), "\n")
        elif kind == "above":
            self.editor.type(uri, (line, 0), "# why\n")
        elif kind == "space" and " = " in text[line]:
            self.editor.type(uri, (line, text[line].index(" = ")), " ")
        else:
            self.editor.type(uri, at, " ")

    def edit_code(self, uri: str) -> None:
        """Change a number."""
        name = "n = " if "\nn = " in self.editor.texts[uri] else "size = "
        lines = self.editor.texts[uri].split("\n")
        line = next(i for i, text in enumerate(lines) if text.startswith(name.rstrip(" =")))
        column = lines[line].index("= ") + 2
        new = str(self.random.randint(1, 9))
        self.editor.edit(uri, (line, column), (line, column + 1), new)


async def shown(editor: Editor, *uris: str) -> list[object]:
    return [(await editor.drawn(uri), await editor.pulled(uri)) for uri in uris]


async def answered(editor: Editor, known: int) -> None:
    """Wait until the server has begun to follow an edit, and knows whether code has changed."""
    await editor.until(lambda: len(editor.runs) >= known + 2)


def has_started(editor: Editor, known: int) -> bool:
    return any(state.phase == "starting" for state in editor.runs[known:])


async def settled(editor: Editor, uri: str) -> None:
    """Wait until the server has followed all edits of a file that does not run.

    The first of two more edits may wait for an answer to an earlier one, but then the second does
    not overtake it.
    """
    for _ in range(2):
        known = len(editor.runs)
        editor.type(uri, (editor.texts[uri].count("\n"), 0), "\n")
        await editor.until(partial(has_started, editor, known))
        await editor.until(lambda: editor.runs[-1].phase == "idle")


@pytest.mark.parametrize("seed", range(8))
async def test_random_edits_during_a_run_lose_nothing(vscode: Editor, seed: int) -> None:
    async with gates_in(vscode.folder) as gates:
        typist = Typist(vscode, seed)
        main = vscode.open("main.py", PROGRAM)
        late = vscode.open("late.py", LATE)
        run = vscode.command_later("run", {"uri": main})
        known, edits_code = len(vscode.runs), seed % 2 == 1
        for reached in itertools.count():
            gate = await gates.reached()
            for _ in range(typist.random.randint(1, 3)):
                before = len(vscode.runs)
                typist.edit_layout(main)
                await answered(vscode, before)
            if reached < MOST_LATE_EDITS:
                typist.edit_layout(late)
            if edits_code and gate.number > 1:
                edits_code = False
                typist.edit_code(typist.random.choice((main, late)))
            gate.open()
            if gate.number == LAST_GATE:
                break
        gates.open_all()
        await within(run)
        await vscode.run_after(known)
        await settled(vscode, main)
        found = await shown(vscode, main, late)
        assert (await vscode.run(main))["outcome"] == "failed"
        assert found == await shown(vscode, main, late)
