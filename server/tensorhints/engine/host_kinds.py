"""What a host is warmed for: ordinary runs, simulated ones, or one run with a GPU's context."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class HostKind:
    """`arguments` are passed to `runner/host/server.py`. A host of `single_use` forks no run: it
    becomes one, and another takes its place.
    """

    arguments: tuple[str, ...] = ()
    single_use: bool = False


ORDINARY = HostKind()
SIMULATED = HostKind(("--simulated",))
# Apple's frameworks do not work in a fork.
UNFORKED = HostKind(single_use=True)


def with_context(gpu: int) -> HostKind:
    """With CUDA initialised on one GPU, which no fork could inherit."""
    return HostKind(("--context", str(gpu)), single_use=True)


def stands_by(kind: HostKind) -> bool:
    """Whether it is one with a context, beside the host that every run can take."""
    return "--context" in kind.arguments


def kind_for(device: str) -> HostKind:
    """The kind of host that a run begins on, as long as nothing more is known of its program."""
    if device == "simulated":
        return SIMULATED
    if device == "mps" and sys.platform == "darwin":
        return UNFORKED
    return ORDINARY


def gpu_of(device: str) -> int | None:
    """The GPU that a run on this device would initialise, where its program uses any."""
    kind, _, number = device.partition(":")
    if kind == "auto":
        return 0
    return int(number or 0) if kind == "cuda" else None
