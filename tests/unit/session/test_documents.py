"""Texts by lines as LSP and Python see them, and edits by code points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorhints.session.text.documents import Document, Edit, Position, Text

# Small alphabets make texts collide, which is where edits go wrong.
TEXTS = st.text(alphabet="ab\n\r\u2028\x0c😀", max_size=30)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("a", ("a",)),
        ("a\n", ("a", "")),
        ("a\r\nb\rc\nd", ("a", "b", "c", "d")),
        ("a\x0cb\u2028c\x85d\x1ce", ("a\x0cb\u2028c\x85d\x1ce",)),
        ("\n\r", ("", "", "")),
    ],
)
def test_lines_end_where_lsp_and_python_end_them(text: str, lines: tuple[str, ...]) -> None:
    assert Text(text).lines == lines


def test_a_position_beyond_a_line_is_its_end() -> None:
    text = Text("ab\r\ncd")
    assert text.offset(Position(0, 99)) == 2
    assert text.offset(Position(9, 0)) == 6


def test_an_edit_replaces_the_text_between_its_ends() -> None:
    text = Text("one\ntwo\nthree").after(Edit("2\n", Position(1, 0), Position(2, 0)))
    assert text.text == "one\n2\nthree"


def test_an_edit_without_a_range_replaces_everything() -> None:
    assert Text("one\ntwo").after(Edit("new")).text == "new"


@given(TEXTS, st.integers(0, 30), st.integers(0, 30), TEXTS)
def test_an_edit_between_two_offsets_is_a_splice(text: str, a: int, b: int, new: str) -> None:
    before = Text(text)
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    at, to = before.position(start), before.position(end)
    start, end = before.offset(at), before.offset(to)
    assert before.after(Edit(new, at, to)).text == text[:start] + new + text[end:]


def test_a_text_has_the_digest_of_the_source_that_python_reads() -> None:
    assert Text("\ufeffa\r\nb").digests & Text("a\nb").digests
    assert not Text("a\nb").digests & Text("a\nc").digests


def test_lone_surrogates_are_text_too() -> None:
    assert Text("x = '\ud800'").digests


def test_edit_returns_whether_the_text_changed() -> None:
    document = Document("file:///a.py", "/a.py", "x = 1\n", 1, "python")
    assert not document.edit([Edit("", Position(0, 0), Position(0, 0))], 2)
    assert document.edit([Edit("y", Position(0, 0), Position(0, 1))], 3)
    assert document.version == 3
