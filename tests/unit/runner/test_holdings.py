"""The memory that each name holds: each storage counts once, and no program code runs."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch

from tensorhints.model.values import OtherObject, Tensor
from tensorhints.runner.observe.holdings import SCANNED, by_device, holders


def bytes_of(**names: Any) -> dict[str, int]:
    return {holder.name: holder.nbytes for holder in holders([("", names)])}


def test_a_tensor_counts_with_all_of_its_storage() -> None:
    assert bytes_of(row=torch.zeros(4, 10)[0]) == {"row": 160}


def test_shared_memory_counts_for_the_first_name() -> None:
    x = torch.zeros(10)
    assert bytes_of(x=x, view=x[2:], again=[x]) == {"x": 40}


def test_a_module_counts_with_parameters_buffers_and_gradients() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    weights = sum(p.nbytes for p in module.parameters())
    buffers = sum(b.nbytes for b in module.buffers())
    assert bytes_of(module=module) == {"module": weights + buffers}
    module(torch.ones(4, 3)).sum().backward()
    assert bytes_of(module=module) == {"module": 2 * weights + buffers}


def test_an_optimizer_counts_with_its_state() -> None:
    weight = torch.nn.Parameter(torch.ones(10))
    optimizer = torch.optim.SGD([weight], lr=0.1, momentum=0.9)
    weight.sum().backward()
    optimizer.step()
    assert bytes_of(weight=weight, optimizer=optimizer) == {"weight": 80, "optimizer": 40}


def test_containers_and_objects_count_with_their_contents() -> None:
    @dataclasses.dataclass
    class Batch:
        x: torch.Tensor

    class Trainer:
        def __init__(self) -> None:
            self.kept = {"last": (torch.zeros(5),)}

    assert bytes_of(
        batch=Batch(torch.zeros(3)), trainer=Trainer(), losses=[torch.zeros(2)] * 9
    ) == {
        "batch": 12,
        "trainer": 20,
        "losses": 8,
    }


def test_names_of_functions_follow_those_of_the_top_level() -> None:
    x, y = torch.zeros(2), torch.zeros(3)
    found = holders([("", {"x": x}), ("Net.forward", {"input": x, "hidden": y})])
    assert [(holder.function, holder.name) for holder in found] == [
        ("", "x"),
        ("Net.forward", "hidden"),
    ]
    assert found[0].value == Tensor((2,), "float32", "cpu")


def test_a_module_is_shown_by_its_class() -> None:
    (holder,) = holders([("", {"layer": torch.nn.Linear(3, 2)})])
    assert holder.value == OtherObject("Linear", "Linear(in_features=3, out_features=2, bias=True)")


def test_a_reference_cycle_is_walked_once() -> None:
    circle: list[Any] = [torch.zeros(2)]
    circle.append(circle)
    assert bytes_of(circle=circle) == {"circle": 8}


def test_no_program_code_runs() -> None:
    class Hostile(dict):  # type: ignore[type-arg]
        def values(self) -> Any:
            raise AssertionError

        def __getattribute__(self, name: str) -> Any:
            raise AssertionError

    assert by_device({"hostile": Hostile(x=torch.zeros(2))})[0].allocated == 8


def test_each_device_has_its_own_total() -> None:
    names = {"x": torch.zeros(2), "m": torch.zeros(3, device="meta"), "y": torch.zeros(4)}
    assert {used.device: used.allocated for used in by_device(names)} == {"cpu": 24, "meta": 12}


def test_too_many_objects_give_no_total() -> None:
    kept = [torch.zeros(1) for _ in range(SCANNED + 1)]
    assert by_device({"kept": kept}) == ()


def test_plain_numbers_do_not_count_as_objects() -> None:
    (used,) = by_device({"numbers": list(range(10 * SCANNED)), "x": torch.zeros(2)})
    assert used.allocated == 8


def test_a_class_whose_metaclass_hashes_is_not_hashed() -> None:
    class Meta(type):
        def __hash__(cls) -> int:
            raise AssertionError

    class Odd(metaclass=Meta):
        def __init__(self) -> None:
            self.x = torch.zeros(2)

    assert bytes_of(odd=Odd()) == {"odd": 8}
