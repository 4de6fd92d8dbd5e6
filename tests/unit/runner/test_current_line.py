"""The program's current line, read from another thread without keeping a frame."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

from tensorhints.model.messages import CurrentLine
from tensorhints.runner.observe.current_line import EVERY, FIRST, CurrentLineTracker

HERE = __file__


class Held:
    """Something that a function holds while it runs."""


def tracking(files: set[str], run: int = 1) -> tuple[CurrentLineTracker, list[CurrentLine]]:
    sent: list[CurrentLine] = []
    tracker = CurrentLineTracker(files, sent.append)
    tracker.begin(run)
    return tracker, sent


def ticking(tracker: CurrentLineTracker, times: int) -> None:
    """Tick as the recorder's clock does, from a thread of its own."""

    def tick() -> None:
        for _ in range(times):
            tracker.tick()

    thread = threading.Thread(target=tick)
    thread.start()
    thread.join()


def test_the_innermost_line_of_a_program_file_is_sent() -> None:
    tracker, sent = tracking({HERE})
    ticking(tracker, FIRST)
    (at,) = sent
    assert (at.run, at.path) == (1, HERE)
    # `ticking` waits for the thread in a file that does not belong to the program.
    assert at.line == ticking.__code__.co_firstlineno + 8 - 1


def test_a_line_is_sent_once_and_not_at_first() -> None:
    tracker, sent = tracking({HERE})
    ticking(tracker, FIRST - 1)
    assert sent == []
    ticking(tracker, 1 + 3 * EVERY)
    assert len(sent) == 1
    ticking(tracker, EVERY)
    assert len(sent) == 1


def test_a_line_outside_of_the_program_is_not_sent() -> None:
    tracker, sent = tracking({"/elsewhere.py"})
    ticking(tracker, FIRST)
    assert sent == []


def test_another_run_is_sent_its_line_again() -> None:
    tracker, sent = tracking({HERE})
    ticking(tracker, FIRST)
    tracker.begin(2)
    ticking(tracker, FIRST)
    assert [at.run for at in sent] == [1, 2]


def test_no_object_of_a_function_is_kept_alive() -> None:
    tracker, sent = tracking({HERE})

    def program(look: Callable[[], Any]) -> weakref.ref[Held]:
        held = Held()
        look()
        return weakref.ref(held)

    gc.disable()
    try:
        remains = program(lambda: ticking(tracker, FIRST))
        assert sent
        assert remains() is None
    finally:
        gc.enable()
