"""Output as text, up to its limit."""

from __future__ import annotations

from tensorhints.engine.output import OutputStream


def text_of(stream: OutputStream, data: bytes) -> str:
    """The text to show for these bytes, without marks."""
    return "".join(piece for piece in stream.pieces(data) if isinstance(piece, str))


def test_a_character_may_arrive_in_pieces() -> None:
    stream = OutputStream("stdout", 0)
    assert "".join(text_of(stream, bytes((byte,))) for byte in "a😀é".encode()) == "a😀é"
    assert stream.finish() == ""


def test_an_incomplete_character_at_the_end_is_replaced() -> None:
    stream = OutputStream("stdout", 0)
    assert text_of(stream, "é".encode()[:1]) == ""
    assert stream.finish() == "\N{REPLACEMENT CHARACTER}"


def test_past_the_limit_bytes_are_counted_and_the_last_line_is_kept() -> None:
    stream = OutputStream("stdout", 5)
    assert text_of(stream, b"abc") == "abc"
    assert text_of(stream, b"defg\nhi") == "de"
    assert text_of(stream, b"jk\n") == ""
    assert (stream.dropped, stream.last_line()) == (8, "hijk")


def test_without_a_limit_all_output_is_kept() -> None:
    stream = OutputStream("stderr", 0)
    assert text_of(stream, b"x" * 1000) == "x" * 1000
    assert stream.dropped == 0
