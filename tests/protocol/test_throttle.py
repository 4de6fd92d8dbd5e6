"""A refresh goes out at once, then not too often, and the last one is never lost."""

from __future__ import annotations

import asyncio
import time

from tensorhints.lsp.throttle import Throttle


async def test_the_first_call_acts_at_once() -> None:
    acted: list[int] = []
    throttle = Throttle(60, lambda: acted.append(1))
    throttle()
    throttle.cancel()
    assert acted == [1]


async def test_a_burst_acts_twice_at_its_beginning_and_after_its_end() -> None:
    acted: list[int] = []
    again = asyncio.Event()

    def act() -> None:
        acted.append(1)
        if len(acted) == 2:
            again.set()

    throttle = Throttle(0.01, act)
    for _ in range(100):
        throttle()
    assert acted == [1]
    await asyncio.wait_for(again.wait(), 10)
    throttle.cancel()
    assert acted == [1, 1]


async def test_what_has_to_be_at_once_never_waits_and_keeps_others_waiting() -> None:
    acted: list[int] = []
    throttle = Throttle(60, lambda: acted.append(1))
    throttle()
    for _ in range(5):
        throttle.at_once()
    throttle()
    throttle.cancel()
    assert len(acted) == 6


async def test_a_call_waits_for_those_that_come_with_it_unless_it_is_at_once() -> None:
    acted: list[int] = []
    throttle = Throttle(0.01, lambda: acted.append(1), lead=60)
    throttle()
    assert acted == []
    throttle.at_once()
    throttle.cancel()
    assert acted == [1]


async def test_what_takes_long_is_done_less_often() -> None:
    began: list[float] = []
    ended: list[float] = []
    again = asyncio.Event()

    def act() -> None:
        began.append(time.monotonic())
        time.sleep(0.02)
        ended.append(time.monotonic())
        if len(began) == 2:
            again.set()

    throttle = Throttle(0.001, act)
    throttle()
    throttle()
    await asyncio.wait_for(again.wait(), 10)
    assert began[1] - began[0] > 9 * (ended[0] - began[0])
