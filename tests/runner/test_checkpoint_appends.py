"""A program that keeps a file open to append to it: a resumed run leaves what a whole one would."""

from __future__ import annotations

import pytest

from tensorhints.model.messages import Started

from .editing import SLOW, Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")

APPENDS = "f = open('log', 'a')\nf.write('a')\n" + SLOW + "f.write('b')\n{}\n"
USES = [f"f.flush(), print({number}, f.tell())" for number in (1, 2, 3)]


@pytest.mark.parametrize("before", [None, "", "before"])
async def test_text_that_was_not_written_yet_is_appended_again(
    edits: Edits, before: str | None
) -> None:
    log = edits.runner.folder / "log"
    if before is not None:
        log.write_text(before)
    length = len(before or "")
    for number, use in enumerate(USES, 1):
        _, received = await edits.run(APPENDS.format(use))
        assert (line_resumed(received) is None) == (number == 1)
        assert received.stdout == f"{number} {length + 2 * number}\n"
        assert log.read_text() == (before or "") + "ab" * number


async def test_a_log_that_others_have_emptied_is_appended_to_as_it_is(edits: Edits) -> None:
    log = edits.runner.folder / "log"
    await edits.run(APPENDS.format(USES[0]))
    log.write_text("")
    _, received = await edits.run(APPENDS.format(USES[1]))
    assert line_resumed(received) is not None
    assert received.stdout == "2 2\n"
    assert log.read_text() == "ab"


async def test_text_that_was_written_above_is_not_appended_again(edits: Edits) -> None:
    """A run from the start would write it: so the whole file runs, if the log has grown since."""
    text = APPENDS.replace("write('a')", "write('a'); f.flush()")
    for number, use in enumerate(USES, 1):
        _, received = await edits.run(text.format(use))
        (started,) = received.of(Started)
        assert started.whole is not None
        assert started.whole.reason == ("first-run" if number == 1 else "file-appended")
        assert (edits.runner.folder / "log").read_text() == "ab" * number
