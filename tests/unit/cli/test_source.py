"""A program's file is read as Python itself would read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tensorhints.cli.refusal import Refusal
from tensorhints.cli.source import Source, read_source, utf16_column
from tensorhints.model.cells import Cell


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"x = 1\n", "x = 1\n"),
        (b"x = 1\r\ny = 2", "x = 1\r\ny = 2"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# coding: latin-1\ns = 'é'\n".encode("latin-1"), "# coding: latin-1\ns = 'é'\n"),
        (b"", ""),
    ],
)
def test_a_text_is_read_unchanged_but_for_the_byte_order_mark(
    tmp_path: Path, content: bytes, text: str
) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(content)
    assert read_source(str(file)) == Source(str(file), text)


@pytest.mark.parametrize("content", [b"s = '\xe9'\n", b"# coding: martian\n", b"\xff\xfex\x00"])
def test_a_file_that_is_not_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        read_source(str(file))
    assert refused.value.code == "cli.no-text"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as missing:
        read_source(str(tmp_path / "none.py"))
    with pytest.raises(Refusal) as folder:
        read_source(str(tmp_path))
    assert missing.value.code == "no-such-file.detail"
    assert folder.value.code == "is-a-directory.detail"


def test_an_impossible_file_name_is_refused() -> None:
    with pytest.raises(Refusal):
        read_source("a\0b.py")


def test_lines_end_exactly_as_in_python() -> None:
    assert Source("a.py", "a\r\nb\rc\nd\x0ce\u2028f").lines == ["a", "b", "c", "d\x0ce\u2028f"]


def test_letters_beyond_the_basic_plane_are_two_units_wide() -> None:
    assert [utf16_column("a😀𝔽b", column) for column in range(5)] == [0, 1, 3, 5, 6]


def notebook(*cells: tuple[str, str, list[str]]) -> str:
    written = [
        {"cell_type": kind, "source": text.splitlines(keepends=True), "metadata": {"tags": tags}}
        for kind, text, tags in cells
    ]
    return json.dumps({"cells": written, "nbformat": 4})


def test_the_code_cells_of_a_notebook_are_one_program(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(
        notebook(
            ("code", "%time\nx = 1", []),
            ("markdown", "text", []),
            ("code", "1 / 0", ["raises-exception"]),
        )
    )
    assert read_source(str(file)) == Source(
        str(file),
        "pass\nx = 1\n1 / 0",
        (Cell(1, 0), Cell(2, 2, may_fail=True)),
        ("%time", "x = 1", "1 / 0"),
    )


@pytest.mark.parametrize("text", ["x = 1", "{}", '{"cells": [{}]}', "[]", '{"cells": 1}'])
def test_a_file_that_is_named_like_a_notebook_and_is_none_is_refused(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(text)
    with pytest.raises(Refusal) as refused:
        read_source(str(file))
    assert refused.value.code == "cli.no-notebook"
