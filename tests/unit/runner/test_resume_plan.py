"""Which checkpoints of an older program may serve a new text."""

from __future__ import annotations

from textwrap import dedent
from types import ModuleType

import pytest

from tensorhints.runner.checkpoint.resume_plan import ProgramPoint, ResumePlan, ResumePlanner
from tensorhints.runner.syntax.mentions import reaches_main
from tensorhints.runner.syntax.program import Program, parse


def module(name: str, **attributes: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(attributes)
    return made


MODULES = {
    "math": module("math", pi=3, tau=6),
    "torch": module("torch", nn=module("torch.nn"), no_grad=None),
    "torch.nn": module("torch.nn", Module=object),
}

PLANNER = ResumePlanner(MODULES)


def program(text: str) -> Program:
    parsed = parse("/program.py", dedent(text))
    assert isinstance(parsed, Program)
    return parsed


def plan(old: str, at: int, new: str, body_index: int = 0) -> ResumePlan | None:
    return PLANNER.plan(program(old), ProgramPoint(at, body_index), program(new))


def bound(plan: ResumePlan | None) -> set[str]:
    assert plan is not None
    return {name for _, names in plan.bind for name in names}


# ---- the same beginning --------------------------------------------------------------------------


def test_a_checkpoint_serves_a_text_with_the_same_beginning() -> None:
    found = plan("a = f()\nb = g()\nc = h()\n", 2, "a = f()\nb = g()\nc = h(1)\n")
    assert found == ResumePlan(ProgramPoint(2), kept=((0, 0), (1, 1)))


def test_a_checkpoint_behind_the_edit_does_not_serve() -> None:
    assert plan("a = f()\nb = g()\nc = h()\n", 2, "a = f()\nb = g(1)\nc = h()\n") is None


def test_a_checkpoint_serves_a_text_without_the_rest() -> None:
    assert plan("a = f()\nb = g()\n", 1, "a = f()\n") == ResumePlan(ProgramPoint(1), kept=((0, 0),))


def test_a_checkpoint_does_not_serve_a_shorter_text() -> None:
    assert plan("a = f()\nb = g()\n", 2, "a = f()\n") is None


def test_a_comment_above_moves_steps_that_have_run() -> None:
    found = plan("a = f()\nb = g()\n", 1, "# why\na = f()\nb = h()\n")
    assert found == ResumePlan(ProgramPoint(1), kept=((0, 0),), moved=((0, 0),))


def test_a_comment_below_moves_nothing() -> None:
    found = plan("a = f()\nb = g()\n", 1, "a = f()\n# why\nb = g()\n")
    assert found is not None
    assert found.moved == ()


def test_statements_on_one_line_are_distinguished() -> None:
    assert plan("a = f(); b = g()\n", 1, "b = g(); a = f()\n") is None
    assert plan("a = f(); a = f()\n", 1, "a = f(); a = f()\n") == ResumePlan(
        ProgramPoint(1), kept=((0, 0),)
    )


def test_a_statement_that_enters_the_main_block_has_not_run() -> None:
    old = "a = f()\nb = g()\n"
    assert plan(old, 1, "if __name__ == '__main__':\n    a = f()\n") is None


def test_the_main_block_is_resumed_between_its_statements() -> None:
    old = "a = f()\nif __name__ == '__main__':\n    b = g()\n    c = h()\n"
    new = "a = f()\nif __name__ == '__main__':\n    b = g()\n    c = i()\n"
    assert plan(old, 2, new) == ResumePlan(ProgramPoint(2), kept=((0, 0), (1, 1)))


def test_another_future_import_prevents_resuming() -> None:
    old = "from __future__ import annotations\ndef f(): pass\na = f()\n"
    assert plan(old, 2, "def f(): pass\na = f()\n") is None


def test_a_syntax_warning_prevents_resuming() -> None:
    assert plan("a = f()\nb = '\\d'\n", 1, "a = f()\nb = 'd'\n") is None


# ---- definitions ---------------------------------------------------------------------------------

NET = """\
import torch
from torch import nn
lr = 0.1
class Net(nn.Module):
    def forward(self, x):
        return x
def build():
    return Net()
def load():
    return 1
data = load()
net = build()
"""
DATA = 7  # the step after `data = load()`


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("return x", "return x * 2", {"Net"}),
        ("return Net()", "return Net().eval()", {"build"}),
        ("lr = 0.1", "lr = 0.2", {"lr"}),
        ("import torch\n", "import torch\nimport math\n", {"math"}),
        ("from torch import nn\n", "from torch import nn, no_grad\n", {"no_grad"}),
        ("def build", "def more(x: nn.Module) -> nn.Module: return x\ndef build", {"more"}),
        ("class Net", "@torch.no_grad()\ndef test(): pass\nclass Net", {"test"}),
        ("    def forward", "    size = 3\n    def forward", {"Net"}),
        ("class Net", "class Base(nn.Module): pass\nclass Net", {"Base"}),
        ("class Net(nn.Module)", "class Base(nn.Module): pass\nclass Net(Base)", {"Base", "Net"}),
    ],
)
def test_a_changed_definition_that_was_not_used_is_bound_again(
    before: str, after: str, names: set[str]
) -> None:
    assert bound(plan(NET, DATA, NET.replace(before, after))) == names


def test_a_removed_definition_is_unbound() -> None:
    found = plan(NET, DATA, NET.replace("lr = 0.1\n", ""))
    assert found is not None
    assert (found.point, found.unbind) == (ProgramPoint(DATA - 1), ("lr",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return 1", "return 2"),  # `load` was called
        ("    return 1", "    return Net()"),
        ("import torch\n", "import random\n"),  # not imported in the host
        ("class Net(nn.Module)", "class Net(nn.Module, metaclass=Meta)"),
        ("def forward", "def __init_subclass__(cls): pass\n    def forward"),
        ("    def forward", "    size = torch.rand(3)\n    def forward"),
        ("def build():", "def build(x=torch.rand(3)):"),
        ("def build():", "@register\ndef build():"),
        ("def build():", "def build(x: Later):"),
        ("from torch import nn\n", ""),
    ],
)
def test_a_changed_definition_that_may_have_been_used_prevents_resuming(
    before: str, after: str
) -> None:
    assert plan(NET, DATA, NET.replace(before, after)) is None


@pytest.mark.parametrize(
    "use",
    [
        "x = Net()",
        "x = build()",
        "x = [build for _ in range(3)]",
        "x = eval('N' + 'et')()",
        "x = globals()",
        "x = getattr(m, 'Net')",
        "x = vars()",
        "import __main__ as m",
        "from inspect import stack",
        "import pickle as p",
        "from math import *",
        "import sys\nx = sys.modules[__name__]",
        "x = torch.load('a', weights_only=False)",
        "try: f()\nexcept E as Net: pass",
        "del Net",
        "def use(): return build\nx = use()",
    ],
)
def test_code_that_may_reach_a_name_counts_as_using_it(use: str) -> None:
    old = NET.replace("data = load()", use)
    count = len(program(old).tree.body) - 1
    assert plan(old, count, old.replace("return x\n", "return x * 2\n")) is None


@pytest.mark.parametrize(
    "use",
    [
        "print('Net is built', f'build {1:.3f}')",
        "x = load(Net=1)",
        "x = model.Net",
        "for m in model.modules(): pass",
        "x = vars(arguments)",
        "x = re.compile('a')",
    ],
)
def test_code_that_only_resembles_a_use_does_not_count(use: str) -> None:
    old = NET.replace("data = load()", use)
    count = len(program(old).tree.body) - 1
    assert bound(plan(old, count, old.replace("return x\n", "return x * 2\n"))) == {"Net"}


def test_a_subclass_of_a_changed_class_is_bound_again() -> None:
    old = "class A: pass\nclass B(A): pass\nx = f()\ny = B()\n"
    assert bound(plan(old, 3, old.replace("class A: pass", "class A: a = 1"))) == {"A", "B"}


def test_a_name_that_is_needed_before_it_is_bound_prevents_resuming() -> None:
    old = "class A: pass\nclass B(A): pass\nx = f()\n"
    assert plan(old, 3, "class B(A): pass\nclass A: pass\nx = f()\n") is None


def test_a_function_that_moved_below_its_caller_prevents_resuming() -> None:
    old = "def f(): return 1\nx = f()\ny = g()\n"
    assert plan(old, 2, "x = f()\ndef f(): return 1\ny = g()\n") is None


def test_a_new_name_counts_as_used_if_all_names_are_read() -> None:
    old = "x = f()\nprint(globals())\n"
    assert plan(old, 1, "a = 1\n" + old) is None


# ---- positions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    ["traceback.print_exc()", "log('%(lineno)d')", "f.__code__", "step()", "torch.compile(f)"],
)
def test_code_that_reads_line_numbers_must_not_have_moved(use: str) -> None:
    old = f"import math\ndef step():\n    warnings.warn('a')\nx = {use}\ny = f()\n"
    assert plan(old, 3, "# why\n" + old) is None
    assert plan(old, 3, old.replace("y = f()", "y = g()")) is not None


# ---- inside a function ---------------------------------------------------------------------------

MAIN = """\
def helper(x):
    return x
def main(steps=3):
    data = load()
    total = 0
    for i in range(steps):
        total += i
    print(total, data)
def load():
    return 1
if __name__ == "__main__":
    main()
    print("end")
"""
CALL = 3


def test_a_checkpoint_inside_main_serves_an_edit_below_it() -> None:
    found = plan(MAIN, CALL, MAIN.replace("print(total, data)", "print(data)"), body_index=2)
    assert found is not None
    assert (found.point, bound(found)) == (ProgramPoint(CALL, 2), {"main"})
    assert found.kept == ((0, 0), (2, 2))


def test_a_checkpoint_inside_main_serves_an_edit_below_the_call() -> None:
    assert plan(MAIN, CALL, MAIN.replace('"end"', '"fin"'), body_index=2) is not None


def test_a_function_that_the_rest_of_main_calls_may_change() -> None:
    old = MAIN.replace("print(total, data)", "print(helper(total))")
    found = plan(old, CALL, old.replace("return x", "return x + 1"), body_index=2)
    assert bound(found) == {"helper", "main"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("data = load()", "data = load(1)"),
        ("return 1", "return 2"),
        ("main(steps=3)", "main(steps=4)"),
        ("    main()", "    main(4)"),
        ("print(total, data)", "yield total"),
        ("print(total, data)", "load = 1"),
        ("def main", "@cached\ndef main"),
    ],
)
def test_an_edit_above_the_checkpoint_prevents_resuming(before: str, after: str) -> None:
    assert plan(MAIN, CALL, MAIN.replace(before, after), body_index=2) is None


@pytest.mark.parametrize("use", ["register(main)", "main()", "data = [main]"])
def test_main_must_not_be_used_elsewhere(use: str) -> None:
    old = MAIN.replace('if __name__ == "__main__":', f'if __name__ == "__main__":\n    {use}')
    new = old.replace("print(total, data)", "print(data)")
    assert plan(old, CALL + 1, new, body_index=2) is None


# ---- the best point for a checkpoint -------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "point"),
    [
        ("data = load()", "data = load(2)", ProgramPoint(DATA - 1)),
        ("net = build()", "net = build", ProgramPoint(DATA)),
        ("return x", "return x * 2", ProgramPoint(DATA)),
        ("return 1", "return 2", ProgramPoint(DATA - 1)),
        ("net = build()\n", "net = build()\nnet.eval()\n", ProgramPoint(DATA + 1)),
        ("lr = 0.1", "lr = 0.1  # small", ProgramPoint(DATA + 1)),
    ],
)
def test_the_edit_point(before: str, after: str, point: ProgramPoint) -> None:
    assert PLANNER.edit_point(program(NET), program(NET.replace(before, after))) == point


def test_the_edit_point_inside_main() -> None:
    new = MAIN.replace("total += i", "total -= i")
    assert PLANNER.edit_point(program(MAIN), program(new)) == ProgramPoint(CALL, 2)


def test_the_order_of_names_must_match_if_it_may_be_read() -> None:
    old, new = "A = 1\nB = 2\nx = f()\n", "B = 2\nA = 1\nx = f()\n"
    assert plan(old + "y = 1\n", 3, new + "y = 2\n") is not None
    assert plan(old + "y = 1\n", 3, new + "y = vars()\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "from __main__ import LIMIT",
        "import __main__ as program\nprint(program.LIMIT)",
        "from pickle import loads\nloads(b'')",
        "import sys\nfor module in sys.modules.values(): module.LIMIT",
        "from sys import modules",
    ],
)
def test_modules_that_may_reach_the_programs_names(text: str) -> None:
    assert reaches_main(program(text).tree)


def test_modules_that_cannot_reach_the_programs_names() -> None:
    assert not reaches_main(program("import sys, torch\nprint(torch.nn.Linear(1, 1))\n").tree)
