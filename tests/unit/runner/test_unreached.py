"""Lines are reported as never executed only if that is certain."""

from __future__ import annotations

import ast
import sys
import traceback
from types import SimpleNamespace

import pytest

from tensorhints.runner.instrument.instrument import Instrumenter
from tensorhints.runner.instrument.probe_registry import (
    ENTER,
    GATE,
    NARROW,
    STEADY,
    ProbeRegistry,
)
from tensorhints.runner.observe.unreached import unreached
from tensorhints.runner.syntax.program import Program, parse


class Everything(dict):  # type: ignore[type-arg]
    """Builtins in which every gate is open, and every probe returns its value."""

    def __init__(self, never_entered: list[bool]) -> None:
        super().__init__(vars(__import__("builtins")))
        self.never_entered = never_entered

    def __missing__(self, name: str) -> object:
        if name.startswith(GATE):
            return True
        if name == ENTER:
            return self._enter
        if name.startswith((NARROW, STEADY)):
            return False
        if name.startswith(".tensorhints."):
            return lambda probe, *values: values[-1] if values else True
        raise KeyError(name)

    def _enter(self, gate: int) -> bool:
        self.never_entered[gate] = False
        return True


def marked(text: str, *, in_functions: bool = True, ended_at: int | None = None) -> str:
    """The program's lines, with a mark on those reported as never executed."""
    program = parse("/p.py", text)
    assert isinstance(program, Program)
    registry = ProbeRegistry()
    tree = Instrumenter(program.path, program.lines, registry).module(program.tree)
    never_entered = [True] * len(registry.gates)
    namespace = {"__builtins__": Everything(never_entered), "f": abs, "ns": SimpleNamespace(a=1)}
    failed = None
    try:
        exec(compile(ast.fix_missing_locations(tree), program.path, "exec"), namespace)
    except ZeroDivisionError as error:
        failed = traceback.extract_tb(error.__traceback__)[-1].lineno
    line = ended_at or failed
    found = unreached(
        program.tree,
        registry.probes,
        never_entered,
        in_functions=in_functions,
        ended_at=line or sys.maxsize,
    )
    lines = {line for first, last in found for line in range(first, last + 1)}
    return "".join(
        ("~ " if number in lines else "  ") + line + "\n"
        for number, line in enumerate(text.splitlines())
    )


CASES = [
    """\
  x = f(1)
  def never(a):
~     y = f(a)
~     return y
  def once(a):
      y = f(a)
      if y > 5:
~         y = f(y)
~         return y
      return y
  z = once(1)
""",
    """\
  def never():
~     "What it is for."
~     def inner():
~         pass
~     return f(1)
  y = f(2)
""",
    """\
  for i in range(3):
      if i > 5:
~         x = f(i)
      else:
          y = f(i)
  while False:
~     z = f(1)
  try:
      a = f(1)
  except ValueError:
~     b = f(2)
  finally:
      c = f(3)
""",
    """\
  class A:
      x = f(1)
      def never(self):
~         return f(self)
      def once(self):
          return f(1)
  A().once()
""",
    """\
  def early(a):
      if a:
          return f(1)
~     b = f(2)
~     pass
~     return b
  early(1)
""",
    """\
  x = f(1)
  y = f(1 / 0)
~ z = f(2)
~ def later():
~     pass
~ import os
""",
    # Neither code without a gate is reported, nor code that may run later than its statement.
    """\
  def unknown():
      raise ValueError
  g = lambda a: f(a)
  h = f(1) if ns.a else f(2)
  if not ns.a:
      pass
""",
]


@pytest.mark.parametrize("case", CASES)
def test_lines_that_were_never_executed_are_found(case: str) -> None:
    text = "".join(line[2:] + "\n" for line in case.splitlines())
    assert marked(text) == case


def test_functions_that_may_have_run_unobserved_are_left_out() -> None:
    text = "def never():\n    return f(1)\nif f(0):\n    x = f(1)\n"
    assert marked(text, in_functions=False) == (
        "  def never():\n      return f(1)\n  if f(0):\n~     x = f(1)\n"
    )
