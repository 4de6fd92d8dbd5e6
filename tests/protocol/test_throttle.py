"""A refresh goes out at once, then not too often, and the last one is never lost."""

from __future__ import annotations

import asyncio

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
