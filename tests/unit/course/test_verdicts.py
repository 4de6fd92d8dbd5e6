"""The sentence about a step: the lesson's own feedback first, about the learner's tensor."""

from __future__ import annotations

import pytest

from tensorhints.course import verdicts
from tensorhints.course.format import Step, StepText
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.verdicts import VERDICTS, VerdictKind, VerdictWord
from tensorhints.present.words import translate

STEP = Step("row", "challenge", checks=("row.shape", "row.values"), names=("F_new",))
SHAPE = {"name": "F_new", "actual": "(10,)", "expected": "(1, 10)"}
TEXT = StepText(
    "A row",
    "…",
    feedback={
        "row.shape": "`{name}` has shape `{actual}`, and a row has `{expected}`.",
        "row.shape.type": "`{name}` is no tensor but {actual}.",
        "row.values": "Number {index} differs.",
    },
)


def verdict(
    check: str = "row.shape",
    outcome: VerdictWord = "incorrect",
    kind: VerdictKind | None = "shape",
    fields: dict[str, str] = SHAPE,
) -> CheckVerdict:
    return CheckVerdict(1, check, outcome, kind, dict(fields), 4)


def message(judged: CheckVerdict, locale: str = "en") -> str:
    return verdicts.message(judged, TEXT, locale, translate)


def test_the_lessons_own_feedback_describes_the_learners_tensor() -> None:
    assert message(verdict()) == "`F_new` has shape `(10,)`, and a row has `(1, 10)`."


def test_feedback_for_one_kind_of_difference_comes_before_the_general_one() -> None:
    fields = {"name": "F_new", "actual": "list", "expected": "Tensor"}
    assert message(verdict(kind="type", fields=fields)) == "`F_new` is no tensor but list."


def test_feedback_that_asks_for_more_than_is_known_gives_way_to_the_general_sentence() -> None:
    assert message(verdict(check="row.values", kind="shape")) == (
        "F_new has shape (10,), expected (1, 10)."
    )


def test_a_difference_without_feedback_has_a_general_sentence_in_both_languages() -> None:
    other = verdict(check="other.shape")
    assert message(other) == "F_new has shape (10,), expected (1, 10)."
    assert message(other, "pt-BR") == "F_new tem forma (10,), e a esperada é (1, 10)."


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("outcome", VERDICTS)
def test_every_verdict_has_its_own_words(outcome: VerdictWord, locale: str) -> None:
    others = {message(verdict(outcome=each), locale) for each in VERDICTS if each != outcome}
    assert message(verdict(outcome=outcome), locale) not in others


def test_an_error_in_the_learners_code_is_named() -> None:
    fields = {"name": "F_new", "exception": "NameError", "error": "name 'G' is not defined"}
    failed = verdict(outcome="error_in_your_code", kind="exception", fields=fields)
    assert message(failed) == "Your code fails here with NameError: name 'G' is not defined"


def test_the_learners_text_is_never_taken_for_a_placeholder() -> None:
    assert verdicts.fill("{name} {actual}", {"name": "{actual}", "actual": "3"}) == "{actual} 3"
    assert verdicts.fill("{unknown} {", {}) == "{unknown} {"


def test_the_first_check_that_is_not_correct_decides_the_step() -> None:
    passed = verdict(outcome="correct")
    failed = verdict(check="row.values", kind="values")
    assert verdicts.of_step(STEP, [failed, passed]) is failed
    first = verdicts.of_step(STEP, [verdict(), failed])
    assert first is not None
    assert first.check == "row.shape"


def test_a_step_is_correct_where_all_its_checks_are() -> None:
    passed = [verdict(outcome="correct"), verdict(check="row.values", outcome="correct")]
    found = verdicts.of_step(STEP, passed)
    assert found is not None
    assert found.verdict == "correct"


def test_a_step_with_a_check_without_a_result_has_no_verdict() -> None:
    assert verdicts.of_step(STEP, [verdict(outcome="correct")]) is None
    assert verdicts.of_step(STEP, []) is None
