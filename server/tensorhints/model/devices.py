"""Where a run is, and what there was to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Optional


@dataclass(frozen=True)
class Device:
    """`asked` is the setting (`auto`, `cpu`, `cuda:1`, `mps`, `simulated`); `in_force` is where
    tensors come to that name no device (`cpu`, `cuda:1`), or `simulated`, and what was asked for as
    long as the run has not begun. `gpus` are those of the machine that the run could know of, each
    with what it calls itself; `None` where it could not.
    """

    asked: str
    in_force: str
    gpus: Optional[Dict[str, str]] = field(default=None, compare=False)
