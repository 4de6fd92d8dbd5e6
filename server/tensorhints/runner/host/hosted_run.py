"""A run whose process the host has started and not yet reaped."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Optional

from ...model import messages
from ..checkpoint.resume_plan import ProgramPoint
from ..syntax.program import Program


@dataclass(frozen=True)
class HostedRun:
    """A run and its process.

    `edit_point` is the last point up to which `program` does what the last text did. The process
    sends its checkpoints over `registrar`.
    """

    pid: int
    request: messages.Run
    edit_point: Optional[ProgramPoint]
    program: Program
    registrar: Optional[socket.socket]
