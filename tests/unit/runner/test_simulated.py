"""The parts of the simulation that need no run: what torch must have, answers, guesses."""

from __future__ import annotations

import ast
import itertools
import math

import pytest

from tensorhints.runner.simulated import answers, leaving, marks, numbers, rewriting, symbols, world


@pytest.fixture(autouse=True)
def course(monkeypatch: pytest.MonkeyPatch) -> marks.Course:
    """A run that nothing was guessed in yet."""
    fresh = marks.Course()
    for module in (marks, answers, numbers, leaving):
        monkeypatch.setattr(module, "course", fresh)
    return fresh


def test_this_torch_has_all_that_is_needed() -> None:
    assert symbols.missing() == ()


def test_a_torch_without_a_part_is_refused_by_that_parts_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = "torch._subclasses.fake_tensor.NoSuchThing"
    monkeypatch.setattr(symbols, "_NEEDED", (*symbols._NEEDED, part, "torch._no_such_module.x"))
    refusal = world.enter()
    assert refusal is not None
    assert refusal.code == "simulated-missing"
    assert refusal.detail == f"{part}, torch._no_such_module.x"


def test_a_question_is_answered_both_ways_in_runs_that_grow() -> None:
    asked = answers.Answers()
    said = [asked.truth() for _ in range(30)]
    runs = [(answer, len(list(group))) for answer, group in itertools.groupby(said)]
    assert runs[:7] == [
        (True, 1), (False, 1), (True, 2), (False, 2), (True, 4), (False, 4), (True, 8),
    ]  # fmt: skip


def test_a_branch_on_a_guess_sets_the_run_adrift(course: marks.Course) -> None:
    assert not course.adrift
    assert answers.Answers().truth() is True
    assert course.adrift


def test_where_another_answer_would_end_the_program_the_one_is_given(course: marks.Course) -> None:
    asked = answers.Answers()
    here = answers.asking_frame()
    assert here is not None
    asked.expect(__file__, set(range(1, 1000)), False)
    assert [asked.truth() for _ in range(3)] == [False] * 3
    assert not course.adrift


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("assert x.all()", True),
        ("assert not x.isnan().any()", False),
        ("if x.isnan().any(): raise ValueError", False),
        ("if not x.all(): raise ValueError", True),
        ("if not x.all() or x.any(): raise ValueError", None),
        ("if x.any(): y = 1", None),
    ],
)
def test_the_answer_that_lets_the_program_go_on(statement: str, answer: bool | None) -> None:
    found = list(rewriting.expectations(ast.parse(statement)))
    assert found == ([] if answer is None else [({1}, answer)])


def test_arithmetic_carries_a_guess_on(course: marks.Course) -> None:
    n = numbers.GuessedInt(3)
    total = 0.5
    total += n / 2
    for value in (n + 1, 2 * n, -n, n // 2, total, total * 2, n**2, math.floor(total)):
        assert isinstance(value, numbers.Guessed)
    assert n + 1 == numbers.GuessedInt(4) or course.adrift
    assert f"{n} {total:.3f} {n:3d}|{[n]}" == "? ?   ?|[?]"


def test_a_comparison_or_a_repetition_sets_the_run_adrift(course: marks.Course) -> None:
    n = numbers.GuessedInt(3)
    sum_of_it = n + 2
    assert not course.adrift
    assert [0] * n == [0, 0, 0]
    assert course.adrift
    course.adrift = False
    assert (sum_of_it > 1) in (True, False)
    assert course.adrift


def test_pythons_own_functions_carry_a_guess_on(course: marks.Course) -> None:
    callee = leaving.callee_of(numbers.followers())
    n = numbers.GuessedFloat(2.5)
    for function, arguments in (
        (int, (n,)),
        (float, (numbers.GuessedInt(1),)),
        (round, (n, 1)),
        (math.sqrt, (n,)),
        (max, ([1.0, n],)),
        (sum, ((value for value in (n, n)),)),
    ):
        assert isinstance(callee(function)(*arguments), numbers.Guessed), function
    assert not course.adrift
    assert callee(int)("12") == 12
    assert callee(len) is not len
    assert callee(print) is print
    assert list(callee(range)(numbers.GuessedInt(2))) == [0, 1]
    assert course.adrift


def test_a_container_that_is_indexed_by_a_guess_sets_the_run_adrift(course: marks.Course) -> None:
    course.guesses = 1
    n = numbers.GuessedInt(1)
    items = [10, 20, 30]
    assert leaving.held(items)[1] == 20
    assert not course.adrift
    assert leaving.held(items)[:n] == [10]
    assert course.adrift


def test_what_is_called_with_a_guess_and_cannot_carry_it_sets_the_run_adrift(
    course: marks.Course,
) -> None:
    course.guesses = 1
    callee = leaving.callee_of({})
    n = numbers.GuessedInt(2)
    callee([].append)(n)
    callee(print)(n)
    assert not course.adrift
    assert callee(bytes)(3) == bytes(3)
    assert not course.adrift
    assert callee(bytes)(n) == bytes(2)
    assert course.adrift


def test_a_guess_prints_the_same_by_every_way_of_formatting(course: marks.Course) -> None:
    course.guesses = 1
    n, x = numbers.GuessedInt(3), numbers.GuessedFloat(1.0)
    assert leaving.held("%d|%5.2f|%s|%d%%") % (n, x, "a", 7) == "?|    ?|a|7%"
    assert leaving.held("%(n)d %(b)s") % {"n": n, "b": 3} == "? 3"
    assert f"{n}|{x:5.2f}" == "?|    ?"
    with pytest.raises(TypeError):
        _ = leaving.held("%d %d") % (n,)


def test_the_lines_are_known_of_which_the_program_catches_what_they_raise() -> None:
    text = "try:\n    f()\n    g()\nexcept E:\n    h()\nwith suppress(E):\n    i()\nj()\n"
    assert rewriting.tried_lines(ast.parse(text)) == {2, 3, 7}


def test_only_what_loses_a_guess_is_rewritten_and_the_programs_tree_stays() -> None:
    tree = ast.parse("y = int(x)\nz = x + items[0]\n")
    before = ast.dump(tree)
    changed = rewriting.follow_guesses(tree.body)
    assert ast.dump(tree) == before
    assert rewriting.CALLEE in ast.dump(changed[0])
    assert ast.dump(changed[1]) == ast.dump(tree.body[1])
    assert rewriting.follow_guesses(tree.body[1:]) == tree.body[1:]
