"""A run's process becomes a simulated machine: called once, before the program's first line."""

from __future__ import annotations

import builtins
import logging
import os
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional

from ...model import messages
from ..syntax.program import Program
from . import guard, symbols
from .marks import course
from .rewriting import CALLEE, COMPARED, HELD, expectations, tried_lines

_in_force: List[Any] = []  # torch drops a mode that nobody holds


def preload() -> None:
    """Imports all that a simulated run needs, in the warm host. Nothing of it is in force then."""
    if not symbols.missing():
        from . import functions, replacements  # noqa: F401


def enter() -> Optional[messages.NotReady]:
    """Simulates from now on, or says why that is not possible."""
    absent = symbols.missing()
    if absent:
        return messages.NotReady("simulated-missing", ", ".join(absent))
    # A GPU that is there stays untouched.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ["HIP_VISIBLE_DEVICES"] = ""
    if not guard.install():
        return messages.NotReady("simulated-missing", "torch._C._ensureCUDADeviceGuardSet")

    from torch._subclasses import fake_tensor

    from . import leaving, replacements
    from .functions import Functions
    from .mode import KNOWN_NUMBERS, Simulation
    from .numbers import followers

    # It tells every refusal on stderr, with a traceback of torch's own frames.
    logging.getLogger("torch._subclasses.fake_tensor").disabled = True
    fake_tensor.CONSTANT_NUMEL_LIMIT = KNOWN_NUMBERS
    # The program and what torch tells it know of tensors alone.
    fake_tensor.FakeTensor.__name__ = fake_tensor.FakeTensor.__qualname__ = "Tensor"
    simulation = Simulation()
    functions = Functions(simulation)

    @contextmanager
    def further_thread() -> Iterator[None]:
        with simulation, functions:
            yield

    replacements.install(further_thread, simulation.from_array)
    vars(builtins)[CALLEE] = leaving.callee_of(followers())
    vars(builtins)[HELD] = leaving.held
    vars(builtins)[COMPARED] = leaving.compared
    for mode in (simulation, functions):
        mode.__enter__()
        _in_force.append(mode)
    return None


def is_in_force() -> bool:
    return bool(_in_force)


def watch(program: Program) -> None:
    """A file of the program is about to run."""
    from . import leaving
    from .answers import answers

    leaving.watch(program.path)
    answers.expect_caught(program.path, tried_lines(program.tree))
    for lines, answer in expectations(program.tree):
        answers.expect(program.path, lines, answer)


def on_adrift(tell: Callable[[], None]) -> None:
    """`tell` is called when the program's way begins to follow from a guess."""
    course.on_adrift = tell
