"""The parts of the simulated device that can be tested without a run."""

from __future__ import annotations

import ast
import itertools
import math

import pytest

from tensorhints.runner.simulated import (
    activation,
    branch_answers,
    call_rewriting,
    guessed_numbers,
    lost_guesses,
    taint,
    torch_symbols,
)


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> taint.GuessState:
    """The state of a run without guesses."""
    fresh = taint.GuessState()
    for module in (taint, branch_answers, guessed_numbers, lost_guesses):
        monkeypatch.setattr(module, "state", fresh)
    return fresh


@pytest.mark.usefixtures("simulation")
def test_this_torch_has_all_private_symbols_that_are_needed() -> None:
    assert torch_symbols.missing() == ()


@pytest.mark.usefixtures("simulation")
def test_a_torch_without_a_needed_symbol_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    symbol = "torch._subclasses.fake_tensor.NoSuchThing"
    monkeypatch.setattr(
        torch_symbols, "_NEEDED", (*torch_symbols._NEEDED, symbol, "torch._no_such_module.x")
    )
    refusal = activation.activate()
    assert refusal is not None
    assert refusal.code == "simulated-missing"
    assert refusal.detail == f"{symbol}, torch._no_such_module.x"


def test_a_question_is_answered_both_ways_in_growing_sequences() -> None:
    asked = branch_answers.BranchAnswers()
    given = [asked.truth() for _ in range(30)]
    sequences = [(answer, len(list(group))) for answer, group in itertools.groupby(given)]
    assert sequences[:7] == [
        (True, 1), (False, 1), (True, 2), (False, 2), (True, 4), (False, 4), (True, 8),
    ]  # fmt: skip


def test_a_branch_on_a_guess_taints_the_run(state: taint.GuessState) -> None:
    assert not state.tainted
    assert branch_answers.BranchAnswers().truth() is True
    assert state.tainted


def test_a_forced_answer_does_not_taint_the_run(
    state: taint.GuessState,
) -> None:
    asked = branch_answers.BranchAnswers()
    here = branch_answers.program_frame()
    assert here is not None
    asked.force(__file__, set(range(1, 1000)), False)
    assert [asked.truth() for _ in range(3)] == [False] * 3
    assert not state.tainted


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
def test_the_answer_with_which_the_program_continues(statement: str, answer: bool | None) -> None:
    found = list(call_rewriting.forced_answers(ast.parse(statement)))
    assert found == ([] if answer is None else [({1}, answer)])


def test_arithmetic_propagates_a_guess(state: taint.GuessState) -> None:
    n = guessed_numbers.GuessedInt(3)
    total = 0.5
    total += n / 2
    for value in (n + 1, 2 * n, -n, n // 2, total, total * 2, n**2, math.floor(total)):
        assert isinstance(value, guessed_numbers.GuessedNumber)
    assert n + 1 == guessed_numbers.GuessedInt(4) or state.tainted
    assert f"{n} {total:.3f} {n:3d}|{[n]}" == "? ?   ?|[?]"


def test_a_comparison_or_a_repetition_taints_the_run(state: taint.GuessState) -> None:
    n = guessed_numbers.GuessedInt(3)
    sum_of_it = n + 2
    assert not state.tainted
    assert [0] * n == [0, 0, 0]
    assert state.tainted
    state.tainted = False
    assert (sum_of_it > 1) in (True, False)
    assert state.tainted


def test_built_in_functions_propagate_a_guess(state: taint.GuessState) -> None:
    callee = lost_guesses.make_callee_hook(guessed_numbers.tracking_builtins())
    n = guessed_numbers.GuessedFloat(2.5)
    for function, arguments in (
        (int, (n,)),
        (float, (guessed_numbers.GuessedInt(1),)),
        (round, (n, 1)),
        (math.sqrt, (n,)),
        (max, ([1.0, n],)),
        (sum, ((value for value in (n, n)),)),
    ):
        assert isinstance(callee(function)(*arguments), guessed_numbers.GuessedNumber), function
    assert not state.tainted
    assert callee(int)("12") == 12
    assert callee(len) is not len
    assert callee(print) is print
    assert list(callee(range)(guessed_numbers.GuessedInt(2))) == [0, 1]
    assert state.tainted


def test_a_container_that_is_indexed_by_a_guess_taints_the_run(
    state: taint.GuessState,
) -> None:
    state.guesses = 1
    n = guessed_numbers.GuessedInt(1)
    items = [10, 20, 30]
    assert lost_guesses.container_hook(items)[1] == 20
    assert not state.tainted
    assert lost_guesses.container_hook(items)[:n] == [10]
    assert state.tainted


def test_a_function_that_cannot_propagate_a_guess_taints_the_run(
    state: taint.GuessState,
) -> None:
    state.guesses = 1
    callee = lost_guesses.make_callee_hook({})
    n = guessed_numbers.GuessedInt(2)
    callee([].append)(n)
    callee(print)(n)
    assert not state.tainted
    assert callee(bytes)(3) == bytes(3)
    assert not state.tainted
    assert callee(bytes)(n) == bytes(2)
    assert state.tainted


def test_a_guess_prints_alike_in_every_kind_of_formatting(state: taint.GuessState) -> None:
    state.guesses = 1
    n, x = guessed_numbers.GuessedInt(3), guessed_numbers.GuessedFloat(1.0)
    assert lost_guesses.container_hook("%d|%5.2f|%s|%d%%") % (n, x, "a", 7) == "?|    ?|a|7%"
    assert lost_guesses.container_hook("%(n)d %(b)s") % {"n": n, "b": 3} == "? 3"
    assert f"{n}|{x:5.2f}" == "?|    ?"
    with pytest.raises(TypeError):
        _ = lost_guesses.container_hook("%d %d") % (n,)


def test_the_lines_whose_exceptions_the_program_catches() -> None:
    text = "try:\n    f()\n    g()\nexcept E:\n    h()\nwith suppress(E):\n    i()\nj()\n"
    assert call_rewriting.handled_lines(ast.parse(text)) == {2, 3, 7}


def test_only_expressions_that_lose_guesses_are_rewritten() -> None:
    tree = ast.parse("y = int(x)\nz = x + items[0]\n")
    before = ast.dump(tree)
    changed = call_rewriting.track_guesses(tree.body)
    assert ast.dump(tree) == before
    assert call_rewriting.CALLEE in ast.dump(changed[0])
    assert ast.dump(changed[1]) == ast.dump(tree.body[1])
    assert call_rewriting.track_guesses(tree.body[1:]) == tree.body[1:]
