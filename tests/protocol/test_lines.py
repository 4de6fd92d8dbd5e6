"""The lines that a run marks: where it is, where it failed, and what it never executed."""

from __future__ import annotations

import functools
from typing import Any

from protocol.editor import Editor

BRANCHES = """\
import torch
x = torch.ones(2)
if x.sum() > 5:
    y = x * 2
    z = y + 1
else:
    y = x * 3

def never(a):
    return a @ a

def once(a):
    return a + 1
once(x)
"""


def marks(editor: Editor, uri: str) -> tuple[Any, Any, list[list[int]]]:
    """Of the last notification about a document."""
    sent = [lines for lines in editor.lines if lines.uri == uri]
    return (sent[-1].running, sent[-1].failed, sent[-1].unreached) if sent else (None, None, [])


async def test_lines_that_were_never_executed_are_sent(vscode: Editor) -> None:
    uri = vscode.open("program.py", BRANCHES)
    await vscode.run(uri)
    await vscode.until(lambda: marks(vscode, uri) == (None, None, [[3, 4], [9, 9]]))


async def test_marks_follow_edits_and_leave_lines_that_changed(vscode: Editor) -> None:
    await vscode.configure({"run": {"when": "manual"}})
    uri = vscode.open("program.py", BRANCHES)
    await vscode.run(uri)
    await vscode.until(lambda: marks(vscode, uri)[2])
    vscode.type(uri, (1, 0), "# one more line\n")
    await vscode.until(lambda: marks(vscode, uri)[2] == [[4, 5], [10, 10]])
    vscode.type(uri, (4, 4), "w = ")
    await vscode.until(lambda: marks(vscode, uri)[2] == [[5, 5], [10, 10]])
    await vscode.configure({})


async def test_after_an_edit_the_next_run_marks_anew(vscode: Editor) -> None:
    uri = vscode.open("program.py", BRANCHES)
    await vscode.run(uri)
    await vscode.until(lambda: marks(vscode, uri)[2])
    vscode.edit(uri, (13, 0), (13, 7), "never(x)")
    await vscode.until(lambda: marks(vscode, uri)[2] == [[3, 4], [12, 12]])
    vscode.edit(uri, (12, 11), (12, 16), "a * 9")
    await vscode.next_run()
    await vscode.until(lambda: marks(vscode, uri)[2] == [[3, 4], [12, 12]])
    vscode.edit(uri, (2, 13), (2, 14), "0")
    await vscode.until(lambda: marks(vscode, uri)[2] == [[6, 6], [12, 12]])


async def test_the_failed_line_is_sent_and_the_lines_below_as_not_executed(
    vscode: Editor,
) -> None:
    text = "import torch\nx = torch.ones(2)\nx @ torch.ones(3)\ny = x + 1\nz = 3\n"
    uri = vscode.open("program.py", text)
    await vscode.run(uri)
    await vscode.until(lambda: marks(vscode, uri) == (None, 2, [[3, 4]]))
    vscode.edit(uri, (2, 15), (2, 16), "2")
    await vscode.until(lambda: marks(vscode, uri) == (None, None, []))


async def test_the_line_being_executed_is_sent(vscode: Editor) -> None:
    text = (
        "import threading\n"
        "def wait(event):\n"
        "    event.wait()\n"
        "a = 1\n"
        "wait(threading.Event())\n"
        "b = 2\n"
    )
    uri = vscode.open("program.py", text)
    ended = vscode.command_later("run", {"uri": uri})
    await vscode.until(lambda: marks(vscode, uri)[0] == 2)
    await vscode.command("stop", {"uri": uri})
    assert (await ended)["outcome"] == "stopped"
    await vscode.until(lambda: marks(vscode, uri)[0] is None)


async def test_functions_that_other_processes_execute_are_not_marked(vscode: Editor) -> None:
    text = """\
import torch
class Squares(torch.utils.data.Dataset):
    def __len__(self):
        return 4
    def __getitem__(self, i):
        x = torch.tensor(i)
        return x * x
loader = torch.utils.data.DataLoader(Squares(), batch_size=2, num_workers=1)
for batch in loader:
    y = batch + 1
if y.sum() < 0:
    z = y * 2
"""
    uri = vscode.open("program.py", text)
    await vscode.run(uri)
    await vscode.until(lambda: marks(vscode, uri)[2] == [[11, 11]])


async def test_functions_that_are_compiled_are_not_marked(vscode: Editor) -> None:
    text = """\
import torch
@torch.jit.script
def scripted(x):
    y = x * 2
    return y + 1
@torch.compile(backend="eager")
def compiled(x):
    y = x * 2
    return y + 1
x = torch.ones(2)
a = scripted(x) if {scripts} else x
b = compiled(x) if {compiles} else x
if a.sum() < 0:
    z = a * 2
"""

    def marked(uri: str) -> bool:
        return bool(marks(vscode, uri)[2] == [[13, 13]])

    for scripts, compiles in ((True, False), (False, True)):
        uri = vscode.open("program.py", text.format(scripts=scripts, compiles=compiles))
        await vscode.run(uri)
        await vscode.until(functools.partial(marked, uri))
        vscode.close(uri)
        vscode.lines.clear()
