"""`tensorhints doctor`: what would run the user's code, and how to fix what is missing.

It tries: the probe is a real run through the same engine that serves an editor.
"""

from __future__ import annotations

import asyncio
import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from tensorhints import __version__
from tensorhints.course.progress import default_path
from tensorhints.engine.interpreters import Interpreter, InterpreterError, find_interpreter
from tensorhints.engine.pool import Pool
from tensorhints.model.devices import Device
from tensorhints.model.messages import Ready, Run
from tensorhints.present.devices import device_in_force, gpu_list
from tensorhints.present.labels import label
from tensorhints.present.quantities import duration
from tensorhints.present.words import knows, translate
from tensorhints.session.runs.record import RunRecord

from .arguments import Doctor
from .drawing import DETAIL
from .explained import user_message_sentence
from .run import console

_PROBE = "import torch\nx = torch.rand(2, 3)\n"
_PATIENCE = 60.0  # seconds for the probe itself, without the time to import torch


@dataclass(frozen=True)
class Examination:
    """The result of the probe.

    `ready` is `None` if the interpreter cannot run programs, `device` if it cannot use the
    requested device. `problems` are sentences.
    """

    interpreter: Interpreter
    ready: Ready | None
    device: Device | None
    progress: Path
    problems: tuple[str, ...]


def doctor(command: Doctor, locale: str) -> int:
    """Print the examination and return the exit status: 1 if there are problems."""
    try:
        examined = asyncio.run(_examine(command, locale))
    except InterpreterError as error:
        sys.stderr.write(f"tensorhints: {user_message_sentence(error.user_message, locale)}\n")
        return 1
    if command.json:
        sys.stdout.write(json.dumps(_plain(examined, locale), indent=2) + "\n")
    else:
        _write(examined, locale)
    return 1 if examined.problems else 0


async def _examine(command: Doctor, locale: str) -> Examination:
    here = Path.cwd()
    interpreter = find_interpreter(command.interpreter, here)
    record = RunRecord()
    probe = Run(1, str(here / "probe.py"), _PROBE, directory=str(here), device=command.device)
    pool = Pool()
    try:
        live = pool.start(interpreter.path, probe, record, timeout=_PATIENCE)
        result = await live.finished()
        ready = pool.state(interpreter.path, command.device).ready
    finally:
        await pool.close()
    problems = []
    if result.user_message is not None:
        problems.append(user_message_sentence(result.user_message, locale))
    elif not any(label(observation) for observation in record.observations(probe.path)):
        problems.append(translate("doctor.no-hint", locale))
    device = record.device_for(command.device) if record.started else None
    return Examination(interpreter, ready, device, progress_folder(), tuple(problems))


def progress_folder() -> Path:
    """Return the folder of the learner's progress."""
    return default_path().parent


def _plain(examined: Examination, locale: str) -> dict[str, object]:
    ready = examined.ready
    return {
        "ok": not examined.problems,
        "version": __version__,
        "server_python": platform.python_version(),
        "interpreter": {"path": str(examined.interpreter.path), "why": examined.interpreter.why},
        "python": ready.python if ready else None,
        "torch": ready.torch if ready else None,
        "devices": list(ready.devices) if ready else [],
        "gpus": ready.gpus if ready else {},
        "device": None if examined.device is None else _device(examined.device, locale),
        "warm_seconds": round(ready.seconds, 2) if ready else None,
        "progress": str(examined.progress),
        "problems": list(examined.problems),
    }


def _device(device: Device, locale: str) -> dict[str, object]:
    text = device_in_force(device, locale)
    return {"asked": device.requested, "in_force": device.in_force, "text": text}


def _write(examined: Examination, locale: str) -> None:
    out = console()
    rows = [(translate(code, locale), value) for code, value in _rows(examined, locale)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        out.print(Text.assemble((f"{name:<{width}}  ", DETAIL), value), soft_wrap=True)
    if examined.problems:
        for problem in examined.problems:
            out.print(Text(f"✗ {problem}", "bold red"), soft_wrap=True)
    else:
        out.print(Text(f"✓ {translate('doctor.well', locale)}", "green"), soft_wrap=True)


def _rows(examined: Examination, locale: str) -> Iterator[tuple[str, str]]:
    ready = examined.ready
    yield "doctor.server", f"{__version__} (Python {platform.python_version()})"
    yield "doctor.interpreter", str(examined.interpreter.path)
    yield "doctor.why", _reason(examined.interpreter.why, locale)
    if ready is not None:
        yield "doctor.python", ready.python
        yield "doctor.torch", ready.torch
        yield "doctor.devices", gpu_list({name: ready.gpus.get(name, "") for name in ready.devices})
    if examined.device is not None:
        yield "doctor.device", device_in_force(examined.device, locale)
    if ready is not None:
        yield "doctor.warm", duration(ready.seconds, locale)
    yield "doctor.progress", str(examined.progress)


def _reason(why: str, locale: str) -> str:
    """Return why this interpreter was chosen. `why` is the engine's code, such as `VIRTUAL_ENV`."""
    code = f"doctor.why.{why}"
    if knows(code):
        return translate(code, locale)
    kind = "variable" if why.isupper() else "workspace"
    return translate(f"doctor.why.{kind}", locale, name=why.removeprefix("workspace "))
