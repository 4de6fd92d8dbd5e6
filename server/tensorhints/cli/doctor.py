"""`tensorhints doctor`: what would run the user's code, and what to do about anything missing."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tensorhints.engine.interpreters import Interpreter
from tensorhints.model.messages import Ready

from .arguments import Doctor

_PROBE = "import torch\nx = torch.rand(2, 3)\n"
_PATIENCE = 120.0  # seconds; torch from a cold disk or a network share takes its time


@dataclass(frozen=True)
class Findings:
    """`ready` is `None` where the interpreter cannot run programs; `problems` are sentences."""

    interpreter: Interpreter | None
    ready: Ready | None
    progress: Path
    problems: tuple[str, ...]


def doctor(command: Doctor, locale: str) -> int:
    """The exit status: 1 where something is missing."""
    findings = asyncio.run(_examined(locale))
    if command.json:
        sys.stdout.write(json.dumps(_plain(findings), indent=2) + "\n")
    else:
        _write(findings, locale)
    return 1 if findings.problems else 0
