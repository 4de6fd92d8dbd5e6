"""Each run of a whole file has its reason, in `tensorhints/run` and in a code lens."""

from __future__ import annotations

import fcntl
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, get_args

import pytest

from protocol.editor import Editor
from runner.test_checkpoint_hazards import HAZARDS
from tensorhints.model.messages import CheckpointHazard, WholeReason
from tensorhints.model.user_messages import UserMessage
from tensorhints.present.user_messages import sentence
from tensorhints.present.words import TABLES

SLOW = "import time; time.sleep(0.3)\n"
"""Enough work for a checkpoint to be made after it."""

WITHOUT_THEIR_CAUSE = {
    "free-threaded": """
        import sys
        sys._is_gil_enabled = lambda: False
        """,
    "gpu": """
        import torch
        torch.cuda.is_initialized = lambda: True
        """,
    "no-memory": """
        from _tensorhints.runner.system import forking
        def double_fork(): raise OSError
        forking.double_fork = double_fork
        """,
}
"""Hazards that no program has on every machine: these only look as if they did."""

IN_NOTEBOOKS = {"failed-cell": "tests/runner/test_notebook_cells.py"}
"""Hazards that only a notebook has, and where they are tested."""


@dataclass(frozen=True)
class Case:
    """A program, in which `{}` is edited after its first run and after `between`."""

    text: str
    detail: str | None = None
    between: Callable[[Editor], None] = lambda editor: None
    old: str = "1"
    new: str = "2"


def write(editor: Editor, name: str, text: str) -> None:
    (editor.folder / name).write_text(text)


def lock(editor: Editor, name: str) -> None:
    """Lock a file until the test is over."""
    LOCKED.append(os.open(editor.folder / name, os.O_WRONLY))
    fcntl.flock(LOCKED[-1], fcntl.LOCK_EX)


LOCKED: list[int] = []


@pytest.fixture(autouse=True)
def _unlocked() -> Iterator[None]:
    yield
    while LOCKED:
        os.close(LOCKED.pop())


def end_checkpoints(editor: Editor) -> None:
    """Kill the children of the host, which the program printed."""
    host = editor.printed().split()[-1]
    with open(f"/proc/{host}/task/{host}/children", encoding="ascii") as children:
        for child in children.read().split():
            os.kill(int(child), signal.SIGKILL)


NUMBERS = itertools.count()

PRINT_HOST = "import os; print(os.getppid())\n"

CASES: dict[WholeReason, Case] = {
    "nothing-kept": Case("x = {}\n"),
    "compiler-warning": Case(f"x = 1 is 1\n{SLOW}y = {{}}\n"),
    "executed-code": Case(f"print({{}})\n{SLOW}y = 0\n", "3"),
    "definition-used": Case(f"def f():\n    return {{}}\nf()\n{SLOW}y = 0\n", "5"),
    "positions-used": Case(
        f"{{}}import traceback\ntraceback.extract_stack()\n{SLOW}y = 0\n",
        "5",
        old="def f(): pass\n",
        new="def f(): pass\ndef g(): pass\n",
    ),
    "modules-changed": Case(
        f"import whole_helper\n{SLOW}y = {{}}\n",
        "whole_helper.py",
        lambda editor: write(editor, "whole_helper.py", "a = 'changed'\n"),
    ),
    "files-changed": Case(
        f"open('whole.csv').read()\n{SLOW}y = {{}}\n",
        "whole.csv",
        lambda editor: write(editor, "whole.csv", "changed\n"),
    ),
    "file-appended": Case(
        f"f = open('whole.log', 'a'); f.write('x'); f.flush()\n{SLOW}f.write('y')\ny = {{}}\n",
        "whole.log",
    ),
    "file-removed": Case(
        f"f = open('whole.out', 'w')\n{SLOW}y = {{}}\n",
        "whole.out",
        lambda editor: (editor.folder / "whole.out").unlink(),
    ),
    "file-locked": Case(
        "import fcntl\nf = open('whole.lock', 'w')\n"
        "try: fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept OSError: pass\n"
        f"{SLOW}y = {{}}\n",
        between=lambda editor: lock(editor, "whole.lock"),
    ),
    "not-resumable": Case(
        "import os\nif __name__ == '__main__':\n    __import__(os.path.basename(__file__)[:-3])\n"
        f"    {SLOW}    y = {{}}\n"
    ),
    "file-missing": Case(
        "import subprocess, tempfile\n"
        "path = [tempfile.gettempdir() + '/tensorhints-' + str(id(object()))]\n"
        f"subprocess.run(['touch', path[0]])\n{SLOW}"
        "open(path[0]).close()\nsubprocess.run(['rm', path[0]])\ny = {}\n"
    ),
    "checkpoint-lost": Case(f"{PRINT_HOST}{SLOW}y = {{}}\n", between=end_checkpoints),
}

ELSEWHERE: dict[WholeReason, str] = {
    "requested": "test_a_requested_run_needs_no_edit_to_be_whole",
    "first-run": "tests/protocol/test_lessons_commands.py",
    "new-host": "test_a_new_host_runs_the_whole_file",
    "checkpoints-off": "test_runs_are_whole_where_checkpoints_are_turned_off",
    "simulated": "test_simulated_runs_are_whole",
    "settings": "test_a_run_with_other_settings_is_whole",
    "single-use": "tests/runner/test_control_single_use.py",
    "memory-limit": "tests/unit/runner/test_checkpoint_store.py",
}


def test_each_reason_has_a_program() -> None:
    assert {*CASES, *ELSEWHERE} == {*get_args(WholeReason)}
    hazards = {reason for reason, _ in HAZARDS} | {*WITHOUT_THEIR_CAUSE} | {*IN_NOTEBOOKS}
    assert hazards == {*get_args(CheckpointHazard)}


def opened(editor: Editor, text: str) -> str:
    """A new file: the host remembers the last text of every other one."""
    name = f"whole{next(NUMBERS)}.py"
    return editor.open(name, text)


def expected(reason: str, detail: str | None = None) -> str:
    return sentence(UserMessage(f"whole.{reason}", detail), "en")


async def edited(editor: Editor, uri: str, old: str, new: str) -> Any:
    """The end of the run that follows from replacing some text."""
    known = len(editor.runs)
    text = editor.texts[uri]
    before = text[: text.rindex(old)]
    start = before.count("\n"), len(before) - before.rfind("\n") - 1
    after = before + old
    end = after.count("\n"), len(after) - after.rfind("\n") - 1
    editor.edit(uri, start, end, new)
    return await editor.run_after(known)


async def assert_shown(editor: Editor, uri: str, ended: Any, text: str) -> None:
    assert (ended.outcome, ended.resumedLine, ended.whole) == ("finished", None, text)
    assert (await editor.lenses(uri))[-1] == text


@pytest.mark.parametrize("reason", CASES)
async def test_a_whole_run_after_an_edit_shows_why(neovim: Editor, reason: WholeReason) -> None:
    case = CASES[reason]
    write(neovim, "whole_helper.py", "a = 0\n")
    write(neovim, "whole.csv", "0\n")
    uri = opened(neovim, case.text.format(case.old))
    await neovim.run(uri)
    case.between(neovim)
    ended = await edited(neovim, uri, case.old, case.new)
    await assert_shown(neovim, uri, ended, expected(reason, case.detail))


PROGRAMS = {**HAZARDS, **{(r, "looks like it"): text for r, text in WITHOUT_THEIR_CAUSE.items()}}


@pytest.mark.parametrize(("reason", "case"), PROGRAMS)
async def test_each_hazard_is_shown_with_its_line(neovim: Editor, reason: str, case: str) -> None:
    above = dedent(PROGRAMS[reason, case]) + SLOW
    uri = opened(neovim, above + "x = 1\n")
    await neovim.run(uri)
    ended = await edited(neovim, uri, "x = 1", "x = 2")
    line = above.count("\n") + 1
    shown = {expected(reason, str(line)), expected(reason, str(line - 1))}
    assert ended.whole in shown
    await assert_shown(neovim, uri, ended, ended.whole)


async def test_a_hazard_below_the_edit_is_not_the_reason(neovim: Editor) -> None:
    uri = opened(neovim, f"print(1)\nimport os\nends = os.pipe()\n{SLOW}y = 0\n")
    await neovim.run(uri)
    ended = await edited(neovim, uri, "print(1)", "print(2)")
    await assert_shown(neovim, uri, ended, expected("nothing-kept"))


async def test_a_new_host_runs_the_whole_file(neovim: Editor) -> None:
    uri = opened(neovim, f"{PRINT_HOST}{SLOW}y = 0\n")
    await neovim.run(uri)
    os.kill(int(neovim.printed()), signal.SIGKILL)
    ended = await edited(neovim, uri, "y = 0", "y = 1")
    if ended.outcome == "crashed":  # The server had not noticed yet that the host was gone.
        ended = await edited(neovim, uri, "y = 1", "y = 2")
    await assert_shown(neovim, uri, ended, expected("new-host"))


async def test_a_requested_run_needs_no_edit_to_be_whole(neovim: Editor) -> None:
    uri = opened(neovim, "x = 1\n")
    for _ in range(2):
        known = len(neovim.runs)
        await neovim.run(uri)
        ended = await neovim.run_after(known)
        await assert_shown(neovim, uri, ended, expected("requested"))


async def test_runs_are_whole_where_checkpoints_are_turned_off(neovim: Editor) -> None:
    uri = opened(neovim, f"{SLOW}x = 1\n")
    await neovim.run(uri)
    await neovim.configure({"run": {"checkpoints": False}})
    try:
        ended = await edited(neovim, uri, "x = 1", "x = 2")
        await assert_shown(neovim, uri, ended, expected("checkpoints-off"))
    finally:
        await neovim.configure({})


async def test_simulated_runs_are_whole(neovim: Editor) -> None:
    uri = opened(neovim, f"{SLOW}x = 1\n")
    await neovim.command("run", {"uri": uri, "device": "simulated"})
    ended = await edited(neovim, uri, "x = 1", "x = 2")
    await assert_shown(neovim, uri, ended, expected("simulated"))


@pytest.mark.parametrize("above", ["", SLOW])
async def test_a_run_with_other_settings_is_whole(neovim: Editor, above: str) -> None:
    uri = opened(neovim, f"{above}x = 1\n")
    await neovim.run(uri)
    known = len(neovim.runs)
    try:
        await neovim.configure({"run": {"args": ["a"]}})
        await assert_shown(neovim, uri, await neovim.run_after(known), expected("settings"))
    finally:
        await neovim.configure({})


def test_no_sentence_is_longer_than_a_line_of_the_screen() -> None:
    for table in TABLES.values():
        sentences = [text for code, text in table.items() if code.startswith("whole.")]
        assert max(map(len, sentences)) <= 160
