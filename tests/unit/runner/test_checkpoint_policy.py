"""When a checkpoint is worth its cost, by a clock and a memory that the tests set."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tensorhints.runner.checkpoint import policy
from tensorhints.runner.checkpoint.policy import EAGER, CheckpointPolicy, CheckpointTimer
from tensorhints.runner.system import memory

GB = 1 << 30

POLICY = CheckpointPolicy()


@dataclass
class Process:
    """What a timer reads: the time in seconds, and memory in bytes."""

    seconds: float = 1000.0
    resident: int = 0
    first_written: int = 0

    def perf_counter(self) -> float:
        return self.seconds


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    found = Process()
    monkeypatch.setattr(policy, "time", found)
    monkeypatch.setattr(policy, "in_force", POLICY)
    monkeypatch.setattr(memory, "resident", lambda pid="self": found.resident)
    monkeypatch.setattr(memory, "first_written", lambda: found.first_written)
    return found


def is_due(process: Process, timer: CheckpointTimer, work: float, *, at_edit: bool = False) -> bool:
    process.seconds += work
    return timer.is_due(at_edit)


def make(process: Process, timer: CheckpointTimer, seconds: float) -> None:
    timer.begin()
    timer.has_forked = True
    process.seconds += seconds
    timer.ended(resumed=False)


def test_a_checkpoint_is_due_after_a_multiple_of_its_cost(process: Process) -> None:
    assert not is_due(process, CheckpointTimer(), 0.9 * POLICY.min_work)
    assert is_due(process, CheckpointTimer(), 1.1 * POLICY.min_work)
    process.resident = 4 * GB
    cost = POLICY.fork_seconds + 4 * POLICY.fork_seconds_per_gb
    assert not is_due(process, CheckpointTimer(), 0.9 * POLICY.work_per_cost * cost)
    assert is_due(process, CheckpointTimer(), 1.1 * POLICY.work_per_cost * cost)


def test_it_is_due_sooner_at_the_last_edit(process: Process) -> None:
    work = POLICY.work_per_cost_at_edit * POLICY.fork_seconds
    assert not is_due(process, CheckpointTimer(), 0.9 * work, at_edit=True)
    assert is_due(process, CheckpointTimer(), 1.1 * work, at_edit=True)


def test_pages_that_the_program_rewrites_make_it_due_later(process: Process) -> None:
    timer = CheckpointTimer()
    make(process, timer, POLICY.fork_seconds)
    process.first_written += GB
    assert not is_due(process, timer, 2 * POLICY.min_work)
    assert is_due(process, timer, POLICY.rewrite_seconds_per_gb)


def test_a_slow_fork_delays_the_next_checkpoint_up_to_a_limit(process: Process) -> None:
    timer = CheckpointTimer()
    make(process, timer, 60.0)
    limit = POLICY.work_per_cost * POLICY.max_cost_factor * POLICY.fork_seconds
    assert not is_due(process, timer, 0.9 * limit)
    assert is_due(process, timer, 0.2 * limit)


def test_work_before_a_hazard_counts_once_it_is_over(process: Process) -> None:
    timer = CheckpointTimer()
    assert is_due(process, timer, 2 * POLICY.min_work)
    timer.begin()
    timer.refused()
    assert timer.work == 0.0
    assert not is_due(process, timer, 0.5 * POLICY.seconds_after_hazard)
    assert is_due(process, timer, 0.6 * POLICY.seconds_after_hazard)


def test_the_work_of_a_program_adds_up_over_its_checkpoints(process: Process) -> None:
    timer = CheckpointTimer()
    process.seconds += 2
    make(process, timer, 60.0)
    process.seconds += 3
    make(process, timer, 60.0)
    assert timer.work == pytest.approx(5)


def test_catching_up_does_not_count_as_work(process: Process) -> None:
    timer = CheckpointTimer()
    process.seconds += 60
    timer.restart()
    assert not is_due(process, timer, 0.5 * POLICY.min_work)


def test_the_eager_policy_makes_every_checkpoint(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "in_force", EAGER)
    timer = CheckpointTimer()
    assert timer.is_due(at_edit=False)
    assert timer.is_due(at_edit=True)
