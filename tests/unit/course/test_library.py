"""Lessons and steps in the learner's language, as data, HTML and Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorhints.course import drawings, pages, quiz
from tensorhints.course.format import Lesson, Step
from tensorhints.course.library import Library
from tensorhints.course.progress import Progress


@pytest.fixture
def progress() -> Iterator[Progress]:
    with Progress(None) as kept:
        yield kept


def lesson(library: Library, name: str) -> Lesson:
    found = library.lesson(name)
    assert found is not None
    return found


def uniform(lesson: Lesson) -> Step:
    found = lesson.step("uniform")
    assert found is not None
    return found


@pytest.fixture
def first(library: Library) -> Lesson:
    return lesson(library, "first")


# ---- which lesson, which language ---------------------------------------------------------------


def test_a_lesson_is_found_by_the_file_that_the_learner_opened(
    library: Library, first: Lesson, tmp_path: Path
) -> None:
    assert library.lesson_of(first.file) is first
    assert library.lesson_of(first.folder / "solution.py") is None
    link = tmp_path / "link.py"
    link.symlink_to(first.file)
    assert library.lesson_of(link) is first
    assert library.lesson_of(os.path.relpath(first.file)) is first


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("pt-BR", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_that_fits_best_is_used(
    library: Library, wanted: str | None, locale: str
) -> None:
    assert library.locale(wanted) == locale


def test_the_next_lesson_follows_the_courses_order(library: Library, first: Lesson) -> None:
    assert library.next_lesson(first) is library.lesson("second")
    assert library.next_lesson(lesson(library, "second")) is None


# ---- the answer of the command `lesson` ---------------------------------------------------------


def test_a_lesson_as_data(library: Library, first: Lesson, progress: Progress) -> None:
    progress.solved("first", "structure")
    data = library.lesson_data(first, None, "en", progress)
    assert data["lesson"] == "first"
    assert data["title"] == "The first lesson"
    assert data["path"] == str(first.file)
    assert data["starter"] == first.file.read_text(encoding="utf-8")
    assert data["steps"] == [
        {"id": "structure", "kind": "theory", "title": "Structure", "state": "done"},
        {"id": "uniform", "kind": "quiz", "title": "Uniform numbers", "state": "open"},
        {"id": "row", "kind": "challenge", "title": "A row vector", "state": "open"},
    ]
    assert "html" not in data


def test_a_step_as_data_is_in_the_learners_language(
    library: Library, first: Lesson, progress: Progress
) -> None:
    data = library.lesson_data(first, first.step("row"), "pt-BR", progress)
    assert (data["locale"], data["stepTitle"]) == ("pt-BR", "Um vetor linha")
    assert "<p>Dê a <code>F</code>" in data["html"]
    assert (data["hints"], data["hintsShown"], data["hintsTotal"]) == ([], 0, 2)


def test_hints_are_given_one_at_a_time(library: Library, first: Lesson, progress: Progress) -> None:
    progress.hint_shown("first", "row", of=2)
    data = library.lesson_data(first, first.step("row"), "en", progress)
    assert [hint["markdown"] for hint in data["hints"]] == ["Which dimension is missing?"]


def test_a_tried_choice_is_marked(library: Library, first: Lesson, progress: Progress) -> None:
    progress.answered("first", "uniform", "random", False)
    data = library.lesson_data(first, first.step("uniform"), "en", progress)
    tried = {choice["id"]: choice["tried"] for choice in data["choices"]}
    assert tried == {"rand": None, "random": False, "devices": None}


def test_the_page_has_the_course_and_the_time_spent(
    library: Library, first: Lesson, progress: Progress
) -> None:
    progress.spent("first", 61.6)
    data = library.lesson_data(first, None, "pt-BR", progress)
    assert data["course"] == library.course.titles["pt-BR"]
    assert (data["number"], data["secondsSpent"]) == (1, 62)


def test_choices_do_not_say_which_is_right(
    library: Library, first: Lesson, progress: Progress
) -> None:
    data = library.lesson_data(first, first.step("uniform"), "en", progress)
    assert {choice["id"] for choice in data["choices"]} == {"rand", "random", "devices"}
    assert all("correct" not in choice for choice in data["choices"])


# ---- the quiz -----------------------------------------------------------------------------------


def test_one_learner_sees_the_choices_in_one_order_and_another_in_another(first: Lesson) -> None:
    step = uniform(first)
    orders = {quiz.order(step.choices, str(seed), step) for seed in range(40)}
    assert len(orders) == 6
    assert quiz.order(step.choices, "seed", step) == quiz.order(step.choices, "seed", step)


def test_the_position_of_the_right_choice_does_not_reveal_it(first: Lesson) -> None:
    step = uniform(first)
    locations = [
        [choice.correct for choice in quiz.order(step.choices, str(seed), step)].index(True)
        for seed in range(300)
    ]
    assert all(70 < locations.count(location) < 130 for location in range(3))


def test_every_answer_is_explained_and_may_be_proved(first: Lesson) -> None:
    step, text = uniform(first), first.texts["en"].steps["uniform"]
    right = quiz.answer(step, text, "rand")
    assert right is not None
    assert right.proof is not None
    assert (right.correct, right.explanation) == (True, "It draws from $[0, 1)$.")
    assert right.proof.run == "torch.rand(2, 2)"
    wrong = quiz.answer(step, text, "random")
    assert wrong is not None
    assert wrong.explanation is not None
    assert not wrong.correct
    assert "cannot be called" in wrong.explanation
    assert quiz.answer(step, text, "no such choice") is None


# ---- pages --------------------------------------------------------------------------------------


def test_math_reaches_the_page_as_it_was_written() -> None:
    assert pages.html("With $x_1 * y_2 < 3$.") == (
        '<p>With <span class="math">x_1 * y_2 &lt; 3</span>.</p>\n'
    )
    assert '<span class="math display">a = b</span>' in pages.html("$$a = b$$")


@pytest.mark.parametrize("text", ["It costs $5 or $6.", "a $ b", "`$x$`", r"\$x\$", "$ x $", "$$"])
def test_a_price_and_code_are_not_math(text: str) -> None:
    assert "math" not in pages.html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](file:///etc/passwd)",
        "[a](command:workbench.action.terminal.new)",
        "![a](../../secret.svg)",
        "![a](javascript:alert(1))",
        '![a" onerror="alert(1)](media/x.svg)',
        "$<script>$",
        "```python\n</code><script>\n```",
        '```"><script>\n```',
    ],
)
def test_content_of_a_lesson_cannot_act_in_a_page(text: str) -> None:
    root = ElementTree.fromstring(f"<page>{_xml(pages.html(text))}</page>")
    for element in root.iter():
        assert element.tag not in ("script", "iframe", "object", "style")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert value.startswith(("https://", "http://", "media/"))


@given(st.text(alphabet="<>&\"'$`*_[]()!#:/ ajsx\n\\", max_size=80))
def test_any_text_makes_a_page_of_known_elements(text: str) -> None:
    root = ElementTree.fromstring(f"<page>{_xml(pages.html(text))}</page>")
    known = "page p em strong code pre a img br hr ul ol li blockquote span h1 h2 h3 h4 h5 h6"
    assert {element.tag for element in root.iter()} <= {*known.split(), "table"}


def _xml(html: str) -> str:
    """HTML's void elements closed."""
    return re.sub(r"<(img|br|hr)([^>]*?)/?>", r"<\1\2/>", html)


def test_a_drawing_is_part_of_the_page_with_its_words(first: Lesson) -> None:
    html = pages.html("![A row](media/row.svg)", first.folder)
    assert '<span class="drawing" role="img" aria-label="A row"><svg' in html
    assert "currentColor" in html


def test_the_page_as_markdown_does_not_reveal_answers(first: Lesson, progress: Progress) -> None:
    page = pages.markdown_page(first, first.texts["en"], progress)
    assert page.startswith("# The first lesson\n\nTwo sentences")
    assert "## A row vector" in page
    assert "It draws from" not in page
    assert "Which dimension is missing?" not in page
    assert f"]({(first.folder / 'media/row.svg').as_uri()})" in page


def test_the_page_as_markdown_has_the_hints_that_were_asked_for(
    first: Lesson, progress: Progress
) -> None:
    progress.hint_shown("first", "row", of=2)
    page = pages.markdown_page(first, first.texts["pt-BR"], progress, first.step("row"))
    assert "### Dicas\n\n1. Que dimensão está faltando?" in page
    assert "unsqueeze" not in page


def test_a_picture_is_part_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/x.png").write_bytes(b"PNG")
    assert pages.html("![a](media/x.png)", tmp_path) == (
        '<p><img src="data:image/png;base64,UE5H" alt="a"></p>\n'
    )


def test_code_and_markup_in_a_lesson_are_text() -> None:
    html = pages.html("<script>x</script>\n\n```python\na < b\n```\n")
    assert "<script>" not in html
    assert '<pre><code class="language-python">a &lt; b' in html


# ---- drawings -----------------------------------------------------------------------------------

GOOD = '<svg xmlns="http://www.w3.org/2000/svg"><title>a</title><desc>b</desc>{}</svg>'


def test_a_drawing_that_is_whole_has_no_problems(first: Lesson) -> None:
    assert drawings.problems(first.folder / "media/row.svg") == []


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)" />',
        "<foreignObject><p>x</p></foreignObject>",
        '<use href="https://example.org/x.svg#a" />',
        '<rect fill="url(https://example.org/x)" />',
        "<style>@import url(https://example.org/x.css);</style>",
        '<image href="data:image/png;base64,x" />',
        '<a href="#x"><rect /></a>',
    ],
)
def test_a_drawing_that_could_do_more_than_be_seen_is_left_out(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "a.svg"
    path.write_text(GOOD.format(inside), encoding="utf-8")
    assert drawings.safe(path) is None
    assert {code for code, _ in drawings.problems(path)} == {"svg-unsafe"}


def test_drawings_of_one_page_do_not_share_their_ids(tmp_path: Path) -> None:
    inside = '<marker id="tip" /><path marker-end="url(#tip)" /><use href="#tip" />'
    for name in ("a.svg", "b.svg"):
        (tmp_path / name).write_text(GOOD.format(inside), encoding="utf-8")
    drawing, other = drawings.safe(tmp_path / "a.svg"), drawings.safe(tmp_path / "b.svg")
    assert drawing is not None
    assert other is not None
    assert 'id="a-tip"' in drawing
    assert 'marker-end="url(#a-tip)"' in drawing
    assert 'href="#a-tip"' in drawing
    assert "a-tip" not in other


@pytest.mark.parametrize(
    "text", ["", "<svg", "<html/>", '<!DOCTYPE svg [<!ENTITY a "a">]><svg>&a;</svg>']
)
def test_a_broken_drawing_is_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.svg"
    path.write_text(text, encoding="utf-8")
    assert drawings.safe(path) is None
    assert [code for code, _ in drawings.problems(path)] == ["svg-unreadable"]


def test_a_drawing_needs_words(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" />', encoding="utf-8")
    codes = [code for code, _ in drawings.problems(path)]
    assert codes == ["svg-without-title", "svg-without-desc"]
