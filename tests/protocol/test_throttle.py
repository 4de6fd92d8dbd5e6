"""A refresh goes out at once, then not too often, and the last one is never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tensorhints.lsp.throttle import Throttle


class Timer:
    """A clock that only moves when a test moves it, and that calls what is due then."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._due: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object]) -> _Handle:
        due = (self.now + delay, callback)
        self._due.append(due)
        return _Handle(lambda: self._due.remove(due))

    def advance(self, seconds: float) -> None:
        """Move on, stopping at each call that becomes due."""
        end = self.now + seconds
        while due := [entry for entry in self._due if entry[0] <= end]:
            first = min(due, key=lambda entry: entry[0])
            self._due.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = max(self.now, end)

    @property
    def is_waiting(self) -> bool:
        return bool(self._due)


class _Handle:
    def __init__(self, cancel: Callable[[], None]) -> None:
        self.cancel = cancel


@pytest.fixture
def timer() -> Timer:
    return Timer()


def test_the_first_call_acts_at_once(timer: Timer) -> None:
    acted: list[float] = []
    throttle = Throttle(60, lambda: acted.append(timer.now), timer=timer)
    throttle()
    assert acted == [1000]


def test_a_burst_acts_twice_at_its_beginning_and_after_its_end(timer: Timer) -> None:
    acted: list[float] = []
    throttle = Throttle(0.5, lambda: acted.append(timer.now), timer=timer)
    for _ in range(100):
        throttle()
    assert acted == [1000]
    timer.advance(60)
    assert acted == [1000, 1000.5]


def test_acting_now_never_waits_and_delays_the_next_call(timer: Timer) -> None:
    acted: list[float] = []
    throttle = Throttle(60, lambda: acted.append(timer.now), timer=timer)
    throttle()
    for _ in range(5):
        throttle.act_now()
    throttle()
    timer.advance(59)
    assert acted == [1000] * 6
    timer.advance(1)
    assert acted == [1000] * 6 + [1060]


def test_a_call_waits_for_those_that_come_with_it_unless_it_is_at_once(timer: Timer) -> None:
    acted: list[float] = []
    throttle = Throttle(0.01, lambda: acted.append(timer.now), lead=60, timer=timer)
    throttle()
    assert acted == []
    throttle.act_now()
    assert acted == [1000]
    timer.advance(60)
    assert acted == [1000]


def test_a_cancelled_call_does_not_act(timer: Timer) -> None:
    acted: list[float] = []
    throttle = Throttle(0.01, lambda: acted.append(timer.now), lead=60, timer=timer)
    throttle()
    throttle.cancel()
    assert not timer.is_waiting
    assert acted == []


def test_slow_actions_are_done_less_often(timer: Timer) -> None:
    began: list[float] = []

    def act() -> None:
        began.append(timer.now)
        timer.now += 2.0

    throttle = Throttle(0.25, act, timer=timer)
    throttle()
    throttle()
    timer.advance(17)
    assert began == [1000]
    timer.advance(1)
    assert began == [1000, 1020]


async def test_without_a_timer_it_uses_the_running_event_loop() -> None:
    acted: list[int] = []
    throttle = Throttle(60, lambda: acted.append(1))
    throttle()
    throttle()
    throttle.cancel()
    assert acted == [1]
