"""The inspector's rows: what is alive, where it was bound, and the memory of each device."""

from __future__ import annotations

from tensorhints.model.locations import COMPREHENSION, HintLocation
from tensorhints.model.messages import DeviceMemory, LiveTensor
from tensorhints.model.values import TensorDetails
from tensorhints.present.rows import inspection
from unit.present.samples import location, observation, tensor


def at(location: HintLocation) -> tuple[str, int, int]:
    return "file:///program.py", location.line, location.column


def test_a_row_has_all_properties_of_a_live_tensor() -> None:
    value = tensor(4, 3, requires_grad=True)
    seen = observation(value, at=location(name="w", line=7))
    found = inspection([LiveTensor("w", value, 48, 1)], [seen], at)
    assert found["rows"] == [
        {
            "name": "w",
            "uri": "file:///program.py",
            "line": 7,
            "character": 1,
            "label": "f32[4,3] cpu ∇",
            "shape": [4, 3],
            "dtype": "float32",
            "device": "cpu",
            "requiresGrad": True,
            "bytes": 48,
            "alive": True,
        }
    ]


def test_a_name_bound_twice_is_at_its_last_location() -> None:
    value = tensor(3)
    seen = [observation(value, at=location(line=line)) for line in (1, 5)]
    assert inspection([LiveTensor("x", value, 12, 1)], seen, at)["rows"][0]["line"] == 5


def test_a_name_whose_location_is_gone_has_no_position() -> None:
    found = inspection(
        [LiveTensor("x", tensor(3), 12, 1)], [observation(tensor(3))], lambda _: None
    )
    assert (found["rows"][0]["line"], found["rows"][0]["character"]) == (None, None)


def test_a_name_that_does_not_hold_a_tensor_any_more_is_not_alive() -> None:
    seen = observation(tensor(3), details=TensorDetails(nbytes=12))
    (row,) = inspection([], [seen], at)["rows"]
    assert (row["alive"], row["bytes"]) == (False, 12)


def test_names_that_stay_alive_are_unknown_before_the_end() -> None:
    (row,) = inspection(None, [observation(tensor(3))], at)["rows"]
    assert row["alive"] is None


def test_names_of_functions_and_comprehensions_have_no_row() -> None:
    seen = [
        observation(tensor(3), at=location(scope="forward")),
        observation(tensor(3), at=location(COMPREHENSION)),
    ]
    assert inspection([], seen, at)["rows"] == []


def test_shared_memory_counts_once_for_each_device() -> None:
    tensors = [
        LiveTensor("x", tensor(10), 40, 1),
        LiveTensor("row", tensor(5), 20, 1),
        LiveTensor("y", tensor(2), 8, 2),
        LiveTensor("g", tensor(2, device="cuda:0"), 8, 1),
        LiveTensor("m", tensor(2, device="meta"), 8, 0),
        LiveTensor("n", tensor(2, device="meta"), 8, 0),
    ]
    totals = inspection(tensors, [], at)["totals"]
    assert {device: (total["tensors"], total["bytes"]) for device, total in totals.items()} == {
        "cpu": (3, 48),
        "cuda:0": (1, 8),
        "meta": (2, 16),
    }


def test_a_device_lists_all_that_the_program_holds_there() -> None:
    memory = [DeviceMemory("cuda:0", 3, 20, 5), DeviceMemory("cpu", 48)]
    totals = inspection([LiveTensor("x", tensor(10), 40, 1)], [], at, memory=memory)["totals"]
    assert totals == {
        "cuda:0": {"tensors": 0, "bytes": 0, "allocated": 3, "reserved": 20, "peak": 5},
        "cpu": {"tensors": 1, "bytes": 40, "allocated": 48, "reserved": None, "peak": None},
    }
