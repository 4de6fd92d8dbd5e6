"""`tensorhints lessons check`: issues found by reading, and verdicts on what ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.course import authoring, trials
from tensorhints.course.loader import load
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.verdicts import VerdictWord

LESSON, ENGLISH, BRAZIL = "01-first/lesson.toml", "01-first/en.md", "01-first/pt-BR.md"
CHECKS, DRAWING = "01-first/checks.py", "01-first/media/row.svg"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder: Path) -> list[tuple[str, int, str]]:
    course, issues = load(folder)
    assert issues == (), issues
    return [(str(f.path.relative_to(folder)), f.line + 1, f.code) for f in authoring.check(course)]


# ---- by reading ---------------------------------------------------------------------------------


def test_whole_lessons_have_no_authoring_issues(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "issue"),
    [
        (
            LESSON,
            "format_version",
            '"$schema" = "no.json"\nformat_version',
            (LESSON, 1, "no-such-file-named"),
        ),
        (LESSON, "torch.random(2, 2)", "torch.random(2,", (LESSON, 17, "bad-proof")),
        (CHECKS, "import torch", "import torch torch", (CHECKS, 1, "checks-syntax")),
        (CHECKS, '"row.shape"', '"row.form"', (CHECKS, 4, "check-of-no-step")),
        (CHECKS, '"row.shape"', '"row.form"', (LESSON, 25, "no-such-check")),
        (ENGLISH, "{actual}", "{actuall}", (ENGLISH, 53, "unknown-placeholder")),
        (ENGLISH, "`row.values`: `{name}`", "`row.values`: It", (BRAZIL, 43, "other-placeholders")),
        (ENGLISH, "- `row.values`:", "- `row.values.size`:", (ENGLISH, 54, "unknown-difference")),
        (ENGLISH, "- `row.values`:", "- `row.values.dtype`:", (BRAZIL, 40, "no-feedback")),
        (ENGLISH, "x.unsqueeze(dim)", "F.unsqueeze( 0 )", (ENGLISH, 45, "hint-holds-solution")),
        (
            BRAZIL,
            "`unsqueeze` acre",
            "`F.reshape(1, -1)` acre",
            (BRAZIL, 38, "hint-holds-solution"),
        ),
        (ENGLISH, "media/row.svg", "media/rows.svg", (ENGLISH, 14, "no-such-file-named")),
        (
            BRAZIL,
            "![Uma linha de quatro quadrados](media/row.svg)",
            "…",
            (BRAZIL, 1, "drawing-left-out"),
        ),
        (ENGLISH, "These are they.", "[Here](rows.py).", (ENGLISH, 3, "bad-link")),
        (
            ENGLISH,
            "These are they.",
            "![x](https://x.org/x.png)",
            (ENGLISH, 3, "image-from-the-web"),
        ),
        (DRAWING, "<title>A row</title>", "", (DRAWING, 1, "svg-without-title")),
        (DRAWING, "<g ", '<g onclick="x" ', (DRAWING, 1, "svg-unsafe")),
        (
            "01-first/wrong/zeros.py",
            "# trips",
            "# trip",
            ("01-first/wrong/zeros.py", 1, "mistake-without-check"),
        ),
        (
            "01-first/wrong/zeros.py",
            "row.values",
            "row.vals",
            ("01-first/wrong/zeros.py", 1, "unknown-check"),
        ),
    ],
)
def test_issues_have_their_file_and_line(
    folder: Path, file: str, old: str, new: str, issue: tuple[str, int, str]
) -> None:
    edit(folder / file, old, new)
    assert issue in found(folder)


def test_a_challenge_needs_a_solution_and_a_mistake(folder: Path) -> None:
    for path in [*folder.glob("02-second/wrong/*.py"), folder / "02-second/solution.py"]:
        path.unlink()
    codes = [code for _, _, code in found(folder)]
    assert codes == ["no-solution", "no-mistakes"]


def test_a_drawing_that_is_not_shown_is_an_issue(folder: Path) -> None:
    path = folder / DRAWING
    path.with_name("spare.svg").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert found(folder) == [("01-first/media/spare.svg", 1, "drawing-not-shown")]


# ---- by running ---------------------------------------------------------------------------------


@pytest.fixture
def trial(folder: Path) -> dict[str, trials.Trial]:
    lesson = load(folder)[0].lessons[0]
    made = trials.of_lesson(lesson)
    return {each.path.name: each for each in made}


def judged(
    trial: trials.Trial, shape: VerdictWord, values: VerdictWord, problem: str | None = None
) -> list[str]:
    verdicts = [
        CheckVerdict(1, check, verdict, None, {}, 5)
        for check, verdict in (("row.shape", shape), ("row.values", values))
    ]
    return [f.code for f in trials.judge(trial, trials.Ended(verdicts, problem, 2))]


def test_every_file_of_a_lesson_is_tried(trial: dict[str, trials.Trial]) -> None:
    assert {name: each.kind for name, each in trial.items()} == {
        "rows.py": "starter",
        "solution.py": "solution",
        "solution_reshape.py": "solution",
        "column.py": "mistake",
        "zeros.py": "mistake",
    }


def test_a_starter_must_run_and_must_not_pass(trial: dict[str, trials.Trial]) -> None:
    starter = trial["rows.py"]
    assert judged(starter, "not_attempted", "not_attempted") == []
    assert judged(starter, "incorrect", "incorrect") == []
    assert judged(starter, "correct", "correct") == ["starter-passes"]
    assert judged(starter, "not_attempted", "not_attempted", "NameError") == ["does-not-run"]
    assert judged(starter, "error_in_your_code", "correct") == ["does-not-run"]


def test_a_solution_must_pass_every_check(trial: dict[str, trials.Trial]) -> None:
    solution = trial["solution_reshape.py"]
    assert judged(solution, "correct", "correct") == []
    assert judged(solution, "correct", "incorrect") == ["solution-not-accepted"]
    assert judged(solution, "not_attempted", "correct") == ["solution-not-accepted"]
    assert judged(solution, "correct", "correct", "ValueError") == ["does-not-run"]


def test_a_mistake_must_trip_the_check_that_it_names_before_any_other(
    trial: dict[str, trials.Trial],
) -> None:
    assert judged(trial["column.py"], "incorrect", "incorrect") == []
    assert judged(trial["zeros.py"], "correct", "incorrect") == []
    assert judged(trial["zeros.py"], "incorrect", "incorrect") == ["trips-another"]
    assert judged(trial["column.py"], "correct", "correct") == ["trips-nothing"]
    assert judged(trial["column.py"], "not_attempted", "correct") == ["trips-nothing"]


def test_a_check_that_fails_itself_is_the_checks_fault(trial: dict[str, trials.Trial]) -> None:
    fields = {"error": "NameError: torhc", "at": "checks.py:12"}
    verdicts = [CheckVerdict(1, "row.shape", "cannot_check", "broken", fields)]
    (issue,) = trials.judge(trial["solution.py"], trials.Ended(verdicts))
    assert (issue.code, issue.path.name, issue.line) == ("check-failed", "checks.py", 11)


def test_checks_without_verdicts_are_an_authoring_issue(trial: dict[str, trials.Trial]) -> None:
    (issue,) = trials.judge(trial["solution.py"], trials.Ended([]))
    assert issue.code == "no-verdict"
