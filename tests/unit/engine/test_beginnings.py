"""What a run had said when a copy of it was paused, and marks in its output."""

from __future__ import annotations

import pytest

from tensorhints.engine.output import OutputStream
from tensorhints.engine.replay import RunLog
from tensorhints.model.messages import NewSignature
from tensorhints.model.output_marks import mark
from tensorhints.model.values import Tensor

TOKEN = "0123456789abcdef"
TENSOR = Tensor(shape=(2,), dtype="float32", device="cpu", requires_grad=False)


def text_of(stream: OutputStream, data: bytes) -> str:
    """The text to show for these bytes, without marks."""
    return "".join(piece for piece in stream.pieces(data) if isinstance(piece, str))


@pytest.mark.parametrize("length", [1, 2, 7, 26, 100])
def test_marks_are_found_however_the_bytes_come(length: int) -> None:
    stream = OutputStream("stdout", 0, TOKEN)
    data = b"ab\0c" + mark(TOKEN, 1) + "é".encode() + mark(TOKEN, 2) + mark(TOKEN, 3) + b"\0d"
    chunks = [data[start : start + length] for start in range(0, len(data), length)]
    told = [piece for chunk in chunks for piece in stream.pieces(chunk) if piece != ""]
    told.append(stream.finish())
    text = "".join(f"<{piece}>" if isinstance(piece, int) else piece for piece in told)
    assert text == "ab\0c<1>é<2><3>\0d"


def test_a_mark_counts_as_no_output() -> None:
    stream = OutputStream("stdout", 4, TOKEN)
    assert text_of(stream, b"abc" + mark(TOKEN, 1) + b"def") == "abcd"
    assert stream.dropped == 2


def test_a_stream_goes_on_where_another_stood() -> None:
    first = OutputStream("stdout", 4, TOKEN)
    text_of(first, b"ab" + "é".encode()[:1])
    second = OutputStream("stdout", 4, TOKEN)
    second.go_on_from(first.standing)
    assert text_of(second, "é".encode()[1:] + b"c") == "é"
    assert second.dropped == 1


def test_a_beginning_has_what_each_stream_showed_before_its_own_mark() -> None:
    log, stream = RunLog(), OutputStream("stdout", 0, TOKEN)
    log.printed("stdout", "one")
    log.marked("stdout", 1, stream.standing)
    log.printed("stdout", "two")
    log.printed("stderr", "three")
    log.marked("stderr", 1, stream.standing)
    log.printed("stderr", "four")
    beginning = log.beginning(1)
    assert beginning is not None
    assert beginning.output == (("stdout", "one"), ("stderr", "three"))
    assert log.beginning(2) is None


def test_a_beginning_has_what_workers_saw_and_nothing_else() -> None:
    log = RunLog()
    early, late = (
        NewSignature(1, 5, TENSOR, 1, worker=True),
        NewSignature(1, 6, TENSOR, 1, worker=True),
    )
    log.seen(early)
    log.seen(NewSignature(1, 7, TENSOR, 1))
    for stream in ("stdout", "stderr"):
        log.marked(stream, 1, OutputStream(stream, 0, TOKEN).standing)
    log.seen(late)
    beginning = log.beginning(1)
    assert beginning is not None
    assert beginning.workers == (early,)


def test_a_log_is_idle_when_every_copy_is_gone() -> None:
    log = RunLog()
    assert log.is_idle
    for number in (1, 2):
        log.marked("stdout", number, OutputStream("stdout", 0, TOKEN).standing)
    log.forget(1)
    assert not log.is_idle
    log.forget(2)
    assert log.is_idle
