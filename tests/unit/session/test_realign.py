"""Two texts with the same code: every location moves with its expression."""

from __future__ import annotations

import pytest

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.session.text.documents import Text
from tensorhints.session.text.realign import Realignment


def location_of(source: str, name: str) -> HintLocation:
    line = next(i for i, text in enumerate(Text(source).lines) if name in text)
    column = Text(source).line(line).index(name)
    end = column + len(name)
    return HintLocation(
        1, "/a.py", TARGET, name, Span(line, column, line, end), line, end, line, line
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xx = 1\n", "xx = 1  # a comment\n"),
        ("xx = 1\n", "# above\n\nxx = 1\n"),
        ("xx=f(1,2)\n", "xx = f(\n    1,\n    2,\n)\n"),
        ("if a:\n  xx = 1\n", "if a:\n    xx = 1\n"),
        ("s = '😀'; xx = 1\n", "s = '😀';   xx = 1\n"),
        ("def f(xx: int): pass\n", "def f(\n    xx: int,\n): pass\n"),
    ],
)
def test_a_location_moves_with_its_expression(old: str, new: str) -> None:
    moved = Realignment(Text(old), Text(new)).location(location_of(old, "xx"))
    assert moved is not None
    assert moved.span == location_of(new, "xx").span
    assert (moved.line, moved.column) == (moved.span.end_line, moved.span.end_column)


@pytest.mark.parametrize("new", ["xx = ", "yy = 1\nxx = 1\n", ""])
def test_other_code_does_not_get_a_wrong_location(new: str) -> None:
    moved = Realignment(Text("xx = 1\n"), Text(new)).location(location_of("xx = 1\n", "xx"))
    assert moved is None or Text(new).line(moved.span.line)[moved.span.column :].startswith("xx")
