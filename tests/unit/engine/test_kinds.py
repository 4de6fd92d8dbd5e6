"""Which host a run begins on, and which GPU it would initialise."""

from __future__ import annotations

import sys

import pytest

from tensorhints.engine.host_kinds import (
    ORDINARY,
    SIMULATED,
    UNFORKED,
    gpu_of,
    kind_for,
    stands_by,
    with_context,
)


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1"])
def test_runs_begin_on_the_host_that_forks(device: str) -> None:
    assert kind_for(device) == ORDINARY


def test_simulated_runs_have_a_host_of_their_own() -> None:
    assert kind_for("simulated") == SIMULATED != ORDINARY


def test_apples_gpu_is_used_in_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kind_for("mps") == UNFORKED
    monkeypatch.setattr(sys, "platform", "linux")
    assert kind_for("mps") == ORDINARY


@pytest.mark.parametrize(
    ("device", "gpu"),
    [("auto", 0), ("cuda", 0), ("cuda:3", 3), ("cpu", None), ("mps", None), ("simulated", None)],
)
def test_the_gpu_that_a_program_would_initialise(device: str, gpu: int | None) -> None:
    assert gpu_of(device) == gpu


def test_each_gpu_has_its_own_process_that_stands_by() -> None:
    assert with_context(0) != with_context(1)
    assert stands_by(with_context(1))
    assert not any(map(stands_by, (ORDINARY, SIMULATED, UNFORKED)))
