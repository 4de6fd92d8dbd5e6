"""Code points here, the client's units there, in each of the three encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from tensorhints.lsp.convert import Encoding, path_of
from tensorhints.session.text.documents import Text

ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
TEXTS = st.text(alphabet="aé中😀𝔽\n\r", max_size=12)
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@given(ENCODINGS, st.text(alphabet="aé中😀𝔽", max_size=12), st.integers(0, 12))
def test_columns_are_counted_in_the_negotiated_encoding(name: str, line: str, column: int) -> None:
    column = min(column, len(line))
    codec, size = CODECS[name]
    character = Encoding(name).character(line, column)
    assert character == len(line[:column].encode(codec)) // size
    assert Encoding(name).column(line, character) == column


@pytest.mark.parametrize(("name", "inside"), [("utf-8", 3), ("utf-16", 2)])
def test_a_position_inside_a_character_is_its_beginning(name: str, inside: int) -> None:
    assert Encoding(name).column("a😀b", inside) == 1


def test_a_position_beyond_a_line_is_its_end() -> None:
    assert Encoding("utf-8").column("é", 99) == 1


@given(ENCODINGS, TEXTS, TEXTS, st.integers(0, 3), st.integers(0, 9))
def test_each_change_applies_to_the_text_after_the_previous_one(
    name: str, text: str, new: str, line: int, character: int
) -> None:
    at = types.Position(line, character)
    insert = types.TextDocumentContentChangePartial(range=types.Range(at, at), text=new)
    document = Text(text)
    for change in (insert, insert):
        document = document.after(Encoding(name).edit(document, change))
    assert len(document.text) == len(text) + 2 * len(new)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.py", "/a/b c.py"),
        ("file:///a/../b.py", "/b.py"),
        ("untitled:Untitled-1", "/here/Untitled-1"),
        ("git:/a/b.py?ref=HEAD", None),
        ("vscode-notebook-cell:/a/b.ipynb#W0", None),
        ("not a uri", None),
        ("http://[", None),
        ("file:///a%00b.py", None),
    ],
)
def test_files_behind_uris(uri: str, path: str | None) -> None:
    assert path_of(uri, "/here") == path
