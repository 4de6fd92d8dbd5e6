"""The process id of a resumed run is another one: what a program holds of it is replaced."""

from __future__ import annotations

from textwrap import indent

import pytest

from .editing import SLOW, Edits, line_resumed, refusals

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEGIN = """\
import os, threading
from os import getpid, getpid as own_id
"""

HELD = {
    "a name": ("pid = os.getpid()", "pid"),
    "a name of an imported function": ("pid = getpid()", "pid"),
    "a function under another name": ("pid = own_id()", "pid"),
    "an attribute": ("class Box: pass\nbox = Box(); box.pid = getpid()", "box.pid"),
    "an attribute of a class": ("class Box:\n    pid = getpid()", "Box.pid"),
    "the session": ("pid = os.getsid(0)", "pid"),
    "the process group": ("pid = os.getpgrp()", "pid"),
    "the thread": ("pid = threading.get_native_id()", "pid"),
}


@pytest.mark.parametrize("in_main", [False, True], ids=["module", "main"])
@pytest.mark.parametrize("case", HELD)
async def test_a_held_process_id_is_that_of_the_process(
    edits: Edits, case: str, in_main: bool
) -> None:
    above, held = HELD[case]
    body = f"{above}\n{SLOW}print({held} == os.getpid(), NUMBER)\n"
    text = f"{BEGIN}def main():\n{indent(body, '    ')}main()\n" if in_main else BEGIN + body
    await edits.run(text.replace("NUMBER", str(1)))
    for number in (2, 3):
        _, received = await edits.run(text.replace("NUMBER", str(number)))
        assert line_resumed(received) is not None, refusals(received)
        assert received.stdout == f"True {number}\n"


@pytest.mark.parametrize("attribute", ["pid", "_pid", "made", "ids"])
async def test_attributes_may_be_named_as_those_of_the_runner(edits: Edits, attribute: str) -> None:
    # What a collection has seen comes after what the checkpoint creates.
    text = (
        f"{BEGIN}import gc\nclass Box: pass\nbox = Box(); box.{attribute} = getpid()\n"
        f"gc.collect()\n{SLOW}print(box.{attribute} == os.getpid(), NUMBER)\n"
    )
    await edits.run(text.replace("NUMBER", str(1)))
    for number in (2, 3):
        _, received = await edits.run(text.replace("NUMBER", str(number)))
        assert line_resumed(received) is not None, refusals(received)
        assert received.stdout == f"True {number}\n"


USED = {
    "in a file name": "open(f'run-{os.getpid()}.txt', 'w').close()",
    "in a file": "open('pid', 'w').write(str(getpid()))",
    "in a list": "ids = [os.getpid()]",
    "in a text": "name = f'run {own_id()}'",
    "in a function": "def name(): return f'run {os.getpid()}'\nn = name()",
    "by psutil": "import psutil\nprocess = psutil.Process()",
    "by psutil's class": "from psutil import Process as P\nprocess = P(os.getpid())",
}

PSUTIL = "class Process:\n    def __init__(self, pid=None): pass\n"


@pytest.mark.parametrize("case", USED)
async def test_a_process_id_that_is_used_otherwise_prevents_checkpoints(
    edits: Edits, case: str
) -> None:
    (edits.runner.folder / "psutil.py").write_text(PSUTIL)
    text = f"{BEGIN}{USED[case]}\n{SLOW}print(NUMBER)\n"
    _, first = await edits.run(text.replace("NUMBER", str(1)))
    assert refusals(first) == ["process-id"]
    _, received = await edits.run(text.replace("NUMBER", str(2)))
    assert (received.stdout, line_resumed(received)) == ("2\n", None)


HARMLESS = {
    "printed": "print(os.getpid(), f'{os.getpid()}', file=open(os.devnull, 'w'))",
    "in a function that nothing has executed": "def name(): return f'run {os.getpid()}'",
    "by libraries": "import logging, multiprocessing, tempfile, uuid\n"
    "logging.getLogger('x').warning('x'); multiprocessing.current_process(); uuid.uuid4()\n"
    "tempfile.mkdtemp()",
    "a number that is the same by chance": "other = [int(os.readlink('/proc/self'))]",
}


@pytest.mark.parametrize("case", HARMLESS)
async def test_other_uses_do_not_prevent_checkpoints(edits: Edits, case: str) -> None:
    text = f"{BEGIN}{HARMLESS[case]}\n{SLOW}print(NUMBER)\n"
    _, first = await edits.run(text.replace("NUMBER", str(1)))
    assert refusals(first) == []
    _, received = await edits.run(text.replace("NUMBER", str(2)))
    assert line_resumed(received) is not None
    assert received.stdout == "2\n"
