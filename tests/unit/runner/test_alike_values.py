"""What a probe does at passes that are alike, and that it notices every pass that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.model.messages import NewSignature
from tensorhints.model.values import OtherObject, Sequence
from tensorhints.runner.instrument.probe_registry import (
    ENTER,
    GATE,
    PROBE,
    STEADY,
    Probe,
    ProbeRegistry,
)
from tensorhints.runner.observe import describe, gates, probes
from tensorhints.runner.observe.gates import PATIENCE, PATIENCE_AMONG_THREADS, Gates
from tensorhints.runner.observe.probe_state import ProbeState, value_of
from tensorhints.runner.observe.signatures import Signatures


class Observer:
    """A probe with a hint, behind a gate of its own, in a namespace of its own."""

    def __init__(self, drives: bool = False) -> None:
        registry = ProbeRegistry()
        gate = registry.new_gate(drives)
        location = HintLocation(0, "p.py", TARGET, "x", Span(0, 0, 0, 1), 0, 1, 0, 0)
        registry.probes.append(Probe("p.py", gate, (1, 0, 1, 1), location))
        self.sent: list[Any] = []
        self.namespace: dict[str, Any] = {}
        self.state = ProbeState()
        own = Gates(registry, self.namespace)
        seen = Signatures(1, registry, self.state, own, self.sent.append)
        own.grow()
        self.state.grow(registry)
        made = probes.make(self.state, own, seen.record, seen.count_again, seen.count_part)
        self.namespace.update(made)

    def look(self, value: Any) -> None:
        assert self.namespace[PROBE](0, value) is value

    def enter(self) -> bool:
        return bool(self.namespace[ENTER](0))

    @property
    def signatures(self) -> list[Any]:
        return [message.value for message in self.sent if isinstance(message, NewSignature)]

    @property
    def count(self) -> int:
        return sum(self.state.counts[0])

    @property
    def last(self) -> Any:
        return value_of(self.state.last[0])


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every value that was described."""
    values: list[Any] = []
    original = describe.describe

    def describing(value: Any) -> Any:
        values.append(value)
        return original(value)

    monkeypatch.setattr(describe, "describe", describing)
    return values


def ones(*shape: int) -> torch.Tensor:
    return torch.ones(shape)


ALIKE: dict[str, Callable[[int], Any]] = {
    "tensors": lambda n: ones(2),
    "pairs": lambda n: (ones(2), ones(3)),
    "pairs with a number": lambda n: (ones(2), n),
    "pairs with a text": lambda n: [ones(2), str(n)],
    "nested pairs": lambda n: (ones(2), (ones(1), [None, ones(3)])),
    "dicts": lambda n: {"x": ones(2), "label": n},
    "parameters": lambda n: [torch.nn.Parameter(ones(2))],
}


@pytest.mark.parametrize("name", ALIKE)
def test_values_that_are_alike_are_described_once_and_counted(
    name: str, described: list[Any]
) -> None:
    observer = Observer()
    for number in range(50):
        observer.look(ALIKE[name](number))
    assert len(described) == 1
    assert len(observer.signatures) == 1
    assert observer.count == 50


OTHER: dict[str, tuple[Any, Any]] = {
    "the size of an item": ((ones(2), ones(3)), (ones(2), ones(4))),
    "the dtype of an item": ((ones(2), ones(3)), (ones(2), ones(3).int())),
    "whether an item needs its gradient": ([ones(2)], [ones(2).requires_grad_()]),
    "the class of an item": ([ones(2)], [torch.nn.Parameter(ones(2), requires_grad=False)]),
    "the device of an item": ([ones(2)], [torch.ones(2, device="meta")]),
    "an item that is missing": ((ones(2), ones(3)), (ones(2), None)),
    "the class of a number": ((ones(2), 1), (ones(2), 1.0)),
    "the number of items": ((ones(2),), (ones(2), ones(2))),
    "the container": ((ones(2),), [ones(2)]),
    "an inner item": ((ones(2), (ones(1),)), (ones(2), (ones(5),))),
    "a key": ({"a": ones(2)}, {"b": ones(2)}),
    "the order of keys": ({"a": ones(2), "b": ones(3)}, {"b": ones(2), "a": ones(3)}),
    "numbers, then tensors": ([1, 2, 3], [1, 2, ones(1)]),
    "a tensor, then a number": (ones(2), 1),
    "a number, then a tensor": (1, ones(2)),
    "a tensor, then a pair": (ones(2), (ones(2), ones(2))),
}


@pytest.mark.parametrize("name", OTHER)
def test_a_value_that_differs_is_a_new_signature_at_any_pass(name: str) -> None:
    first, other = OTHER[name]
    observer = Observer()
    for _ in range(30):
        observer.look(first)
    before = len(observer.signatures)
    observer.look(other)
    # A location's first tensor brings the signature of what was there before along.
    assert len(observer.signatures) > before
    for _ in range(3):
        observer.look(first)
        observer.look(other)
    assert len(set(observer.signatures)) == len(observer.signatures) == 2


def test_the_last_numbers_of_a_sequence_are_kept() -> None:
    observer = Observer()
    observer.look([1, 2])
    observer.look([3.5, 4, None])
    texts = tuple(OtherObject(kind, text) for kind, text in (("float", "3.5"), ("int", "4")))
    assert observer.last == Sequence("list", 3, (*texts, OtherObject("NoneType", "None")))
    assert not observer.signatures


def test_a_list_of_numbers_may_change_after_it_was_looked_at() -> None:
    observer = Observer()
    held: list[Any] = [1, 2]
    observer.look(held)
    held.append(ones(3))
    assert observer.last.length == 2


@pytest.mark.parametrize(("threads", "patience"), [(1, PATIENCE), (2, PATIENCE_AMONG_THREADS)])
def test_a_gate_that_never_closes_stops_counting_its_passes(
    monkeypatch: pytest.MonkeyPatch, threads: int, patience: int
) -> None:
    # The process of the tests may have threads of its own.
    monkeypatch.setattr(gates, "_threads", lambda: range(threads))
    observer = Observer(drives=True)
    passes = 0
    while not observer.namespace[f"{STEADY}0"]:
        assert observer.enter()
        observer.look(ones(2))
        passes += 1
        assert passes < 3 * patience
    assert passes >= patience
    assert observer.namespace[f"{GATE}0"]
    observer.look(ones(3))
    assert len(observer.signatures) == 2
