"""The cells of a notebook as one program."""

from __future__ import annotations

from typing import Any

import pytest

from tensorhints.model.cells import Cell, cell_at
from tensorhints.session.text.cell_texts import may_fail, positions, program_lines
from tensorhints.session.text.documents import Document, Text

CELLS = positions([(Text("a\nb"), False), (Text(""), False), (Text("c"), True)])


def test_cells_have_numbers_and_first_lines() -> None:
    assert (Cell(1, 0), Cell(2, 2), Cell(3, 3, may_fail=True)) == CELLS
    assert [cell.number for line in range(5) if (cell := cell_at(CELLS, line))] == [1, 1, 2, 3, 3]
    assert cell_at((), 0) is None


def test_magic_lines_are_replaced_line_by_line() -> None:
    assert program_lines(Text("%matplotlib inline\nx = 1\n!ls")) == ["pass", "x = 1", "pass"]
    assert program_lines(Text("%%bash\nls")) == ["", ""]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (None, False),
        ({}, False),
        ({"tags": ["other"]}, False),
        ({"tags": "raises-exception"}, False),
        ({"tags": ["raises-exception"]}, True),
        ({"metadata": {"tags": ["raises-exception"]}}, True),
        ({"custom": {"metadata": {"tags": ["raises-exception"]}}}, True),
    ],
)
def test_the_tag_is_found_where_clients_have_it(metadata: Any, expected: bool) -> None:
    assert may_fail(metadata) is expected


def contents(*cells: tuple[str, bool]) -> tuple[tuple[bool, int], ...]:
    texts = [(Text(text), fails) for text, fails in cells]
    program = "\n".join(text for text, _ in cells)
    return Document("", "/a.ipynb", program, 1, "python", positions(texts)).cell_contents


def test_comments_blank_lines_and_empty_cells_leave_the_contents_of_cells_alike() -> None:
    one = contents(("a\nb", False), ("c", False))
    assert one == contents(("a\n# why\nb\n", False), ("# text", False), ("", False), ("\nc", False))
    assert one != contents(("a", False), ("b\nc", False))
    assert one != contents(("a\nb", True), ("c", False))
