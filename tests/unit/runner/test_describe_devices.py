"""Tensors on other devices than the CPU are described without reading their values."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch._subclasses import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from tensorhints.model.values import Tensor, TensorDetails
from tensorhints.runner.observe import describe, holdings

ASKING = ("item", "tolist", "numpy", "cpu", "to", "__repr__", "__bool__", "__float__", "__int__")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record every call that reads a tensor's values."""
    asked: list[str] = []
    for name in ASKING:
        monkeypatch.setattr(
            torch.Tensor, name, lambda *_, name=name, **__: asked.append(name), raising=True
        )
    return asked


class Ops(TorchDispatchMode):
    """Record every operation that torch dispatches: on a GPU each could synchronise."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.seen.append(str(func))
        return func(*args, **(kwargs or {}))


def described(tensor: torch.Tensor) -> Tensor:
    found = describe.describe(tensor)
    assert isinstance(found, Tensor)
    return found


def details(tensor: torch.Tensor) -> TensorDetails:
    found = describe.details(tensor)
    assert found is not None
    return found


def on_other_devices() -> list[torch.Tensor]:
    number = torch.zeros((), device="meta")
    grown = torch.zeros(2, 3, device="meta", requires_grad=True) * 2
    return [number, number.requires_grad_(), grown, grown[0], torch.ones(3, device="meta") > 0]


def test_no_value_is_read_from_a_tensor_on_another_device(asked: list[str]) -> None:
    tensors = on_other_devices()
    with Ops() as ops:
        for tensor in tensors:
            assert described(tensor).device == "meta"
            assert details(tensor).scalar is None
            assert describe.scalar(tensor) is None
            assert not describe.is_scalar(tensor)
        holdings.holders([("", {"all": tensors})])
    assert asked == []
    assert ops.seen == []


def test_a_value_on_the_cpu_is_read_without_an_operation(asked: list[str]) -> None:
    number = torch.tensor(2.5)
    with Ops() as ops:
        assert describe.scalar(number) == "2.5"
    assert asked == []
    assert ops.seen == []


def test_inside_a_transform_the_class_is_that_of_the_repr() -> None:
    seen: list[Tensor] = []

    def look(x: torch.Tensor) -> torch.Tensor:
        seen.append(described(x))
        return x.sum()

    torch.vmap(look)(torch.ones(5, 3))
    torch.func.grad(look)(torch.ones(4))
    assert seen == [
        Tensor((3,), "float32", "cpu", type_name="BatchedTensor"),
        Tensor((4,), "float32", "cpu", True, type_name="GradTrackingTensor"),
    ]


def test_a_fake_tensor_of_the_program_is_named_as_one() -> None:
    with FakeTensorMode():
        fake = torch.empty(2, device="cuda:1")
    assert describe.describe(fake) == Tensor((2,), "float32", "cuda:1", type_name="FakeTensor")


def test_the_size_in_memory_is_known_only_for_strided_tensors() -> None:
    assert details(torch.ones(2, 3)).nbytes == 24
    for tensor in (torch.eye(3).to_sparse(), torch.ones(2, 2).to_mkldnn()):
        assert details(tensor).nbytes is None


def test_describing_a_subclass_does_not_run_its_code() -> None:
    class Loud(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *_: Any, **__: Any) -> Any:
            raise AssertionError

        @classmethod
        def __torch_dispatch__(cls, *_: Any, **__: Any) -> Any:
            raise AssertionError

        @property
        def shape(self) -> Any:
            raise AssertionError

        def untyped_storage(self) -> Any:
            raise AssertionError

        def __getattribute__(self, name: str) -> Any:
            raise AssertionError

    loud = torch.Tensor._make_subclass(Loud, torch.ones(2, 3))
    assert described(loud).shape == (2, 3)
    assert details(loud).nbytes == 24
    (holder,) = holdings.holders([("", {"loud": loud})])
    assert holder.nbytes == 24
