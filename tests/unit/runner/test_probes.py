"""What a probe counts, and the number that it reads, agree at every moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import torch

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.model.messages import Tally
from tensorhints.runner.instrument.probe_registry import (
    PROBE,
    PROBE_NUMBER,
    Probe,
    ProbeRegistry,
)
from tensorhints.runner.observe import probes
from tensorhints.runner.observe.gates import Gates
from tensorhints.runner.observe.probe_state import ProbeState
from tensorhints.runner.observe.signatures import Signatures


class TalliedAtOnce(dict[int, None]):
    """Tallies each time that a probe has counted, as the clock's thread may."""

    def __init__(self) -> None:
        super().__init__()
        self.tally: Callable[[], None] = lambda: None

    def __setitem__(self, probe_id: int, value: None) -> None:
        super().__setitem__(probe_id, value)
        self.tally()


class Observed:
    """The probes of a program with one location, and what they send."""

    def __init__(self, changed: dict[int, None]) -> None:
        registry = ProbeRegistry()
        gate = registry.new_gate()
        location = HintLocation(0, "a.py", TARGET, "x", Span(0, 0, 0, 1), 0, 1, 0, 0)
        registry.probes.append(Probe("a.py", gate, (1, 0, 1, 1), location, narrows=True))
        state, gates = ProbeState(changed=changed), Gates(registry, {})
        self.sent: list[Any] = []
        self.signatures = Signatures(1, registry, state, gates, self.send)
        gates.grow()
        state.grow(registry)
        self.probes = probes.make(
            state,
            gates,
            self.signatures.record,
            self.signatures.count_again,
            self.signatures.count_part,
        )

    def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def number(self) -> str | None:
        """The number of the tally that was sent last."""
        tally = [message for message in self.sent if isinstance(message, Tally)][-1]
        details = tally.tallies[-1].details
        return None if details is None else details.scalar


@pytest.mark.parametrize("name", [PROBE, PROBE_NUMBER])
@pytest.mark.parametrize("mode", [False, True], ids=["plain", "in a function mode"])
def test_a_tally_at_any_moment_has_the_number_of_the_last_pass(name: str, mode: bool) -> None:
    changed = TalliedAtOnce()
    observed = Observed(changed)
    changed.tally = observed.signatures.send_tallies
    values = [torch.tensor(1.0), torch.tensor(2.0)]
    observed.probes[PROBE](0, values[0])
    with torch.device("cpu") if mode else nullcontext():
        observed.probes[name](0, values[1])
    assert observed.number == "2.0"


def test_tallies_are_sent_in_the_order_in_which_they_were_taken() -> None:
    observed = Observed({})
    values = [torch.tensor(1.0), torch.tensor(2.0)]
    send, is_first = observed.send, True

    def finish() -> None:
        """What the program's thread does while the clock's thread is about to send."""
        observed.probes[PROBE](0, values[1])
        observed.signatures.send_tallies()

    program = threading.Thread(target=finish)

    def send_late(message: Any) -> None:
        nonlocal is_first
        if isinstance(message, Tally) and is_first:
            is_first = False
            program.start()
            program.join(0.2)  # Without a lock it sends meanwhile; with one it has to wait.
        send(message)

    observed.probes[PROBE](0, values[0])
    observed.signatures._send = send_late
    observed.signatures.send_tallies()
    program.join()
    assert observed.number == "2.0"
