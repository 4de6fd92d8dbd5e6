"""Checks that run in the program's own process: on Windows, and once a GPU is in use."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tensorhints.model.messages import CheckVerdict, Run
from tensorhints.runner.lesson import checks, isolation
from tensorhints.runner.syntax.program import Program, parse

CHECKS = """
@check("loud", needs=["x"])
def _(x):
    print("a check")
    expect(x).shape(3)

@check("ours", needs=["x"])
def _(x):
    raise RuntimeError("ours")

@check("theirs", needs=["f"])
def _(f):
    f(3)

@check("endless", needs=["x"])
def _(x):
    while True:
        pass

@check("varied", needs=["x", "y"], vary={"x": lambda: torch.rand(3)})
def _(x, y):
    expect(y).values(x + 1)
"""
TEXT = """\
import torch
x = torch.zeros(3)
y = x + 1
def f(n):
    return x.view(n, 2)
"""


@pytest.fixture(autouse=True)
def _nothing_forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(isolation, "_may_fork", lambda: False)
    monkeypatch.setattr(isolation, "LIMIT_SECONDS", 0.2)
    main = sys.modules["__main__"]
    yield
    assert sys.modules["__main__"] is main


def judged(text: str) -> dict[str, CheckVerdict]:
    program = parse("/lesson.py", text)
    assert isinstance(program, Program)
    namespace: dict[str, Any] = {}
    exec(compile(text, program.path, "exec"), namespace)
    request = Run(1, program.path, text, checks=CHECKS, checks_path="checks.py")
    sent: list[Any] = []
    checks.run_checks(request, program, namespace, None, 0.0, sent.append)
    return {verdict.check: verdict for verdict in sent}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers")
def test_each_check_is_judged_separately_and_its_output_discarded(
    capfd: pytest.CaptureFixture[str],
) -> None:
    found = {name: (v.verdict, v.kind) for name, v in judged(TEXT).items()}
    assert found == {
        "loud": ("correct", None),
        "ours": ("cannot_check", "broken"),
        "theirs": ("error_in_your_code", "exception"),
        "endless": ("cannot_check", "timeout"),
        "varied": ("correct", None),
    }
    assert capfd.readouterr() == ("", "")
