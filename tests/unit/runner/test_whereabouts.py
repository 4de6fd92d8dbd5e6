"""Where the program is, seen from the clock's thread: the program's own line, and nothing kept."""

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


def looking(watched: set[str], run: int = 1) -> tuple[CurrentLineTracker, list[CurrentLine]]:
    told: list[CurrentLine] = []
    whereabouts = CurrentLineTracker(watched, told.append)
    whereabouts.begin(run)
    return whereabouts, told


def ticking(whereabouts: CurrentLineTracker, times: int) -> None:
    """As the recorder's clock: from a thread of its own."""

    def tick() -> None:
        for _ in range(times):
            whereabouts.tick()

    thread = threading.Thread(target=tick)
    thread.start()
    thread.join()


def test_the_innermost_line_of_a_watched_file_is_told() -> None:
    whereabouts, told = looking({HERE})
    ticking(whereabouts, FIRST)
    (at,) = told
    assert (at.run, at.path) == (1, HERE)
    # `ticking` waits for the thread in a file that is not watched.
    assert at.line == ticking.__code__.co_firstlineno + 8 - 1


def test_what_ends_soon_is_no_news_and_a_line_is_told_once() -> None:
    whereabouts, told = looking({HERE})
    ticking(whereabouts, FIRST - 1)
    assert told == []
    ticking(whereabouts, 1 + 3 * EVERY)
    assert len(told) == 1
    ticking(whereabouts, EVERY)
    assert len(told) == 1


def test_code_of_others_is_not_told() -> None:
    whereabouts, told = looking({"/elsewhere.py"})
    ticking(whereabouts, FIRST)
    assert told == []


def test_another_run_is_told_anew() -> None:
    whereabouts, told = looking({HERE})
    ticking(whereabouts, FIRST)
    whereabouts.begin(2)
    ticking(whereabouts, FIRST)
    assert [at.run for at in told] == [1, 2]


def test_nothing_that_a_function_held_lives_on() -> None:
    whereabouts, told = looking({HERE})

    def program(look: Callable[[], Any]) -> weakref.ref[Held]:
        held = Held()
        look()
        return weakref.ref(held)

    gc.disable()
    try:
        remains = program(lambda: ticking(whereabouts, FIRST))
        assert told
        assert remains() is None
    finally:
        gc.enable()
