"""Parsing: which texts are programs, and when two texts are the same program."""

from __future__ import annotations

import pytest

from tensorhints.model.failures import SyntaxProblem
from tensorhints.runner.syntax.program import Lines, Program, parse, same_code


def read(text: str) -> Program:
    parsed = parse("example.py", text)
    assert isinstance(parsed, Program)
    return parsed


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("x = (1\ny = 2\n", 0, 4),
        ("x =\n", 0, 3),
        ("def f(:\n    pass\n", 0, 6),
        ("  x = 1\n", 0, 1),
        ("return 1\n", 0, 0),
        ("x = 1\nfrom __future__ import annotations\n", 1, 0),
        ("s = '😀' +\n", 0, 9),
    ],
)
def test_a_syntax_error_is_a_problem_with_its_position(text: str, line: int, column: int) -> None:
    problem = parse("example.py", text)
    assert isinstance(problem, SyntaxProblem)
    assert (problem.span.line, problem.span.column) == (line, column)
    assert problem.message


@pytest.mark.parametrize("text", ["x = '\0'", "(" * 500, "\udce4 = 1", "-" * 100_000 + "1"])
def test_hostile_text_is_a_problem_and_does_not_crash(text: str) -> None:
    assert isinstance(parse("example.py", text), SyntaxProblem)


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "\ufeffx = 1\r\n", "x = 1", "x = 1\ry = 2\r"])
def test_unusual_texts_are_programs(text: str) -> None:
    assert isinstance(parse("example.py", text), Program)


def test_positions_count_code_points() -> None:
    lines = Lines("s = '😀𝔽'; x = 1\n")
    assert lines.position(1, len("s = '😀𝔽'; ".encode())) == (0, len("s = '😀𝔽'; "))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("x = 1\n", "x = 1  # one\n", True),
        ("x = 1\ny = 2\n", "# a\nx = 1\n\n\ny = 2\n", True),
        ("def f():\n    return 1\n", "def f():\n    # why\n    return (1)\n", True),
        ("x = 1\n", "x = 2\n", False),
        ("x = 1\n", "x = 1\ny = 2\n", False),
        ("x = '#'\n", "x = '# '\n", False),
        ("@a\ndef f(): pass\n", "@b\ndef f(): pass\n", False),
    ],
)
def test_only_a_change_of_code_makes_another_program(old: str, new: str, same: bool) -> None:
    assert same_code(read(old), read(new)) is same
