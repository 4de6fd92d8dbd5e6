"""The shipped course: it loads, both languages match, and its files do what they are for."""

from __future__ import annotations

import pytest

from tensorhints.cli.lessons_trials import run_trials
from tensorhints.course import authoring, trials
from tensorhints.course.folders import find_course
from tensorhints.course.format import CHALLENGE, QUIZ, THEORY, Lesson
from tensorhints.course.loader import load

COURSE, ISSUES = load(find_course())
IDS = ["tensors", "creating", "indexing", "memory", "broadcasting", "matmul", "autograd", "modules"]


def test_the_course_has_no_authoring_issues() -> None:
    assert [(str(f.path), f.line + 1, f.code, dict(f.fields)) for f in ISSUES] == []


def test_the_course_has_its_eight_lessons_in_order() -> None:
    assert [lesson.id for lesson in COURSE.lessons] == IDS
    assert COURSE.locales == ("en", "pt-BR")


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
class TestLesson:
    def test_the_files_have_no_authoring_issues(self, lesson: Lesson) -> None:
        found = authoring.check_lesson(lesson)
        assert [(f.path.name, f.line + 1, f.code, dict(f.fields)) for f in found] == []

    def test_it_explains_asks_and_challenges(self, lesson: Lesson) -> None:
        kinds = [step.kind for step in lesson.steps]
        assert {THEORY, QUIZ, CHALLENGE} == set(kinds)
        assert 15 <= lesson.minutes <= 25

    def test_required_lessons_come_before_it(self, lesson: Lesson) -> None:
        before = IDS[: IDS.index(lesson.id)]
        assert set(lesson.requires) <= set(before)

    def test_both_languages_have_the_same_steps(self, lesson: Lesson) -> None:
        english, portuguese = lesson.texts["en"], lesson.texts["pt-BR"]
        assert list(english.steps) == list(portuguese.steps) == [s.id for s in lesson.steps]
        for step in lesson.steps:
            one, other = english.steps[step.id], portuguese.steps[step.id]
            assert list(one.feedback) == list(other.feedback)
            assert len(one.hints) == len(other.hints) == step.hints
            assert one.body != other.body
            assert one.body.count("```") == other.body.count("```")
            assert one.body.count("![") == other.body.count("![")

    def test_starters_solutions_and_mistakes_get_their_verdicts(self, lesson: Lesson) -> None:
        made = trials.of_lesson(lesson)
        found = [f for trial, ended in run_trials(made) for f in trials.judge(trial, ended)]
        assert [(f.path.name, f.line + 1, f.code, dict(f.fields)) for f in found] == []

    def test_there_are_other_right_answers_and_near_misses_for_each_step(
        self, lesson: Lesson
    ) -> None:
        challenges = [step for step in lesson.steps if step.kind == CHALLENGE]
        assert len(lesson.solutions()) >= 4
        assert len(lesson.mistakes()) >= 4 * len(challenges)
        tripped = {trial.trips for trial in trials.of_lesson(lesson) if trial.trips}
        for step in challenges:
            assert tripped & set(step.checks), step.id
