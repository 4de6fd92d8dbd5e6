"""`tensorhints lessons` as an author types it: what it prints, and its exit status."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tensorhints.cli.arguments import (
    CheckLessons,
    ExportProgress,
    ImportProgress,
    ListLessons,
    NewLesson,
    parse,
)
from tensorhints.cli.refusal import Refusal
from tensorhints.course.progress import Progress

EXAMPLE = Path(__file__).parents[1] / "unit" / "course" / "example"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course, in whose folder the author stands."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "lessons"))
    monkeypatch.chdir(folder)
    return folder


def lessons(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tensorhints", "lessons", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        timeout=100,
    )


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- the words -----------------------------------------------------------------------------------


def test_each_action_is_a_command() -> None:
    assert parse(["lessons", "list"]) == ListLessons()
    assert parse(["lessons", "check"]) == CheckLessons(None, False)
    assert parse(["lessons", "check", "here", "--json"]) == CheckLessons("here", True)
    assert parse(["lessons", "check", "--json", "here"]) == CheckLessons("here", True)
    assert parse(["lessons", "--json", "check", "here"]) == CheckLessons("here", True)
    assert parse(["lessons", "new", "einsum"]) == NewLesson("einsum", None)
    assert parse(["lessons", "export"]) == ExportProgress(None)
    assert parse(["lessons", "import", "a.json"]) == ImportProgress("a.json")
    assert parse(["lessons", "new", "einsum", "there"]) == NewLesson("einsum", "there")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "cli.lessons.no-action"),
        (["write"], "cli.lessons.action"),
        (["new"], "cli.lessons.no-id"),
        (["import"], "cli.lessons.no-import-file"),
        (["list", "here"], "cli.unknown-argument"),
        (["check", "here", "there"], "cli.unknown-argument"),
        (["list", "--json"], "cli.unknown-argument"),
        (["check", "--fast"], "cli.unknown-argument"),
    ],
)
def test_other_words_are_refused(words: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(["lessons", *words])
    assert refused.value.code == code


# ---- list ----------------------------------------------------------------------------------------


def test_the_lessons_are_listed_in_the_learners_language(course: Path) -> None:
    listed = lessons("list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout == (
        " 1  first   The first lesson (5 min)\n 2  second  The second lesson (3 min)\n"
    )
    assert "A primeira lição" in lessons("list", TENSORHINTS_LOCALE="pt_BR").stdout


def test_a_broken_lesson_is_listed_with_its_issue(course: Path) -> None:
    edit(course / "01-first/en.md", "{#row}", "{#column}")
    listed = lessons("list")
    assert listed.returncode == 1
    assert listed.stdout == " 2  second  The second lesson (3 min)\n"
    assert "01-first/en.md:38: lesson.toml has no step “column”." in listed.stderr


# ---- check ---------------------------------------------------------------------------------------


def test_a_course_that_is_whole_passes(course: Path) -> None:
    checked = lessons("check")
    assert checked.stdout == "Lessons: 2. Files run: 8. All is well.\n"
    assert checked.returncode == 0


def test_issues_have_file_and_line_and_the_other_lessons_run(course: Path) -> None:
    edit(course / "02-second/pt-BR.md", "`n`", "`n` [aqui](x)")
    edit(course / "01-first/solution_reshape.py", "reshape(1, -1)", "reshape(-1, 1)")
    (course / "01-first/wrong/zeros.py").write_text(
        "# trips: row.values\nimport torch\nF = torch.rand(10)\nF_new = F[None]\n"
    )
    checked = lessons("check")
    assert checked.returncode == 1
    *problems, count = checked.stdout.splitlines()
    assert count == "3 problems found."
    assert problems[0].startswith("02-second/pt-BR.md:5: The link “x” leads neither")
    assert problems[1].startswith("01-first/solution_reshape.py:6: The check “row.shape” does not")
    assert problems[2] == (
        "01-first/wrong/zeros.py:1: This mistake passes: “row.values” does not detect it."
    )


def test_a_starter_that_fails_or_passes_is_found(course: Path) -> None:
    edit(course / "01-first/rows.py", "F_new = ...", "F_new = F.unsqueeze(0)")
    edit(course / "02-second/whole.py", "n = ...", "n = torch.arange(1, 4) + unknown")
    checked = lessons("check")
    error = "NameError: name 'unknown' is not defined"
    assert checked.stdout.splitlines() == [
        "01-first/rows.py:1: The step “row” is solved before the learner has begun.",
        f"02-second/whole.py:3: whole.py does not run to the end: {error}.",
        "2 problems found.",
    ]


def test_a_check_that_itself_fails_is_reported_once_with_its_line(course: Path) -> None:
    edit(course / "01-first/checks.py", "F.numel()", "F.numbers()")
    checked = lessons("check", "01-first")
    (problem, count) = checked.stdout.splitlines()
    assert problem.startswith("01-first/checks.py:11: The check “row.values” itself fails")
    assert count == "1 problem found."


def test_one_lesson_can_be_checked_alone(course: Path) -> None:
    edit(course / "01-first/en.md", "{#row}", "{#column}")
    assert lessons("check", "02-second").stdout == "Lessons: 1. Files run: 3. All is well.\n"
    assert lessons("check", "01-first").returncode == 1


def test_other_programs_read_the_issues_as_json(course: Path) -> None:
    edit(course / "01-first/en.md", "{actual}", "{actuall}")
    checked = lessons("check", "--json", "01-first")
    data = json.loads(checked.stdout)
    assert (checked.returncode, data["ok"]) == (1, False)
    locations = [(Path(f["path"]).name, f["line"], f["code"]) for f in data["findings"]]
    assert locations == [
        ("en.md", 52, "unknown-placeholder"),
        ("pt-BR.md", 41, "other-placeholders"),
    ]
    assert data["findings"][0]["message"].startswith("{actuall} is not a placeholder here")


@pytest.mark.parametrize("path", ["nowhere", "01-first/wrong"])
def test_a_folder_without_a_course_is_bad_usage(course: Path, path: str) -> None:
    checked = lessons("check", path)
    assert (checked.returncode, checked.stdout) == (2, "")
    assert checked.stderr.startswith("tensorhints: There is no course in ")


# ---- new -----------------------------------------------------------------------------------------


def test_a_new_lesson_joins_the_course_and_passes_the_check(course: Path) -> None:
    made = lessons("new", "two-words")
    assert made.stdout.startswith("The lesson “two-words” was created in 03-two-words.\n")
    assert lessons("check").stdout == "Lessons: 3. Files run: 11. All is well.\n"
    assert (course / "03-two-words/two_words.py").is_file()


@pytest.mark.parametrize(
    "listed",
    [
        'lessons = [\n  "01-first",\n  "02-second",\n]',
        'lessons = [\n  "01-first",\n  "02-second"\n]',
        'lessons = ["01-first", "02-second",]',
        'lessons=["01-first","02-second"]',
    ],
)
def test_the_list_of_lessons_may_be_written_in_any_way(course: Path, listed: str) -> None:
    edit(course / "course.toml", 'lessons = ["01-first", "02-second"]', listed)
    before = (course / "course.toml").read_text(encoding="utf-8")
    assert lessons("new", "third").returncode == 0
    after = (course / "course.toml").read_text(encoding="utf-8")
    assert after.partition("[title]")[2] == before.partition("[title]")[2]
    assert " 3  third " in lessons("list").stdout


@pytest.mark.parametrize("id_", ["first", "First", "a b", "../x", "-x", "x--y", ""])
def test_an_id_that_is_taken_or_invalid_changes_nothing(course: Path, id_: str) -> None:
    before = sorted(path.name for path in course.rglob("*"))
    made = lessons("new", id_)
    assert made.returncode == 2
    assert made.stderr.startswith("tensorhints: ")
    assert sorted(path.name for path in course.rglob("*")) == before


# ---- progress, to and from a file ----------------------------------------------------------------


@pytest.fixture
def editors(tmp_path: Path) -> tuple[Path, Path]:
    """Two state folders, as of two machines; the first learner has done something."""
    mine, other = tmp_path / "mine", tmp_path / "other"
    with Progress(mine / "progress.sqlite3") as progress:
        progress.solved("tensors", "row")
    return mine, other


def test_progress_goes_to_another_machine_in_a_file(
    tmp_path: Path, editors: tuple[Path, Path]
) -> None:
    mine, other = editors
    file = tmp_path / "progress.json"
    assert lessons("export", file, TENSORHINTS_STATE=str(mine)).returncode == 0
    taken = lessons("import", file, TENSORHINTS_STATE=str(other))
    assert taken.stdout == f"The progress in {file} is now part of yours.\n"
    with Progress(other / "progress.sqlite3") as progress:
        assert progress.state("tensors", "row") == "done"


def test_an_export_overwrites_nothing(tmp_path: Path, editors: tuple[Path, Path]) -> None:
    file = tmp_path / "precious.json"
    file.write_text("mine")
    refused = lessons("export", file, TENSORHINTS_STATE=str(editors[0]))
    assert (refused.returncode, file.read_text()) == (2, "mine")
    assert refused.stderr == f"tensorhints: {file} already exists: choose another name.\n"
    printed = lessons("export", TENSORHINTS_STATE=str(editors[0]))
    assert json.loads(printed.stdout)["steps"][0]["lesson"] == "tensors"


def test_a_file_that_is_not_an_export_is_refused_in_one_sentence(
    tmp_path: Path, editors: tuple[Path, Path]
) -> None:
    file = tmp_path / "shopping.json"
    file.write_text('["milk"]')
    refused = lessons("import", file, TENSORHINTS_STATE=str(editors[0]))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("tensorhints: This is not exported progress")


def test_progress_of_a_newer_version_is_refused_politely_and_kept(
    editors: tuple[Path, Path],
) -> None:
    path = editors[0] / "progress.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    refused = lessons("export", TENSORHINTS_STATE=str(editors[0]))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "newer version of Tensor Hints" in refused.stderr
    assert path.read_bytes() == before
