"""What a host is warmed for: ordinary runs, simulated ones, or one run with a GPU's context."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`arguments` are the runner's own (runner/host.py). A host of `single_use` forks no run: it
    becomes one, and another takes its place.
    """

    arguments: tuple[str, ...] = ()
    single_use: bool = False


ORDINARY = Kind()
SIMULATED = Kind(("--simulated",))
# Apple's frameworks do not work in a fork.
UNFORKED = Kind(single_use=True)


def with_context(gpu: int) -> Kind:
    """With CUDA initialised on one GPU, which no fork could inherit."""
    return Kind(("--context", str(gpu)), single_use=True)


def stands_by(kind: Kind) -> bool:
    """Whether it is one with a context, beside the host that every run can take."""
    return "--context" in kind.arguments


def kind_for(device: str) -> Kind:
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
