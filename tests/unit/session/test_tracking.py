"""Lines keep their identity through edits, and lose it when they change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tensorhints.session.text.documents import Document, Edit, Position
from tensorhints.session.text.tracking import LineIdentities, anchored

LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=8)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.integers(0, 4),
        st.integers(0, 8),
        st.integers(0, 4),
        st.text(alphabet="ab\n", max_size=6),
        st.booleans(),
    ),
    max_size=6,
)


def document(text: str) -> Document:
    return Document("file:///a.py", "/a.py", text, 1, "python")


def test_a_line_pushed_down_keeps_its_identity() -> None:
    text = document("x = 1\ny = 2\n")
    line = text.identities.current[1]
    text.edit([Edit("# new\n", Position(0, 0), Position(0, 0))], 2)
    assert text.identities.line(line) == 2


def test_a_changed_line_loses_its_identity_even_if_it_changes_back() -> None:
    text = document("x = 1\n")
    line = text.identities.current[0]
    text.edit([Edit("2", Position(0, 4), Position(0, 5))], 2)
    assert text.identities.line(line) is None
    text.edit([Edit("1", Position(0, 4), Position(0, 5))], 3)
    assert text.identities.line(line) is None


def test_a_new_line_inside_a_statement_breaks_it() -> None:
    text = document("f(\n  a,\n)\n")
    anchor = anchored(text.identities.current, 0, 2)
    assert anchor is not None
    text.edit([Edit("  b,\n", Position(2, 0), Position(2, 0))], 2)
    assert text.identities.first_line(anchor) is None


def test_full_text_sync_is_followed_like_any_edit() -> None:
    text = document("a\nb\nc\n")
    a, b, c, _ = text.identities.current
    text.edit([Edit("a\nnew\nB\nc\n")], 2)
    assert text.identities.line(a) == 0
    assert text.identities.line(b) is None
    assert text.identities.line(c) == 3


def test_lines_between_several_changes_of_a_full_text_stay() -> None:
    text = document("a\nx = 1\n\nb\n\nc\nx = 1\nd\n")
    known = text.identities.current
    text.edit([Edit("A\nx = 1\n\nb\n\nnew\nc\nx = 1\nD\n")], 2)
    where = [text.identities.line(identity) for identity in known]
    assert where == [None, 1, 2, 3, 4, 6, 7, None, 9]


@given(LINES, EDITS)
def test_an_identity_never_belongs_to_a_line_whose_text_differs(
    lines: list[str], edits: list[tuple[int, int, int, int, str, bool]]
) -> None:
    text = document("\n".join(lines))
    began = dict(zip(text.identities.current, text.text.lines, strict=True))
    for version, (line, column, end_line, end_column, new, whole) in enumerate(edits):
        edit = Edit(new, Position(line, column), Position(end_line, end_column))
        text.edit([Edit(new) if whole else edit], version)
        assert len(text.identities.current) == len(text.text.lines)
        for identity, source in began.items():
            now = text.identities.line(identity)
            assert now is None or text.text.lines[now] == source


@given(LINES, LINES)
def test_identities_keep_their_order(old: list[str], new: list[str]) -> None:
    identities = LineIdentities(old)
    before = identities.current
    identities.update(old, new)
    kept = [identity for identity in identities.current if identity in before]
    assert kept == sorted(kept)
