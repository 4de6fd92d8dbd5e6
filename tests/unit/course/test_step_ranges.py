"""The lines of each step in the learner's text, whatever the learner has changed."""

from __future__ import annotations

import pytest

from tensorhints.course.folders import find_course
from tensorhints.course.format import Lesson, Step
from tensorhints.course.library import Library
from tensorhints.course.loader import load
from tensorhints.course.step_ranges import StepRange, step_ranges

STARTER = """\
import torch

# 1. A row.
row = ...

# 2. Two at once.
left, right = ...
total = ...

# 3. At the end.
last = ...
"""
SOLUTION = (
    STARTER.replace("row = ...", "source = torch.ones(3)\nrow = source[None]")
    .replace("left, right = ...", "left, right = row.chunk(2)")
    .replace("total = ...", "total = left + right")
    .replace("last = ...", "last = total.sum()")
)
STEPS = [
    Step("theory", "theory"),
    Step("row", "challenge", names=("row",)),
    Step("halves", "challenge", names=("left", "right")),
    Step("total", "challenge", names=("total",)),
    Step("last", "challenge", names=("last",)),
]


def found(text: str) -> dict[str, tuple[StepRange, ...]]:
    return dict(step_ranges(STARTER, SOLUTION, text, STEPS))


def shown(text: str) -> dict[str, list[str]]:
    """The lines of each step."""
    lines = text.split("\n")
    return {
        step: [line for step_range in each for line in lines[step_range.first : step_range.end]]
        for step, each in found(text).items()
    }


def solved(text: str, step: str) -> str:
    """The text as the solution of one step leaves it."""
    lines = text.split("\n")
    for step_range in reversed(found(text)[step]):
        lines[step_range.first : step_range.end] = step_range.solution
    return "\n".join(lines)


def test_a_step_is_located_where_the_solution_differs_from_the_starter() -> None:
    assert shown(STARTER) == {
        "row": ["row = ..."],
        "halves": ["left, right = ..."],
        "total": ["total = ..."],
        "last": ["last = ..."],
    }


def test_the_solution_of_one_step_leaves_all_other_lines() -> None:
    assert solved(STARTER, "total") == STARTER.replace("total = ...", "total = left + right")


def test_all_solutions_together_are_the_solution() -> None:
    text = STARTER
    for step in ("last", "total", "halves", "row"):
        text = solved(text, step)
    assert text == SOLUTION


def test_steps_move_with_the_learners_lines() -> None:
    text = "# mine\n\n" + STARTER.replace("# 2.", "print(row)\n\n# 2.")
    assert found(text)["row"][0].line == found(STARTER)["row"][0].line + 2
    assert found(text)["last"][0].line == found(STARTER)["last"][0].line + 4


def test_an_attempt_of_several_lines_is_all_of_the_step() -> None:
    text = STARTER.replace("row = ...", "wide = torch.ones(3)\nrow = wide[None]")
    assert shown(text)["row"] == ["wide = torch.ones(3)", "row = wide[None]"]
    assert solved(text, "row") == STARTER.replace(
        "row = ...", "source = torch.ones(3)\nrow = source[None]"
    )


def test_the_line_of_a_step_is_the_one_that_binds_its_name() -> None:
    text = STARTER.replace("row = ...", "wide = torch.ones(3)\nrow = wide[None]")
    assert text.split("\n")[found(text)["row"][0].line] == "row = wide[None]"


def test_trials_at_the_end_are_not_part_of_the_last_step() -> None:
    text = STARTER.replace("last = ...", "last = total * 2") + "\nprint(last)\nmine = 1\n"
    assert shown(text)["last"] == ["last = total * 2"]
    assert solved(text, "last").endswith("last = total.sum()\n\nprint(last)\nmine = 1\n")


def test_a_comment_that_the_learner_writes_stays() -> None:
    text = STARTER.replace("row = ...", "# I think so\nrow = 3")
    assert "# I think so\nsource = torch" in solved(text, "row")


@pytest.mark.parametrize("broken", ["row = (", "row = [1,", "def row(:", "row = '"])
def test_text_that_is_not_python_has_step_ranges_too(broken: str) -> None:
    text = STARTER.replace("row = ...", broken)
    assert shown(text)["row"] == [broken]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_they_like(end: str) -> None:
    assert found(STARTER.replace("\n", end))["last"][0].line == found(STARTER)["last"][0].line


@pytest.mark.parametrize("removed", ["row = ...\n", "total = ...\n", "last = ...\n"])
def test_a_step_that_was_removed_comes_back_at_its_place(removed: str) -> None:
    text = STARTER.replace(removed, "")
    step = removed.partition(" ")[0]
    assert shown(text)[step] == []
    back = solved(text, step)
    assert back.index(SOLUTION.split(f"{step} = ")[1].split("\n")[0]) > 0


@pytest.mark.parametrize("text", ["", "\n", "x = 1", "😀" * 5])
def test_every_step_has_a_range_in_any_text(text: str) -> None:
    length = len(text.split("\n"))
    for each in found(text).values():
        for step_range in each:
            assert 0 <= step_range.first <= step_range.end <= length
            assert 0 <= step_range.line < length


@pytest.mark.parametrize(
    "binding",
    [
        "total: object = 1",
        "total += 1",
        "other, total = 1, 2",
        "(other, total) = 1, 2",
        "total, *rest = range(3)",
        "other = total = 1",
        "def total(): ...",
        "class total: ...",
        "for total in range(3): pass",
    ],
)
def test_a_name_may_be_bound_in_any_way(binding: str) -> None:
    text = STARTER.replace("total = ...", binding)
    assert shown(text)["total"] == [binding]


@pytest.mark.parametrize("other", ["total == 1", "print(total)", "totals = 1", "x = total"])
def test_a_name_that_is_only_used_is_not_bound(other: str) -> None:
    text = STARTER.replace("left, right = ...", f"left, right = 1, 2\n{other}")
    assert other in shown(text)["halves"]
    assert shown(text)["total"] == ["total = ..."]


LESSONS = load(find_course())[0].lessons


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_challenge_of_the_course_has_its_place(lesson: Lesson) -> None:
    library = Library(load(find_course())[0])
    starter, solution = library.starter(lesson), library.solution(lesson)
    there = step_ranges(starter, solution, starter, lesson.steps)
    assert [s.id for s in lesson.steps if s.kind == "challenge" and s.id not in there] == []
    lines = starter.split("\n")
    for step_range in sorted((p for each in there.values() for p in each), key=lambda p: -p.first):
        lines[step_range.first : step_range.end] = step_range.solution
    assert "\n".join(lines) == solution
