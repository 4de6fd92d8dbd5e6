"""Turns the process of a run into a simulated machine, before the program's first statement."""

from __future__ import annotations

import builtins
import logging
import os
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional

from ...model import messages
from ..syntax.program import Program
from . import device_guard, torch_symbols
from .call_rewriting import CALLEE, CONTAINER, OPERAND, forced_answers, handled_lines
from .taint import state

_active_modes: List[Any] = []  # torch keeps only weak references to its modes


def preload() -> None:
    """Import in the warm host what simulated runs need. torch works as before."""
    if not torch_symbols.missing():
        from . import function_mode, replacements  # noqa: F401


def activate() -> Optional[messages.NotReady]:
    """Simulate from now on; or return why that is not possible with this torch."""
    absent = torch_symbols.missing()
    if absent:
        return messages.NotReady("simulated-missing", ", ".join(absent))
    # A real GPU must not be initialised.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ["HIP_VISIBLE_DEVICES"] = ""
    if not device_guard.install():
        return messages.NotReady("simulated-missing", "torch._C._ensureCUDADeviceGuardSet")

    from torch._subclasses import fake_tensor

    from . import lost_guesses, replacements
    from .dispatch_mode import KNOWN_NUMBERS, Simulation
    from .function_mode import SimulatedFunctions
    from .guessed_numbers import tracking_builtins

    # It writes every unsupported operation to stderr, with a traceback of torch's own frames.
    logging.getLogger("torch._subclasses.fake_tensor").disabled = True
    fake_tensor.CONSTANT_NUMEL_LIMIT = KNOWN_NUMBERS
    # Programs and torch's messages print the class's name.
    fake_tensor.FakeTensor.__name__ = fake_tensor.FakeTensor.__qualname__ = "Tensor"
    simulation = Simulation()
    functions = SimulatedFunctions(simulation)

    @contextmanager
    def in_further_thread() -> Iterator[None]:
        with simulation, functions:
            yield

    replacements.install(in_further_thread, simulation.from_array)
    vars(builtins)[CALLEE] = lost_guesses.make_callee_hook(tracking_builtins())
    vars(builtins)[CONTAINER] = lost_guesses.container_hook
    vars(builtins)[OPERAND] = lost_guesses.operand_hook
    for mode in (simulation, functions):
        mode.__enter__()
        _active_modes.append(mode)
    return None


def is_active() -> bool:
    """Whether this process is simulated."""
    return bool(_active_modes)


def add_program_file(program: Program) -> None:
    """Register a file of the program that is about to run."""
    from . import lost_guesses
    from .branch_answers import branch_answers

    lost_guesses.add_tracked_file(program.path)
    branch_answers.expect_handled(program.path, handled_lines(program.tree))
    for lines, answer in forced_answers(program.tree):
        branch_answers.force(program.path, lines, answer)


def on_tainted(call: Callable[[], None]) -> None:
    """Call `call` when the program's control flow begins to depend on a guess."""
    state.on_tainted = call
