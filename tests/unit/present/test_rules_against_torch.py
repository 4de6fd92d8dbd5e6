"""No rule claims a mistake where torch sees none: random operations, judged by torch itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from tensorhints.model.failures import Operand, Operation
from tensorhints.model.values import OtherObject, Sequence, Tensor, Value
from tensorhints.present.cases import case_of
from tensorhints.present.rules import reason_for
from unit.present.test_explain import binary, call, failure, given_tensor, method, number

shapes = st.lists(st.integers(1, 4), max_size=4).map(tuple)
dtypes = st.sampled_from(["float32", "int64"])
TORCH = tuple(map(int, torch.__version__.split(".")[:2]))


def made(value: Tensor) -> Any:
    sizes = [size for size in value.shape or () if isinstance(size, int)]
    return torch.zeros(sizes, dtype=getattr(torch, value.dtype))


def listed(values: list[Tensor]) -> Operand:
    items: tuple[Value, ...] = tuple(values)
    return Operand("argument", "tensors", Sequence("list", len(items), items))


def check(operation: Operation, run: Callable[[], object]) -> None:
    """No rule may explain a failure of an operation that torch carries out."""
    try:
        run()
    except Exception:
        return
    # A message that mentions everything: each rule is left to its own proof.
    case = case_of(failure(operation, "type index out of range"))
    assert case is not None
    assert reason_for(case) is None


tensors = st.builds(lambda shape, dtype: Tensor(shape, dtype, "cpu"), shapes, dtypes)


@given(st.sampled_from(["@", "+", "*", "<", "**"]), tensors, tensors)
def test_operators(symbol: str, a: Tensor, b: Tensor) -> None:
    run = {
        "@": lambda: made(a) @ made(b),
        "+": lambda: made(a) + made(b),
        "*": lambda: made(a) * made(b),
        "<": lambda: made(a) < made(b),
        "**": lambda: made(a) ** made(b),
    }[symbol]
    check(binary(symbol, a, b), run)


@pytest.mark.parametrize("name", ["mm", "bmm", "mv", "dot", "matmul", "add_", "mul_"])
@given(a=tensors, b=tensors)
def test_methods_on_two(name: str, a: Tensor, b: Tensor) -> None:
    check(method(name, a, given_tensor("b", b)), lambda: getattr(made(a), name)(made(b)))


@pytest.mark.parametrize("name", ["view", "reshape", "permute", "expand"])
@given(a=tensors, sizes=st.lists(st.integers(-2, 5), min_size=1, max_size=4))
def test_shapes_made_anew(name: str, a: Tensor, sizes: list[int]) -> None:
    operation = method(name, a, *map(number, sizes))
    check(operation, lambda: getattr(made(a), name)(*sizes))


@pytest.mark.parametrize("name", ["cat", "stack"])
@given(parts=st.lists(tensors, max_size=3), dim=st.integers(-3, 3))
def test_joining(name: str, parts: list[Tensor], dim: int) -> None:
    operation = call(f"torch.{name}", listed(parts), number(dim))
    check(operation, lambda: getattr(torch, name)([made(part) for part in parts], dim))


@given(tensors, st.lists(st.integers(-4, 4) | st.none() | st.just(...), min_size=1, max_size=3))
def test_subscripts(a: Tensor, index: list[Any]) -> None:
    kinds = {int: "int", type(None): "NoneType", type(...): "ellipsis"}
    items = tuple(OtherObject(kinds[type(item)], repr(item)) for item in index)
    value = Sequence("tuple", len(items), items)
    operands = (Operand("base", "x", a), Operand("index", "i", value))
    check(Operation("subscript", "[]", "x[i]", operands), lambda: made(a)[tuple(index)])


@given(tensors, shapes)
def test_masks(a: Tensor, shape: tuple[int, ...]) -> None:
    mask = Tensor(shape, "bool", "cpu")
    operands = (Operand("base", "x", a), Operand("index", "m", mask))
    check(Operation("subscript", "[]", "x[m]", operands), lambda: made(a)[made(mask)])


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@given(a=tensors, b=tensors)
def test_class_losses(name: str, a: Tensor, b: Tensor) -> None:
    assume(a.dtype == "float32")
    # Older releases of torch accept several targets for a single row.
    assume(not (name == "nll_loss" and len(a.shape or ()) == 1 and TORCH < (2, 8)))
    operation = call(f"torch.nn.functional.{name}", given_tensor("a", a), given_tensor("b", b))
    check(operation, lambda: getattr(torch.nn.functional, name)(made(a), made(b)))


@given(a=tensors, b=tensors)
def test_binary_losses(a: Tensor, b: Tensor) -> None:
    name = "binary_cross_entropy_with_logits"
    operation = call(f"torch.nn.functional.{name}", given_tensor("a", a), given_tensor("b", b))
    check(operation, lambda: getattr(torch.nn.functional, name)(made(a), made(b)))


@given(
    st.sampled_from(["ij,jk->ik", "i,i", "ii->i", "bij,bjk->bik", "ij->ji"]),
    st.lists(tensors, min_size=1, max_size=2),
)
def test_einsum(equation: str, given_: list[Tensor]) -> None:
    operands = [given_tensor(f"t{index}", value) for index, value in enumerate(given_)]
    text = Operand("argument", repr(equation), OtherObject("str", repr(equation)))
    check(
        call("torch.einsum", text, *operands),
        lambda: torch.einsum(equation, *map(made, given_)),
    )
