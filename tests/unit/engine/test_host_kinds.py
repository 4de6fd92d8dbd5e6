"""The host that a run starts on, and the GPU that it would initialise."""

from __future__ import annotations

import sys

import pytest

from tensorhints.engine.host_kinds import (
    NOT_FORKED,
    ORDINARY,
    SIMULATED,
    gpu_of,
    has_cuda_context,
    kind_for,
    with_cuda_context,
)


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1"])
def test_runs_start_on_the_host_that_forks(device: str) -> None:
    assert kind_for(device) == ORDINARY


def test_simulated_runs_have_a_host_of_their_own() -> None:
    assert kind_for("simulated") == SIMULATED != ORDINARY


def test_apples_gpu_is_not_used_in_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kind_for("mps") == NOT_FORKED
    monkeypatch.setattr(sys, "platform", "linux")
    assert kind_for("mps") == ORDINARY


@pytest.mark.parametrize(
    ("device", "gpu"),
    [("auto", 0), ("cuda", 0), ("cuda:3", 3), ("cpu", None), ("mps", None), ("simulated", None)],
)
def test_the_gpu_that_a_program_would_initialise(device: str, gpu: int | None) -> None:
    assert gpu_of(device) == gpu


def test_each_gpu_has_its_own_standby() -> None:
    assert with_cuda_context(0) != with_cuda_context(1)
    assert has_cuda_context(with_cuda_context(1))
    assert not any(map(has_cuda_context, (ORDINARY, SIMULATED, NOT_FORKED)))
