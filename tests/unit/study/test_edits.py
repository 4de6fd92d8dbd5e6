"""Edits of a lesson's file replace whole lines, with the line ends that the text has."""

from __future__ import annotations

import pytest

from tensorhints.course.step_ranges import StepRange
from tensorhints.session.text.documents import Text
from tensorhints.study.edits import solution_edits, solved_text


def after(text: str, ranges: tuple[StepRange, ...]) -> str:
    edited = Text(text)
    for edit in reversed(solution_edits(edited, ranges)):
        edited = edited.after(edit)
    return edited.text


def step_range(first: int, end: int, *solution: str) -> StepRange:
    return StepRange(first, end, first, solution, ())


@pytest.mark.parametrize(
    ("text", "ranges", "solved"),
    [
        ("a\nb\nc\n", (step_range(1, 2, "B"),), "a\nB\nc\n"),
        ("a\nb\nc\n", (step_range(1, 2, "B", "b"),), "a\nB\nb\nc\n"),
        ("a\nb\nc\n", (step_range(0, 1, "A"), step_range(2, 3, "C")), "A\nb\nC\n"),
        ("a\r\nb\r\n", (step_range(0, 1, "A", "z"),), "A\r\nz\r\nb\r\n"),
        ("a\nb", (step_range(1, 2, "B"),), "a\nB"),
        ("a\nb", (step_range(2, 2, "C"),), "a\nb\nC"),
        ("a\nb\nc\n", (step_range(1, 3),), "a\n"),
    ],
)
def test_a_solution_replaces_the_lines_of_its_step(
    text: str, ranges: tuple[StepRange, ...], solved: str
) -> None:
    assert after(text, ranges) == solved
    assert solved_text(Text(text), ranges) == solved


def test_a_step_without_lines_changes_nothing() -> None:
    assert solution_edits(Text("a\nb\n"), ()) == []
    assert solved_text(Text("a\nb\n"), ()) == "a\nb\n"
