"""A line of a program with its hints in it, and carets under exactly what failed."""

from __future__ import annotations

from collections.abc import Sequence

from tensorhints.cli.drawing import Hint, Mark, draw
from tensorhints.model.locations import Span


def drawn(text: str, hints: Sequence[Hint] = (), mark: Mark | None = None) -> list[str]:
    return [
        line.plain.rstrip()
        for line in draw(text.split("\n"), hints, [] if mark is None else [mark])
    ]


def test_a_hint_is_drawn_at_its_column() -> None:
    assert drawn("x = f()\n", [Hint(0, 1, ": f32[3] cpu")]) == ["1 │ x: f32[3] cpu = f()"]


def test_hints_of_one_line_are_ordered_by_column() -> None:
    hints = [Hint(0, 4, ": B"), Hint(0, 1, ": A")]
    assert drawn("a, b = f()", hints) == ["1 │ a: A, b: B = f()"]


def test_line_numbers_are_right_aligned_and_the_end_of_the_file_has_none() -> None:
    assert drawn("\n".join("abcdefghij") + "\n")[-2:] == [" 9 │ i", "10 │ j"]


def test_an_empty_file_has_one_empty_line() -> None:
    assert drawn("") == ["1 │"]


def test_carets_mark_the_exact_span() -> None:
    mark = Mark(Span(0, 4, 0, 9), "no", ("because",))
    assert drawn("y = F @ W + 1", mark=mark) == [
        "1 │ y = F @ W + 1",
        "  │     ^^^^^",
        "  │     no",
        "  │     because",
    ]


def test_carets_move_with_the_hints_drawn_before_them() -> None:
    lines = drawn("a = b; c = d", [Hint(0, 1, ": A")], Mark(Span(0, 7, 0, 12), "no"))
    assert lines[:2] == ["1 │ a: A = b; c = d", "  │           ^^^^^"]


def test_carets_cover_hints_inside_the_span_but_none_at_its_edges() -> None:
    hints = [Hint(0, 2, " L"), Hint(0, 4, " M"), Hint(0, 10, " R")]
    lines = drawn("a (b := c) d", hints, Mark(Span(0, 2, 0, 10), "no"))
    assert lines[:2] == ["1 │ a  L(b M := c) R d", "  │     ^^^^^^^^^^"]


def test_wide_letters_and_tabs_count_as_the_cells_that_they_fill() -> None:
    lines = drawn('\ts = "😀" + 1', mark=Mark(Span(0, 5, 0, 12), "no"))
    assert lines[:2] == ['1 │     s = "😀" + 1', "  │         ^^^^^^^^"]


def test_a_span_over_several_lines_is_underlined_on_each_and_explained_once() -> None:
    lines = drawn("y = f(\n    a,\n) + 1", mark=Mark(Span(0, 4, 2, 1), "no"))
    assert lines == [
        "1 │ y = f(",
        "  │     ^^",
        "2 │     a,",
        "  │     ^^",
        "3 │ ) + 1",
        "  │ ^",
        "  │ no",
    ]


def test_control_characters_are_shown_as_marks() -> None:
    assert drawn("x = '\x1b[31m'") == ["1 │ x = '�[31m'"]


def test_an_empty_span_still_shows_where() -> None:
    assert drawn("x =", mark=Mark(Span(0, 3, 0, 3), "no"))[1] == "  │    ^"
