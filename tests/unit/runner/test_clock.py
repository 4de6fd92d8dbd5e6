"""The recorder's clock: a thread that can be stopped before a fork."""

from __future__ import annotations

import os
import threading

from tensorhints.runner.observe.clock import Clock


def tasks() -> set[str]:
    return set(os.listdir("/proc/self/task"))


def test_a_stopped_clock_leaves_no_thread_behind() -> None:
    ticked = threading.Event()
    before = tasks()
    clock = Clock(ticked.set)
    clock.start()
    assert ticked.wait(20)
    assert len(tasks() - before) == 1
    clock.stop()
    clock.wait_for_exit()
    assert tasks() - before == set()


def test_a_clock_starts_again_after_a_stop() -> None:
    ticked = threading.Event()
    clock = Clock(ticked.set)
    for _ in range(2):
        ticked.clear()
        clock.start()
        assert ticked.wait(20)
        clock.stop()
        clock.wait_for_exit()
