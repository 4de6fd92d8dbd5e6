"""`tensorhints doctor`: what would run the user's code, and what to do about anything missing."""

from __future__ import annotations

import asyncio
import json
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from rich.table import Table
from rich.text import Text

from tensorhints import __version__
from tensorhints.engine.interpreters import Interpreter, find_interpreter
from tensorhints.engine.pool import Pool
from tensorhints.model.messages import Ready, Run
from tensorhints.model.places import Notice
from tensorhints.present.labels import label
from tensorhints.present.notices import sentence
from tensorhints.present.quantities import duration
from tensorhints.present.words import knows, say
from tensorhints.session.record import RunRecord

from .arguments import Doctor
from .run import console

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
