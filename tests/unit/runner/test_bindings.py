"""Which statement binds a name, and which one gave an answer its input."""

from __future__ import annotations

import ast

import pytest

from tensorhints.runner.lesson.bindings import Bindings, owners


def bindings(text: str) -> Bindings:
    return Bindings(ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "x: int = 1",
        "a, *x = [1]",
        "x += 1",
        "for x in []: pass",
        "with f() as x: pass",
        "if (x := 1): pass",
        "print([x := n for n in y])",
        "import a as x",
        "import x.y",
        "def x(): pass",
        "class x: pass",
        "if y:\n    def x(): pass",
        "try: pass\nexcept E as x: pass",
    ],
)
def test_a_statement_that_binds_a_name(text: str) -> None:
    assert bindings(text).binds(0, "x")


@pytest.mark.parametrize(
    "text", ["print(x)", "def f(): x = 1", "f = lambda x: x", "[x for x in y]", "y.x = 1", "del x"]
)
def test_a_statement_that_does_not_bind_it(text: str) -> None:
    assert not bindings(text).binds(0, "x")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("F = 1\nA = F", 0),
        ("F = 1\nF = 2\nA = F", 1),
        ("F = 1\nF = F + 1\nA = F", 0),
        ("F = 1\ng = F + 1\nF = g\nA = F", 0),
        ("F = 1\nF += 1\nA = F", 0),
        ("F = 1\ng = 2\nF = g\nA = F", 2),
        ("F, W = 1, 2\nA = F", 0),
        ("g = 1\nA = g", None),
    ],
)
def test_the_source_of_an_input_is_not_computed_by_the_learner(
    text: str, source: int | None
) -> None:
    found = bindings(text)
    answer = found.first_answer(["A"])
    assert answer is not None
    assert found.source("F", answer) == source


def test_a_placeholder_is_not_an_answer() -> None:
    found = bindings("A = ...\nF = 2\nA = F\n")
    assert found.first_answer(["A"]) == 2
    assert bindings("A = ...\n").first_answer(["A"]) == 0


def test_the_last_binding_is_the_one_in_force() -> None:
    found = bindings("x = 1\nif x:\n    x = 2\ny = 3\n")
    assert found.line("x") == 3
    assert found.line("x", end=1) == 1
    assert found.line("z") is None


def test_a_failing_statement_belongs_to_the_answer_that_it_leads_to() -> None:
    answer_names: dict[str, tuple[str, ...]] = {"a": ("A",), "b": ("B",)}
    found = bindings("A = 1\nhelp = A\nB = help\nprint(B)\n")
    assert owners(found, 0, answer_names) == {"A"}
    assert owners(found, 1, answer_names) == {"B"}
    assert owners(found, 2, answer_names) == {"B"}
    assert owners(found, 3, answer_names) == frozenset()
