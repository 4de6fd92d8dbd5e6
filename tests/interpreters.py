"""What the interpreter under test can do: `--interpreter` may name an older Python or torch."""

from __future__ import annotations

import ast
import functools
import subprocess
from pathlib import Path

import pytest

POSITIONS = (3, 11)
"""The first Python whose code objects and tracebacks have columns (PEP 657)."""

RECORDABLE = (3, 11)
"""The Python of the truth's recorder. Older ones have no columns; 3.12 reports single instructions
only if all code is traced, and 3.13 binds two names by one instruction.
"""

SIMULATES = (2, 13)
"""The first torch with all that the simulated device needs: runner/simulated/symbols.py."""


@functools.cache
def version(python: Path) -> tuple[int, int]:
    """Return the major and minor version of a Python."""
    major, minor = _printed(python, "import sys; print(*sys.version_info[:2])").split()
    return int(major), int(minor)


@functools.cache
def torch_version(python: Path) -> tuple[int, int]:
    """Return the major and minor version of the interpreter's torch."""
    major, minor, *_ = _printed(python, "import torch; print(torch.__version__)").split(".")
    return int(major), int(minor)


@functools.cache
def is_built_for_gpus(python: Path) -> bool:
    """Whether the interpreter's torch was built for CUDA or ROCm."""
    code = "import torch; print(bool(torch.version.cuda or torch.version.hip))"
    return _printed(python, code) == "True"


@functools.cache
def pauses_openmp(python: Path) -> bool:
    """Whether torch's OpenMP can let its threads go.

    Without that, no checkpoint is possible after a parallel operation. The libgomp in wheels of
    older releases cannot.
    """
    code = (
        "import ctypes, torch\n"
        "paths = {line.split(None, 5)[5].strip() for line in open('/proc/self/maps')"
        " if 'omp' in line}\n"
        "print(any(hasattr(ctypes.CDLL(path), 'omp_pause_resource_all') for path in paths))"
    )
    return _printed(python, code) == "True"


def parses(python: Path, program: Path) -> bool:
    """Whether a program has no syntax that is newer than the interpreter."""
    try:
        ast.parse(program.read_bytes(), feature_version=version(python))
    except SyntaxError:
        return False
    return True


def skip_unless_recordable(python: Path) -> None:
    """Skip the test on a Python whose instructions do not show where each name is bound."""
    if version(python) != RECORDABLE:
        pytest.skip("the truth's recorder needs the bytecode of Python 3.11")


def _printed(python: Path, code: str) -> str:
    return subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()
