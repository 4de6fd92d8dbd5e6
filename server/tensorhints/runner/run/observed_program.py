"""Instruments the files of a run and records what their probes see."""

from __future__ import annotations

import ast
import sys
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from ...model.messages import InstrumentedFile, Unreached
from ...model.source_text import digest
from ...model.values import Value
from ..instrument.instrument import Instrumenter
from ..instrument.probe_registry import Probe, ProbeRegistry
from ..observe.current_line import CurrentLineTracker
from ..observe.recorder import Recorder
from ..observe.unobserved import UnobservedCode
from ..observe.unreached import Lines, unreached
from ..simulated import activation
from ..simulated.call_rewriting import track_guesses
from ..syntax.program import Program
from .import_hook import is_imported

_Span = Tuple[int, int, int, int]


class ObservedProgram:
    """Owns the probes and the recorder of one run. `send` takes model messages.

    `send_observation` takes those that may come from the program's threads until its end.
    """

    def __init__(
        self,
        run: int,
        is_simulated: bool,
        send: Callable[[Any], None],
        send_observation: Callable[[Any], None],
    ) -> None:
        self._run = run
        self._is_simulated = is_simulated
        self._send = send
        self.registry = ProbeRegistry()
        self.files: Dict[str, Program] = {}
        """The instrumented texts by path."""
        self.recorder = Recorder(run, self.registry, send_observation)
        if is_simulated:
            activation.on_tainted(self.recorder.expect_new_signatures)
        self._unobserved = UnobservedCode(self.recorder)
        self._current_line = CurrentLineTracker(self.files, send_observation)
        self.recorder.at_ticks = self._current_line.tick
        self._probes_by_span: Dict[Tuple[str, _Span], List[int]] = {}
        self._indexed_probes = 0

    def start(self) -> None:
        """Start to observe: the program's first statement is about to run."""
        self._current_line.begin(self._run)
        self.recorder.start()

    def add_file(self, program: Program) -> None:
        """Take in a file of the program that is about to run."""
        self.files[program.path] = program
        if self._is_simulated:
            activation.add_program_file(program)
        self._send(InstrumentedFile(self._run, program.path, digest(program.text)))

    def instrument_module(self, program: Program) -> ast.Module:
        """Instrument a module that the program imports."""
        self.add_file(program)
        instrumenter = Instrumenter(program.path, program.lines, self.registry)
        tree = instrumenter.module(program.tree)
        self.recorder.grow()
        return ast.Module(self.adapt(tree.body), tree.type_ignores)

    def adapt(self, body: List[ast.stmt]) -> List[ast.stmt]:
        """Rewrite instrumented statements for a simulated run."""
        return track_guesses(body) if self._is_simulated else body

    def become_run(self, run: int, main: Program) -> None:
        """Send all that is known for another run, which resumes with the text `main`."""
        self._run = run
        self._probes_by_span.clear()
        self._indexed_probes = 0
        self.files[main.path] = main
        for program in self.files.values():
            self._send(InstrumentedFile(run, program.path, digest(program.text)))
        self.recorder.become_run(run)

    def restart(self) -> None:
        """Observe again after a resume."""
        self._current_line.begin(self._run)
        self.recorder.restart()

    def value_at(self, path: str, span: _Span) -> Optional[Tuple[Value, bool]]:
        """Return the value that a probe at `span` saw last, and whether it is surely the last."""
        probes = self.registry.probes
        for probe_id in range(self._indexed_probes, len(probes)):
            probe = probes[probe_id]
            self._probes_by_span.setdefault((probe.path, probe.span), []).append(probe_id)
        self._indexed_probes = len(probes)
        for probe_id in self._probes_by_span.get((path, span), ()):
            value, is_last = self.recorder.value_of(probe_id)
            if value is not None:
                return value, is_last
        return None

    def unreached(
        self, main: Program, main_probes: List[Probe], ended_at: int, skipped: Sequence[Lines]
    ) -> Iterator[Unreached]:
        """The lines of each file that were not executed.

        `main_probes` are those of the program's current text, `ended_at` is the last line (from 1)
        that may have run at its top level; no statement that begins inside a range of `skipped`
        (from 0, exclusive) has.
        """
        in_functions = not self._unobserved.may_have_run() and not is_imported(main.path)
        probes = [probe for probe in self.registry.probes if probe.path != main.path]
        probes += main_probes
        never_entered = self.recorder.gates.never_entered
        for program in self.files.values():
            own = [probe for probe in probes if probe.path == program.path]
            is_main = program.path == main.path
            last = ended_at if is_main else sys.maxsize
            try:
                lines = unreached(
                    program.tree, own, never_entered, in_functions=in_functions, ended_at=last,
                    skipped=skipped if is_main else (),
                )  # fmt: skip
            except RecursionError:
                continue
            yield Unreached(self._run, program.path, lines)
