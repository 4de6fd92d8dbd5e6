"""Loading a course: errors in one lesson's files do not affect the other lessons."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tensorhints.course import loader, markdown_file, toml_file
from tensorhints.course.folders import find_course
from tensorhints.course.format import AuthoringIssue
from tensorhints.course.loader import load

EXAMPLE = Path(__file__).parent / "example"
COURSE, LESSON = "course.toml", "01-first/lesson.toml"
ENGLISH, BRAZIL = "01-first/en.md", "01-first/pt-BR.md"


def ids(folder: Path) -> list[str]:
    return [lesson.id for lesson in load(folder)[0].lessons]


def found(folder: Path) -> list[tuple[str, int, str]]:
    """Authoring issues as an author reads them: file, line from 1, code."""
    return [(str(f.path.relative_to(folder)), f.line + 1, f.code) for f in load(folder)[1]]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- what is whole ------------------------------------------------------------------------------


def test_a_whole_course_has_no_authoring_issues(folder: Path) -> None:
    course, issues = load(folder)
    assert issues == ()
    assert (course.id, course.locales) == ("example", ("en", "pt-BR"))
    assert [(lesson.number, lesson.id) for lesson in course.lessons] == [
        (1, "first"),
        (2, "second"),
    ]


def test_truth_comes_from_toml_and_words_from_markdown(folder: Path) -> None:
    lesson = load(folder)[0].lessons[0]
    step, quiz = lesson.step("row"), lesson.step("uniform")
    assert step is not None
    assert quiz is not None
    assert step.checks == ("row.shape", "row.values")
    assert step.names == ("F_new",)
    words = lesson.texts["pt-BR"].steps["row"]
    assert words.title == "Um vetor linha"
    assert words.hints == ("Que dimensão está faltando?", "`unsqueeze` acrescenta uma dimensão.")
    assert [c.id for c in quiz.choices if c.correct] == ["rand"]


def test_a_list_in_prose_is_not_a_hint_and_a_heading_in_code_is_not_a_step(folder: Path) -> None:
    words = load(folder)[0].lessons[0].texts["en"]
    assert set(words.steps) == {"structure", "uniform", "row"}
    assert "1. This list is prose" in words.steps["structure"].body
    assert words.steps["structure"].hints == ()


def test_a_hint_may_hold_a_block_of_code(folder: Path) -> None:
    hint = load(folder)[0].lessons[0].texts["en"].steps["row"].hints[1]
    assert hint.endswith("```python\nx.unsqueeze(dim)\n```")


def test_the_starter_is_found_where_the_lesson_names_none(folder: Path) -> None:
    assert load(folder)[0].lessons[1].file == folder / "02-second" / "whole.py"


def test_the_digest_changes_with_the_truth_and_not_with_the_words(folder: Path) -> None:
    before = load(folder)[0].lessons[0].digest
    edit(folder / ENGLISH, "A row vector", "One row")
    assert load(folder)[0].lessons[0].digest == before
    edit(folder / "01-first/checks.py", "shape(1, 10)", "shape(1, 11)")
    assert load(folder)[0].lessons[0].digest != before


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(folder: Path) -> None:
    plain = load(folder)[0].lessons[0]
    for path in (folder / "01-first").glob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    lesson = load(folder)[0].lessons[0]
    assert {k: t.steps for k, t in lesson.texts.items()} == {
        k: t.steps for k, t in plain.texts.items()
    }


def test_the_course_that_comes_with_the_product_is_found() -> None:
    assert (find_course() / "course.toml").is_file()


# ---- what is broken: where, and what remains ----------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "code"),
    [
        (LESSON, 'id = "first"', 'id = "First!"', 2, "bad-id"),
        (LESSON, "minutes = 5", "minutes = soon", 3, "toml"),
        (LESSON, "minutes = 5", "minutes = 0", 3, "bad-type"),
        (LESSON, "minutes = 5\n", "", 1, "missing-key"),
        (LESSON, "format_version = 1", "format_version = 2", 1, "other-version"),
        (LESSON, "minutes = 5", "minutes = 5\nminuets = 6", 4, "unknown-key"),
        (LESSON, 'file = "rows.py"', 'file = "../rows.py"', 6, "bad-file-name"),
        (LESSON, 'file = "rows.py"', 'file = "lines.py"', 6, "no-such-starter"),
        (LESSON, 'kind = "theory"', 'kind = "essay"', 10, "bad-kind"),
        (LESSON, 'id = "uniform"', 'id = "structure"', 13, "repeated-id"),
        (LESSON, "correct = true, ", "", 15, "not-one-correct"),
        (LESSON, 'id = "random"', 'id = "rand"', 16, "repeated-id"),
        (LESSON, 'id = "random"', 'id = "a random one"', 17, "bad-choice-id"),
        (LESSON, 'device = "simulated"', 'device = "tpu"', 18, "bad-proof-device"),
        (LESSON, 'checks = "checks.py"', 'checks = "tests.py"', 24, "no-such-checks"),
        (LESSON, '"row.values"', '"values"', 25, "bad-check-id"),
        (LESSON, "hints = 2", "hints = 3", None, "other-number-of-hints"),
        (LESSON, 'names = ["F_new"]', 'names = ["F new"]', 27, "bad-name"),
        (ENGLISH, "# The first lesson {#lesson}", "# The first lesson", 1, "title-without-id"),
        (ENGLISH, "## Structure {#structure}", "## Structure", 5, "heading-without-id"),
        (ENGLISH, "{#row}", "{#column}", 38, "unknown-step"),
        (ENGLISH, "{#row-hints}", "{#row-tips}", 42, "unknown-section"),
        (ENGLISH, "1. Which dimension", "Which dimension", 44, "not-a-numbered-item"),
        (ENGLISH, "- `rand`: `torch", "- rand: `torch", 27, "not-a-named-item"),
        (ENGLISH, "- `rand`: It draws", "- `brand`: It draws", 33, "unknown-explanation"),
        (ENGLISH, "- `row.values`: ", "- `row.value`: ", 54, "unknown-feedback"),
        (BRAZIL, "torch.rand(4, 32)\n```", "torch.rand(4, 32)\n", 9, "unclosed-fence"),
    ],
)
def test_a_broken_lesson_is_reported_with_its_line_and_the_other_works(
    folder: Path, file: str, old: str, new: str, line: int, code: str
) -> None:
    edit(folder / file, old, new)
    assert ids(folder) == ["second"]
    locations = [(path, at) for path, at, which in found(folder) if which == code]
    assert locations, found(folder)
    if line is not None:
        assert (file, line) in locations


@pytest.mark.parametrize("file", [LESSON, ENGLISH, BRAZIL, "01-first/checks.py"])
def test_a_file_that_is_missing_leaves_the_other_lesson(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert ids(folder) == ["second"]
    assert found(folder)


def test_a_file_that_is_not_utf8_is_reported_with_its_line(folder: Path) -> None:
    path = folder / ENGLISH
    path.write_bytes(path.read_bytes().replace(b"Two sentences", b"Two \xff sentences"))
    assert (ENGLISH, 3, "not-utf8") in found(folder)


def test_a_missing_lesson_is_reported_where_it_is_listed(folder: Path) -> None:
    shutil.rmtree(folder / "01-first")
    assert (COURSE, 4, "no-such-lesson") in found(folder)
    assert ids(folder) == ["second"]


def test_a_lesson_that_is_not_listed_is_an_issue(folder: Path) -> None:
    edit(folder / COURSE, '"01-first", ', "")
    assert (COURSE, 4, "unlisted-lesson") in found(folder)


def test_two_lessons_may_not_share_an_id(folder: Path) -> None:
    edit(folder / "02-second/lesson.toml", 'id = "second"', 'id = "first"')
    assert ("02-second/lesson.toml", 2, "repeated-lesson-id") in found(folder)
    assert ids(folder) == ["first"]


def test_a_requirement_for_an_unknown_lesson_is_an_issue_and_both_work(folder: Path) -> None:
    edit(folder / "02-second/lesson.toml", '["first"]', '["zeroth"]')
    assert found(folder) == [("02-second/lesson.toml", 5, "unknown-requirement")]
    assert ids(folder) == ["first", "second"]


def test_lessons_that_require_one_another_are_an_issue(folder: Path) -> None:
    edit(folder / LESSON, "requires = []", 'requires = ["second"]')
    assert found(folder) == [(LESSON, 5, "cycle"), ("02-second/lesson.toml", 5, "cycle")]


def test_no_course_at_all_is_an_authoring_issue(tmp_path: Path) -> None:
    course, issues = load(tmp_path / "nowhere")
    assert course.lessons == ()
    assert [issue.code for issue in issues] == ["no-such-file"]


# ---- whatever an author types --------------------------------------------------------------------

LINES = st.sampled_from(
    [
        "# Title {#lesson}",
        "# Title",
        "## Step {#structure}",
        "## Step {#row}",
        "## {#}",
        "### Hints {#row-hints}",
        "### Choices {#uniform-choices}",
        "### {#row-hints",
        "###### deep {#row}",
        "1. hint",
        "10) hint",
        "- `rand`: text",
        "- `row.shape`: {name} {actual",
        "- ``: ",
        "```python",
        "````",
        "~~~",
        "   continued",
        "\t",
        "$x",
        "![a](media/row.svg)",
        "<script>alert(1)</script>",
        "",
    ]
)
TOML_LINES = st.sampled_from(
    [
        "format_version = 1",
        'id = "first"',
        "id = 3",
        "minutes = 1e400",
        "minutes = 99999999999999999999",
        "minutes = 5",
        "[[step]]",
        "[step]",
        "[[step.choice]]",
        'kind = "quiz"',
        'kind = "challenge"',
        "kind = []",
        'choice = [{ id = "a", correct = true }, { id = "b" }]',
        "choice = [1, 2]",
        "choice = [{ id = [] }]",
        'check = ["row.shape"]',
        "check = [[]]",
        'checks = "\\u0000.py"',
        'file = "rows.py"',
        "hints = -1",
        "requires = [1]",
        'requires = ["first"]',
        "step = 2024-01-01",
        "step = [[[]]]",
        'x = """',
        "=",
        "]",
    ]
)
MARKDOWN = st.one_of(st.lists(LINES, max_size=30).map("\n".join), st.text(max_size=300))
TOML = st.one_of(st.lists(TOML_LINES, max_size=20).map("\n".join), st.text(max_size=300))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("fuzz") / "example"))


def _are_authoring_issues(issues: tuple[AuthoringIssue, ...], folder: Path) -> None:
    for issue in issues:
        assert issue.path.is_relative_to(folder)
        lines = issue.path.read_bytes().count(b"\n") + issue.path.read_bytes().count(b"\r")
        assert 0 <= issue.line <= lines
        assert issue.code
        assert all(isinstance(value, str) for value in issue.fields.values())


def _load_with(folder: Path, file: str, data: bytes) -> None:
    path = folder / file
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        course, issues = load(folder)
        _are_authoring_issues(issues, folder)
        if file != COURSE:
            assert "second" in [lesson.id for lesson in course.lessons] or (
                "repeated-lesson-id" in [issue.code for issue in issues]
            )
            assert issues or "first" in [lesson.id for lesson in course.lessons]
    finally:
        path.write_bytes(before)


FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FUZZ
@given(text=MARKDOWN)
def test_any_markdown_is_loaded_or_found_fault_with(fuzzed: Path, text: str) -> None:
    _load_with(fuzzed, ENGLISH, text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(text=TOML)
def test_any_toml_of_a_lesson_is_loaded_or_found_fault_with(fuzzed: Path, text: str) -> None:
    _load_with(fuzzed, LESSON, text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(text=TOML)
def test_any_toml_of_a_course_is_loaded_or_found_fault_with(fuzzed: Path, text: str) -> None:
    _load_with(fuzzed, COURSE, text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(data=st.binary(max_size=200), file=st.sampled_from([LESSON, ENGLISH, COURSE]))
def test_any_bytes_are_loaded_or_found_fault_with(fuzzed: Path, data: bytes, file: str) -> None:
    _load_with(fuzzed, file, data)


@FUZZ
@given(data=st.data(), file=st.sampled_from([LESSON, ENGLISH, BRAZIL, COURSE]))
def test_a_file_with_a_piece_cut_out_is_loaded_or_found_fault_with(
    fuzzed: Path, data: st.DataObject, file: str
) -> None:
    whole = (EXAMPLE / file).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 60)))
    _load_with(fuzzed, file, whole[:start] + whole[end:])


@given(text=MARKDOWN)
def test_a_locale_file_is_always_taken_apart(text: str) -> None:
    words, issues = markdown_file.read(Path("en.md"), text)
    for step in words.steps.values():
        assert set(step.lines) >= {"title"}
    assert all(issue.line <= text.count("\n") + text.count("\r") for issue in issues)


@pytest.mark.parametrize("text", ["[" * 5000, "a = " + "[" * 5000, "a = " + "9" * 5000, "\0"])
def test_a_monstrous_file_is_an_authoring_issue(text: str) -> None:
    toml, issue = toml_file.read(Path("lesson.toml"), text)
    assert toml.data == {}
    assert issue is not None


def test_a_file_larger_than_any_lesson_is_an_authoring_issue(folder: Path) -> None:
    (folder / ENGLISH).write_bytes(b"a" * (2 << 20))
    assert (ENGLISH, 1, "unreadable") in found(folder)


# ---- the schemas that editors use ---------------------------------------------------------------


def test_the_schemas_know_the_keys_that_the_loader_knows(root: Path) -> None:
    course = json.loads((root / "lessons/schema/course.schema.json").read_text(encoding="utf-8"))
    lesson = json.loads((root / "lessons/schema/lesson.schema.json").read_text(encoding="utf-8"))
    assert set(course["properties"]) == set(loader.COURSE_KEYS)
    assert set(lesson["properties"]) == set(loader.LESSON_KEYS)
    steps = {
        step["properties"]["kind"]["const"]: step["properties"]
        for step in lesson["properties"]["step"]["items"]["oneOf"]
    }
    assert {kind: set(keys) for kind, keys in steps.items()} == {
        kind: set(keys) for kind, keys in loader.STEP_KEYS.items()
    }
    choice = steps["quiz"]["choice"]["items"]["properties"]
    assert set(choice) == set(loader.CHOICE_KEYS)
    assert tuple(choice["device"]["enum"]) == loader.PROOF_DEVICES


def test_an_installed_package_brings_its_course_along(root: Path, tmp_path: Path) -> None:
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert '"lessons" = "tensorhints/lessons"' in settings
    package = tmp_path / "tensorhints"
    for name in ("course", "model"):
        shutil.copytree(root / "server/tensorhints" / name, package / name)
    shutil.copy(root / "server/tensorhints/__init__.py", package)
    shutil.copytree(EXAMPLE, package / "lessons")
    program = (
        "from tensorhints.course.folders import find_course\n"
        "from tensorhints.course.loader import load\n"
        "print(find_course(), load(find_course())[0].id)"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.split() == [str(package / "lessons"), "example"]
