"""A program may replace builtins, functions of `os` and `time`, and forbid what the runner does.

Its own code and the libraries use the replacement, as in plain Python; the runner does not.
"""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tensorhints.engine.results import RunResult
from tensorhints.model import messages

from .conftest import Received, Runner, finished
from .editing import line_resumed

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

PROGRAM = """\
import builtins, os, os.path, time, torch, eager
say = print
def refuse(*args, **kwargs):
    raise RuntimeError("replaced")
REPLACE
x = torch.ones(2, 3)
held = torch.nn.Module
def grow(t, n):
    h = t + n
    if n == 1900:
        h = torch.ones(7)
    return h
n = 0
while n < 2000:
    y = grow(x, n)
    n += 1
first, *rest = x.unbind(0)
held.kept = y * 2
last = x.sum()
last += 1
eager.begin()
say(y.shape)
"""

EAGER = """\
from _tensorhints.runner.checkpoint import policy
def begin():
    policy.in_force = policy.EAGER
"""

ENDINGS = {"well": "say(1)\n", "failing": "say(2)\nz = y @ torch.ones(9)\n"}
STDOUT = {"well": "torch.Size([2, 3])\n1\n", "failing": "torch.Size([2, 3])\n2\n"}

PLAIN = """\
import json, os, sys, threading, types, weakref
import torch, numpy
sys.modules["eager"] = types.SimpleNamespace(begin=lambda: None)
for finalizer in list(weakref.finalize._registry):
    finalizer.atexit = False
for path in json.load(sys.stdin):
    pid = os.fork()
    if pid == 0:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
else:
    os._exit(0)
for descriptor, name in ((1, path + ".stdout"), (2, path + ".stderr")):
    os.dup2(os.open(name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), descriptor)
with open(path) as file:
    code = compile(file.read(), path, "exec")
main = sys.modules["__main__"] = types.ModuleType("__main__")
flush, leave, report, Everything = sys.stdout.flush, os._exit, sys.excepthook, BaseException
sys.argv = [path]
status = 0
try:
    exec(code, vars(main))
except Everything as error:
    error.__traceback__ = error.__traceback__.tb_next
    report(error.__class__, error, error.__traceback__)
    status = 1
flush()
leave(status)
"""
"""Runs the files in forks of a process that has imported torch, since each import takes seconds."""

UNUSED = "no_such_name"

ATEXIT = ("Exception ignored in", "Exception ignored on", "Error in atexit")
"""What handlers of libraries print whose modules only one of the two processes has imported."""

TOGETHER = 10
"""How many functions one program replaces if it gets to its end without any of them."""

FROM_THE_START = {
    *("__import__", "compile", "eval", "exec", "globals", "locals", "vars"),
    *("dict", "getattr", "hasattr", "int", "isinstance", "setattr", "str"),
}
"""An edit may run a program from its start that replaces one of these, and its hints are right.

Those of the first line reach any name. Why no checkpoint serves with the others is not known.
"""


def functions_of(owner: ModuleType) -> list[str]:
    return [name for name in dir(owner) if callable(getattr(owner, name, None))]


def used_by_runner(owner: str) -> set[str]:
    """The attributes of a module that the runner's texts name."""
    found = set()
    for path in (Path(__file__).parents[2] / "server/tensorhints/runner").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == owner:
                found.add(node.attr)
    return found


BUILTINS = [name for name in functions_of(builtins) if not keyword.iskeyword(name)]
REPLACED = {
    "exceptions": ("builtins", [n for n in BUILTINS if n.endswith(("Error", "Warning"))]),
    "functions": ("builtins", [n for n in BUILTINS if not n.endswith(("Error", "Warning"))]),
    "time": ("time", functions_of(time)),
    "os": ("os", sorted(used_by_runner("os") & {*functions_of(os)})),
    "os.path": ("os.path", sorted(used_by_runner("os.path") & {*functions_of(os.path)})),
}


@dataclass(frozen=True)
class Ended:
    stdout: str
    stderr: str
    status: int | None


def plain_runs(python: Path, folder: Path, programs: list[Path]) -> Iterator[Ended]:
    done = subprocess.run(
        [str(python), "-c", PLAIN],
        input=json.dumps([str(path) for path in programs]),
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    )
    for path, status in zip(programs, done.stdout.split(), strict=True):
        stdout, stderr = (Path(f"{path}.{name}").read_text() for name in ("stdout", "stderr"))
        yield Ended(stdout, before_atexit(stderr), int(status))


def before_atexit(stderr: str) -> str:
    """The program's own traceback, without source: Python imports `io` to read it."""
    for mark in ATEXIT:
        stderr = stderr.partition(mark)[0]
    return "".join(line for line in stderr.splitlines(True) if line[:4] != "    ")


def hints(received: Received) -> list[Any]:
    """Every hint with the signatures seen, and the failure, whatever the name of the file."""
    found: list[Any] = [sorted((name, str(values)) for name, values in received.seen.items())]
    for failed in received.of(messages.Failed):
        failure = failed.failure
        found.append((failure.message, failure.span, str(failure.operation)))
    return found


def program(owner: str, names: Sequence[str]) -> str:
    replaced = "".join(f"{owner}.{name} = " for name in names)
    return PROGRAM.replace("REPLACE", f"{replaced}refuse")


def groups_of(python: Path, folder: Path, owner: str, names: list[str]) -> list[list[str]]:
    """The names to replace at once: many, or one without which Python itself fails."""
    paths = [folder / f"{name}.py" for name in names]
    for path in paths:
        path.write_text(program(owner, [path.stem]) + ENDINGS["well"])
    alone = dict(zip(names, plain_runs(python, folder, paths), strict=True))
    fine = [
        name
        for name in names
        if alone[name].stdout == STDOUT["well"] and name not in FROM_THE_START
    ]
    many = [fine[at : at + TOGETHER] for at in range(0, len(fine), TOGETHER)]
    return many + [[name] for name in names if name not in fine]


@pytest.mark.parametrize("replaced", REPLACED)
async def test_nothing_changes_when_functions_are_replaced(
    runner: Runner, python: Path, replaced: str
) -> None:
    """Each program runs, resumes from its end, and then fails."""
    owner, names = REPLACED[replaced]
    folder = runner.folder
    (folder / "eager.py").write_text(EAGER)
    groups = [[UNUSED], *groups_of(python, folder, owner, names)]
    texts = {
        folder / f"{group[0]}_{ending}.py": program(owner, group) + last
        for group in groups
        for ending, last in ENDINGS.items()
    }
    for path, text in texts.items():
        path.write_text(text)
    plain = dict(zip(texts, plain_runs(python, folder, [*texts]), strict=True))
    expected: dict[str, list[Any]] = {}
    different: list[Any] = []
    lost: list[Any] = []
    for group in groups:
        at = folder / f"{group[0]}_failing.py"  # The name in the failing one's traceback.
        try:
            for ending in ENDINGS:
                path = folder / f"{group[0]}_{ending}.py"
                result, received = await run(runner, at, texts[path])
                seen = hints(received)
                want = expected.setdefault(ending, seen)
                reached = plain[path].stdout == STDOUT[ending]
                assert reached or len(group) == 1, f"Python fails without all of {group}"
                if ended(result, received) != plain[path] or (reached and seen != want):
                    different.append((group, ending, plain[path], ended(result, received)))
            if reached and FROM_THE_START.isdisjoint(group):
                resumes = [started.line for started in received.of(messages.Started)]
                if resumes in ([], [None]):
                    lost.append((group, [s.whole for s in received.of(messages.Started)]))
        finally:
            runner.pool.release(str(at))  # Else its checkpoints outlive the runner.
    assert not different, f"{len(different)} of {len(texts)}: {different}"
    assert len(expected["well"][0]) == 9
    if lost:
        # The run is right, but it starts at the top; why its checkpoint is gone is not known.
        pytest.xfail(f"without a checkpoint where these are replaced: {lost}")


async def run(runner: Runner, path: Path, text: str) -> tuple[RunResult, Received]:
    live, received = runner.start(text, checkpoints=True, path=str(path))
    return await finished(live), received


def ended(result: RunResult, received: Received) -> Ended:
    return Ended(received.stdout, before_atexit(received.stderr), result.exit_status)


FORBIDDING = """\
import sys, torch, eager
eager.begin()
def forbid(event, args):
    raise RuntimeError(event)
sys.addaudithook(forbid)
x = torch.ones(2, 3)
y = x + 1
print(y.shape)
"""

LISTENING = """\
import sys, torch
events = []
sys.addaudithook(lambda event, args: events.append(event))
sys.addaudithook(lambda event, args: None)
x = torch.ones(2, 3)
for n in range(3000):
    y = x + n
def half(t):
    return t / 2
z = half(y)
with open(__file__) as file:
    pass
try:
    sys.addaudithook()
except TypeError:
    pass
sys._getframe()
print(events)
"""


async def test_an_audit_hook_may_forbid_what_the_runner_does(runner: Runner) -> None:
    (runner.folder / "eager.py").write_text(EAGER)
    path = runner.folder / "program.py"
    result, received = await run(runner, path, FORBIDDING)
    assert ended(result, received) == Ended("torch.Size([2, 3])\n", "", 0)
    assert [len(values) for values in received.seen.values()] == [1, 1]
    _, resumed = await run(runner, path, FORBIDDING + "z = y.sum(0)\n")
    assert line_resumed(resumed) is not None
    assert list(resumed.seen) == ["x", "y", "z"]


async def test_an_audit_hook_sees_the_events_of_the_program_alone(
    runner: Runner, python: Path
) -> None:
    path = runner.folder / "program.py"
    path.write_text(LISTENING)
    plain = subprocess.run(
        [str(python), str(path)], capture_output=True, text=True, check=True, timeout=100
    )
    _, received = await run(runner, path, LISTENING)
    assert received.stdout == plain.stdout


IGNORED = """\
import sys, threading
def leave():
    EXPRESSION
threading._register_atexit(leave)
"""


@pytest.mark.parametrize("expression", ["sys.exit(3)", "undefined_name", "raise KeyboardInterrupt"])
async def test_what_the_end_of_threads_raises_is_ignored_aloud(
    runner: Runner, python: Path, expression: str
) -> None:
    path = runner.folder / "program.py"
    text = IGNORED.replace("EXPRESSION", expression)
    path.write_text(text)
    plain = subprocess.run([str(python), str(path)], capture_output=True, text=True, timeout=100)
    result, received = await run(runner, path, text)
    assert (received.stderr, result.exit_status) == (plain.stderr, plain.returncode)
