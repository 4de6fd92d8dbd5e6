"""The processor time of whole programs of a second or more, with hints on, beside plain Python.

Programs in `programs/` are of the kinds that people write. Those of any other folder can be
measured in the same way (`--programs FOLDER`).
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from .environment import BenchmarkEnvironment
from .measure import Figure
from .overhead import beside_plain

PROGRAMS = Path(__file__).parent / "programs"
LIMIT = 1.10

_MEASURED = (
    "import atexit as _atexit, time as _time; import torch, torch._dynamo, torch.optim; "
    "torch.set_num_threads(1); "
    "_atexit.register(lambda: print('measured', _time.process_time() - _start, flush=True)); "
    "_start = _time.process_time()\n"
)
"""Put before a program: torch's own import, and what it imports late, is not part of its time."""

Measure = Callable[[BenchmarkEnvironment], Awaitable[Figure]]


def figures(folder: Path) -> Sequence[Measure]:
    """Return a benchmark for each program of a folder, by the program's name."""
    return [_figure(path) for path in sorted(folder.glob("*.py"))]


def _figure(path: Path) -> Measure:
    text = path.read_text(encoding="utf-8")

    async def measure(environment: BenchmarkEnvironment) -> Figure:
        copy = environment.program("programs", path.name, _timed(text))
        return await beside_plain(environment, f"the program {path.stem}", copy, LIMIT, 7)

    measure.__name__ = f"program_{path.stem}"
    return measure


def _timed(text: str) -> str:
    """Put the timer after the docstring and `__future__` imports, which have to stay first."""
    lines = text.splitlines(keepends=True)
    last = 0
    for statement in ast.parse(text).body:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_docstring and not is_future:
            break
        last = statement.end_lineno or 0
    return "".join([*lines[:last], _MEASURED, *lines[last:]])


FIGURES = tuple(figures(PROGRAMS))
