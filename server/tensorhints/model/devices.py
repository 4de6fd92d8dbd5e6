"""The device of a run, and the GPUs that the machine has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Optional


@dataclass(frozen=True)
class Device:
    """The device that was requested for a run, and the one that it uses.

    Attributes:
        requested: The setting: `auto`, `cpu`, `cuda:1`, `mps` or `simulated`.
        in_force: The default device of new tensors (`cpu`, `cuda:1`), or `simulated`. Equal to
            `requested` until the run begins.
        gpus: The GPUs that the run can see: their names by their torch devices. `None` if that is
            not known.
    """

    requested: str
    in_force: str
    gpus: Optional[Dict[str, str]] = field(default=None, compare=False)
