"""What a run had output when it made a checkpoint, and the marks of that in its output."""

from __future__ import annotations

import pytest

from tensorhints.engine.output import OutputStream
from tensorhints.engine.run_log import RunLog
from tensorhints.model.messages import NewSignature
from tensorhints.model.output_marks import mark
from tensorhints.model.values import Tensor

TOKEN = "0123456789abcdef"
TENSOR = Tensor(shape=(2,), dtype="float32", device="cpu", requires_grad=False)


def text_of(stream: OutputStream, data: bytes) -> str:
    """The text to show for these bytes, without marks."""
    return "".join(piece for piece in stream.pieces(data) if isinstance(piece, str))


@pytest.mark.parametrize("length", [1, 2, 7, 26, 100])
def test_marks_are_found_however_the_bytes_are_split(length: int) -> None:
    stream = OutputStream("stdout", 0, TOKEN)
    data = b"ab\0c" + mark(TOKEN, 1) + "é".encode() + mark(TOKEN, 2) + mark(TOKEN, 3) + b"\0d"
    chunks = [data[start : start + length] for start in range(0, len(data), length)]
    pieces = [piece for chunk in chunks for piece in stream.pieces(chunk) if piece != ""]
    pieces.append(stream.finish())
    text = "".join(f"<{piece}>" if isinstance(piece, int) else piece for piece in pieces)
    assert text == "ab\0c<1>é<2><3>\0d"


def test_a_mark_does_not_count_as_output() -> None:
    stream = OutputStream("stdout", 4, TOKEN)
    assert text_of(stream, b"abc" + mark(TOKEN, 1) + b"def") == "abcd"
    assert stream.dropped == 2


def test_a_stream_continues_from_the_state_of_another() -> None:
    first = OutputStream("stdout", 4, TOKEN)
    text_of(first, b"ab" + "é".encode()[:1])
    second = OutputStream("stdout", 4, TOKEN)
    second.resume_from(first.state)
    assert text_of(second, "é".encode()[1:] + b"c") == "é"
    assert second.dropped == 1


def test_the_log_of_a_checkpoint_has_the_output_of_each_stream_before_its_own_mark() -> None:
    log, stream = RunLog(), OutputStream("stdout", 0, TOKEN)
    log.add_output("stdout", "one")
    log.mark_checkpoint("stdout", 1, stream.state)
    log.add_output("stdout", "two")
    log.add_output("stderr", "three")
    log.mark_checkpoint("stderr", 1, stream.state)
    log.add_output("stderr", "four")
    earlier = log.until(1)
    assert earlier is not None
    assert earlier.output == (("stdout", "one"), ("stderr", "three"))
    assert log.until(2) is None


def test_the_log_of_a_checkpoint_has_the_observations_of_workers_only() -> None:
    log = RunLog()
    early, late = (
        NewSignature(1, 5, TENSOR, 1, worker=True),
        NewSignature(1, 6, TENSOR, 1, worker=True),
    )
    log.add_signature(early)
    log.add_signature(NewSignature(1, 7, TENSOR, 1))
    for stream in ("stdout", "stderr"):
        log.mark_checkpoint(stream, 1, OutputStream(stream, 0, TOKEN).state)
    log.add_signature(late)
    earlier = log.until(1)
    assert earlier is not None
    assert earlier.workers == (early,)


def test_a_log_has_checkpoints_until_all_are_dropped() -> None:
    log = RunLog()
    assert not log.has_checkpoints
    for number in (1, 2):
        log.mark_checkpoint("stdout", number, OutputStream("stdout", 0, TOKEN).state)
    log.drop_checkpoint(1)
    assert log.has_checkpoints
    log.drop_checkpoint(2)
    assert not log.has_checkpoints
