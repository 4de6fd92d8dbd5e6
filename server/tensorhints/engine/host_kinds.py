"""The kinds of warm hosts: for ordinary runs, simulated runs, or one run with a CUDA context."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass

from .start_environment import Environment


@dataclass(frozen=True)
class HostKind:
    """`arguments` are passed to `runner/host/server.py`, and `environment` to its process.

    A host of `single_use` forks no runs: it becomes the run, and another process takes its place.
    """

    arguments: tuple[str, ...] = ()
    single_use: bool = False
    environment: Environment = ()


ORDINARY = HostKind()
SIMULATED = HostKind(("--simulated",))
# Apple's frameworks do not work in a forked process.
NOT_FORKED = HostKind(single_use=True)


def with_cuda_context(gpu: int) -> HostKind:
    """Return the kind that has CUDA initialised on one GPU, which a fork cannot inherit."""
    return HostKind(("--context", str(gpu)), single_use=True)


def has_cuda_context(kind: HostKind) -> bool:
    """Whether hosts of this kind are CUDA standbys, which only some runs use."""
    return "--context" in kind.arguments


def kind_for(device: str, environment: Environment = ()) -> HostKind:
    """Return the kind of host for runs on `device`, if nothing more is known of the program.

    `environment` are the variables that it must be started with.
    """
    return dataclasses.replace(_kind_of_device(device), environment=environment)


def _kind_of_device(device: str) -> HostKind:
    if device == "simulated":
        return SIMULATED
    if device == "mps" and sys.platform == "darwin":
        return NOT_FORKED
    return ORDINARY


def gpu_of(device: str) -> int | None:
    """Return the index of the GPU that a run on `device` initialises if its program uses any."""
    kind, _, number = device.partition(":")
    if kind == "auto":
        return 0
    return int(number or 0) if kind == "cuda" else None
