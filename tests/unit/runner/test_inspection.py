"""Inspections of single tensors: summaries of their numbers, made without running their code."""

from __future__ import annotations

import base64
import math
from collections import OrderedDict, namedtuple
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from tensorhints.model import wire
from tensorhints.model.inspections import Inspection, NumericSummary
from tensorhints.model.messages import Inspect, Inspected
from tensorhints.model.user_messages import UserMessage
from tensorhints.model.values import Array, Tensor
from tensorhints.runner.inspect import inspection, summaries


def _selects_uint64() -> bool:
    try:
        torch.ones(2, dtype=torch.uint64)[torch.tensor([0])]
    except RuntimeError:
        return False
    return True


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """`answer` changes global state: it is made for a process that ends afterwards."""
    threads, gradients = torch.get_num_threads(), torch.is_grad_enabled()
    yield
    torch.set_num_threads(threads)
    torch.set_grad_enabled(gradients)


def asked(name: str, slice_: str = "", **namespace: Any) -> Inspected:
    answer = inspection.answer(namespace, Inspect(3, 7, name, slice_))
    (arrived,) = wire.Decoder().feed(wire.encode(answer))
    assert arrived == answer
    assert (answer.run, answer.query) == (3, 7)
    return answer


def inspected(value: Any, slice_: str = "") -> Inspection:
    answer = asked("x", slice_, x=value)
    assert answer.inspection is not None, answer.problem
    return answer.inspection


def numbers(value: Any, slice_: str = "") -> NumericSummary:
    found = inspected(value, slice_)
    assert found.numbers is not None, found.reason
    return found.numbers


def reason(value: Any) -> str:
    found = inspected(value)
    assert found.numbers is None
    assert found.reason is not None
    return found.reason.code


# ---- statistics ---------------------------------------


def test_statistics_separate_finite_numbers_from_others() -> None:
    x = torch.tensor([0.0, 1.0, 2.0, 6.0, math.nan, math.inf, -math.inf, -math.inf])
    found = numbers(x).statistics
    assert (found.minimum, found.maximum, found.mean) == ("0.0", "6.0", "2.25")
    assert found.deviation == f"{torch.tensor([0.0, 1.0, 2.0, 6.0]).std().item():.4g}"
    assert (found.count, found.nan, found.inf, found.zeros, found.trues) == (8, 1, 3, 1, None)


@pytest.mark.parametrize(
    ("x", "low", "high", "mean"),
    [
        (torch.arange(10), "0", "9", "4.5"),
        (torch.tensor([2**62, 2**62 + 1]), str(2**62), str(2**62 + 1), "4.612e+18"),
        (torch.tensor([1, 3], dtype=torch.uint8), "1", "3", "2.0"),
        pytest.param(
            torch.tensor([2**63 + 5, 1], dtype=torch.uint64),
            *("1.0", "9.223e+18", "4.612e+18"),
            marks=pytest.mark.skipif(not _selects_uint64(), reason="this torch cannot select them"),
        ),
        (torch.tensor([1.5, 2.5]).bfloat16(), "1.5", "2.5", "2.0"),
        (torch.tensor([1.5, 2.5]).half(), "1.5", "2.5", "2.0"),
        (torch.tensor([1.5, 2.5]).to(torch.float8_e4m3fn), "1.5", "2.5", "2.0"),
        (torch.tensor([1.5, 2.5]).to(torch.float8_e5m2), "1.5", "2.5", "2.0"),
        (torch.tensor([3 + 4j, 0j]), "0.0", "5.0", "2.5"),
        (torch.tensor([3 + 4j, 0j]).conj(), "0.0", "5.0", "2.5"),
        (torch.full((9,), 1e308, dtype=torch.float64), "1e+308", "1e+308", "1e+308"),
        (torch.tensor(2.5), "2.5", "2.5", "2.5"),
        (np.array([1, 3], dtype=">i2"), "1", "3", "2.0"),
        (np.array([1.0, 3.0], dtype=np.longdouble), "1.0", "3.0", "2.0"),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_every_dtype_has_numbers(x: Any, low: str, high: str, mean: str) -> None:
    found = numbers(x).statistics
    assert (found.minimum, found.maximum, found.mean) == (low, high, mean)


def test_booleans_are_counted() -> None:
    found = numbers(torch.tensor([True, False, True]))
    assert (found.statistics.trues, found.statistics.zeros) == (2, 1)
    assert found.histogram is not None
    assert found.histogram.edges == (0.0, 1.0, 2.0)
    assert found.histogram.counts == (1, 2)


def test_a_histogram_counts_every_finite_number_once() -> None:
    x = torch.randn(1000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    x[::10] = math.nan
    found = numbers(x).histogram
    assert found is not None
    expected, edges = np.histogram(x[~x.isnan()].numpy(), np.array(found.edges))
    assert (found.counts, tuple(edges)) == (tuple(expected), found.edges)
    assert sum(found.counts) == 900
    assert len(found.counts) <= 64


@pytest.mark.parametrize("number", [0.0, 5.0, -1e300, 1e-300])
def test_equal_numbers_make_one_bin_around_them(number: float) -> None:
    found = numbers(torch.full((7,), number, dtype=torch.float64)).histogram
    assert found is not None
    assert found.edges[0] < number < found.edges[1]
    assert found.counts == (7,)


def test_an_empty_tensor_has_no_statistics() -> None:
    found = numbers(torch.empty(0, 5))
    assert (found.statistics.count, found.statistics.minimum, found.histogram) == (0, None, None)
    assert (found.block.rows, found.heat_map, found.picture) == ((), None, None)
    assert numbers(torch.empty(0, 4, 5)).block.rows == ()


# ---- slices, blocks, heat maps, pictures ---------------------------------------


def test_the_last_two_dimensions_are_shown_at_first() -> None:
    x = torch.arange(24).reshape(2, 3, 4)
    found = numbers(x)
    assert (found.indices, found.row_axis, found.column_axis) == ((0, -1, -1), 1, 2)
    assert found.block.rows == (
        ("0", "1", "2", "3"),
        ("4", "5", "6", "7"),
        ("8", "9", "10", "11"),
    )


@pytest.mark.parametrize(
    ("slice_", "cut", "first"),
    [
        ("1", (1, -1, -1), ("12", "13", "14", "15")),
        ("-1, :, :", (1, -1, -1), ("12", "13", "14", "15")),
        (":, 2, :", (-1, 2, -1), ("8", "9", "10", "11")),
        (":, :, 3", (-1, -1, 3), ("3", "7", "11")),
        ("1, 2", (1, 2, -1), ("20", "21", "22", "23")),
        ("1, 2, 3", (1, 2, 3), ("23",)),
        ("0, 1:, 2:", (0, -1, -1), ("6", "7")),
        ("0, -1:, :", (0, -1, -1), ("8", "9", "10", "11")),
    ],
)
def test_a_slice_selects_the_numbers_shown(
    slice_: str, cut: tuple[int, ...], first: object
) -> None:
    found = numbers(torch.arange(24).reshape(2, 3, 4), slice_)
    assert (found.indices, found.block.rows[0]) == (cut, first)


@pytest.mark.parametrize("slice_", ["2", "-3", ":, :, :", "0, 0, 0, 0", "x", "1.5", "::2", "0, 9:"])
def test_a_slice_that_does_not_fit_is_reported(slice_: str) -> None:
    answer = asked("x", slice_, x=torch.arange(24).reshape(2, 3, 4))
    assert answer.problem == UserMessage("bad-slice", slice_)


def test_a_block_is_a_window_that_can_be_moved() -> None:
    x = torch.arange(100 * 100).reshape(100, 100)
    block = numbers(x, "40:, 90:").block
    assert (block.row, block.column) == (40, 90)
    assert (len(block.rows), len(block.rows[0])) == (60, 10)
    assert block.rows[0][0] == "4090"
    whole = numbers(x).block
    assert (len(whole.rows), len(whole.rows[0])) == (64, 64)


def test_cells_are_texts_as_labels_have_them() -> None:
    rows = numbers(torch.tensor([2.30259, math.nan, -math.inf, 3.0])).block.rows
    assert rows == (("2.303", "nan", "-inf", "3.0"),)
    assert numbers(torch.tensor([1 - 2j])).block.rows == (("1.0-2.0j",),)
    assert numbers(torch.tensor([True])).block.rows == (("True",),)


def test_a_heat_map_shows_small_slices_as_they_are() -> None:
    heat = numbers(torch.tensor([[1.0, math.nan], [math.inf, -2.0]])).heat_map
    assert heat is not None
    assert heat.rows == ((1.0, "nan"), ("inf", -2.0))
    assert (heat.minimum, heat.maximum, heat.row_step, heat.column_step) == (-2.0, 1.0, 1, 1)


def test_a_heat_map_of_a_large_slice_shows_means() -> None:
    x = torch.arange(300 * 130, dtype=torch.float64).reshape(300, 130)
    heat = numbers(x).heat_map
    assert heat is not None
    assert (heat.row_step, heat.column_step) == (3, 2)
    assert (len(heat.rows), len(heat.rows[0])) == (100, 65)
    assert heat.rows[99][64] == float(f"{x[297:300, 128:130].mean().item():.6g}")


def test_the_last_tile_of_a_heat_map_is_the_mean_of_the_rest() -> None:
    heat = numbers(torch.tensor([[0.0] * 128 + [7.0]])).heat_map
    assert heat is not None
    assert (heat.column_step, heat.rows[0][-1]) == (2, 7.0)


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((3, 20, 30), (30, 20, 3)),
        ((1, 20, 30), (30, 20, 1)),
        ((20, 30, 3), (30, 20, 3)),
        ((8, 3, 20, 30), (30, 20, 3)),
        ((3, 600, 300), (150, 200, 3)),
    ],
)
def test_a_tensor_with_the_shape_of_a_picture_is_drawn(
    shape: tuple[int, ...], size: tuple[int, int, int]
) -> None:
    picture = numbers(torch.rand(shape)).picture
    assert picture is not None
    assert (picture.width, picture.height, picture.channels) == size
    assert len(base64.b64decode(picture.data)) == math.prod(size)
    assert (picture.low, picture.high) == (0.0, 1.0)


@pytest.mark.parametrize("shape", [(20, 30), (2, 20, 30), (3, 1, 9), (3,)])
def test_other_shapes_are_not_drawn_as_pictures(shape: tuple[int, ...]) -> None:
    assert numbers(torch.rand(shape)).picture is None


def test_the_points_of_a_picture_are_those_of_the_tensor() -> None:
    x = torch.randint(0, 256, (2, 3, 4, 5), dtype=torch.uint8)
    picture = numbers(x, "1").picture
    assert picture is not None
    assert base64.b64decode(picture.data) == bytes(x[1].permute(1, 2, 0).flatten().tolist())


def test_a_picture_of_any_numbers_spans_their_range() -> None:
    x = torch.tensor([[[-2.0, 0.0], [math.nan, 2.0]]])
    picture = numbers(x).picture
    assert picture is not None
    assert (picture.low, picture.high) == (-2.0, 2.0)
    assert list(base64.b64decode(picture.data)) == [0, 128, 0, 255]


# ---- very large ---------------------------------------


def test_a_billion_elements_are_sampled() -> None:
    x = torch.arange(10_000).expand(100_000, 10_000)
    found = numbers(x)
    assert found.sampled
    assert found.statistics.count == summaries.MOST_READ
    assert found.histogram is not None
    assert sum(found.histogram.counts) == summaries.MOST_READ
    # All parts of the range occur equally often, although the tensor is periodic.
    assert max(found.histogram.counts) < 1.1 * min(found.histogram.counts)
    assert len(wire.encode(asked("x", x=x))) < 500_000


def test_a_sample_reaches_from_the_first_element_to_the_last() -> None:
    x = torch.arange(summaries.MOST_READ * 3 + 17)
    found = numbers(x).statistics
    assert found.minimum is not None
    assert found.maximum is not None
    assert int(found.minimum) < 3
    assert int(found.maximum) > len(x) - 23


# ---- tensors without plain numbers ---------------------------------------


@pytest.mark.filterwarnings("ignore")
def test_sparse_tensors_show_their_stored_values() -> None:
    x = torch.tensor([[0.0, 2.0], [3.0, 0.0]])
    for sparse in (x.to_sparse(), x.to_sparse_csc()):
        found = inspected(sparse)
        assert found.numbers is not None
        assert (found.numbers.content, found.numbers.sizes) == ("stored", (2,))
        assert found.numbers.block.rows in ((("2.0", "3.0"),), (("3.0", "2.0"),))
        assert isinstance(found.value, Tensor)
        assert found.value.shape == (2, 2)


@pytest.mark.filterwarnings("ignore")
def test_quantized_tensors_show_their_dequantized_numbers() -> None:
    x = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 0, torch.quint8)
    assert numbers(x).block.rows == (("0.5", "1.0"),)


class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls) -> Any:
        return torch.Tensor._make_wrapper_subclass(cls, (3,))

    @classmethod
    def __torch_dispatch__(cls, *_: Any, **__: Any) -> Any:
        raise AssertionError("code of the program's has run")


@pytest.mark.filterwarnings("ignore")
def test_a_tensor_without_numbers_has_a_reason() -> None:
    assert reason(torch.empty(3, device="meta")) == "values-meta"
    assert reason(torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])) == "values-nested"
    assert reason(Wrapper()) == "values-wrapped"
    assert reason(np.array(["a"])) == "values-no-numbers"
    freed = torch.ones(3)
    freed.untyped_storage().resize_(0)
    assert reason(freed) == "values-wrapped"
    with torch._subclasses.FakeTensorMode():
        simulated = torch.ones(3)
    assert reason(simulated) == "values-simulated"


def test_every_inspection_has_value_bytes_strides_and_gradient() -> None:
    w = torch.ones(2, 3, requires_grad=True)
    (w * 2).sum().backward()
    found = inspected(w)
    assert found.value == Tensor((2, 3), "float32", "cpu", requires_grad=True)
    assert (found.nbytes, found.strides) == (24, (3, 1))
    assert found.gradient == Tensor((2, 3), "float32", "cpu")
    array = inspected(np.zeros((2, 3), dtype=np.int32))
    assert (array.value, array.nbytes, array.gradient) == (Array((2, 3), "int32"), 24, None)


# ---- names ---------------------------------------

Pair = namedtuple("Pair", "left right")


def test_a_name_resolves_to_the_object_it_holds() -> None:
    x = torch.ones(3)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
    w = torch.ones(3, requires_grad=True)
    w.grad = x
    names = {
        "x": x,
        "d['k']": {"k": x},
        'd["k"][-1]': {"k": [0, x]},
        "d[3]": {3: x},
        "state['fc.weight']": OrderedDict({"fc.weight": x}),
        "pair.right": Pair(0, x),
        "pair[1]": Pair(0, x),
        "config.x": SimpleNamespace(x=x),
        "w.grad": w,
        "model[0].weight": model,
        "model[-2].bias": model,
        "model": torch.nn.Parameter(x),
    }
    for name, held in names.items():
        root = name.split(".")[0].split("[")[0]
        assert asked(name, **{root: held}).inspection is not None, name


class Loud:
    """Records when its code runs."""

    @property
    def x(self) -> Any:
        raise AssertionError("code of the program's has run")

    __getattr__ = __getitem__ = lambda self, name: self.x


@pytest.mark.parametrize(
    "name",
    ["nope", "loud.x", "loud.y", "loud[0]", "x.T", "xs[5]", "x[", "", "f(x)", "x + x", "xs[x]"],
)
def test_a_name_that_needs_code_to_run_does_not_resolve(name: str) -> None:
    answer = asked(name, loud=Loud(), x=torch.ones(3), xs=[1], f=abs)
    assert answer.problem == UserMessage("no-such-tensor", name)


def test_a_name_of_another_object_is_reported() -> None:
    assert asked("n", n=3).problem == UserMessage("not-a-tensor", "n")


# ---- no code of the program runs --------------------


class Shouting(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *_: Any, **__: Any) -> Any:
        raise AssertionError("code of the program's has run")


class LoudFunctions(TorchFunctionMode):
    def __torch_function__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("code of the program's has run")


class LoudDispatch(TorchDispatchMode):
    def __torch_dispatch__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("code of the program's has run")


def test_a_subclass_is_read_without_its_code() -> None:
    x = torch.tensor([1.0, 2.0]).as_subclass(Shouting)
    assert numbers(x).block.rows == (("1.0", "2.0"),)


def test_modes_left_active_do_not_see_calls() -> None:
    x = torch.tensor([[1.0, 2.0]])
    with LoudDispatch(), LoudFunctions():
        answer = inspection.answer({"x": x}, Inspect(1, 1, "x"))
    assert answer.problem is None
    assert answer.inspection is not None
    assert answer.inspection.numbers is not None


def test_replaced_methods_of_torch_are_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shout(*_: Any, **__: Any) -> Any:
        raise AssertionError("code of the program's has run")

    for name in ("sum", "mean", "tolist", "to", "reshape", "__getitem__", "item", "isnan"):
        monkeypatch.setattr(torch.Tensor, name, shout, raising=False)
    for name in ("arange", "empty", "stack", "bucketize", "tensor"):
        monkeypatch.setattr(torch, name, shout)
    answer = inspection.answer({"x": torch.rand}, Inspect(1, 1, "x"))
    assert answer.problem == UserMessage("not-a-tensor", "x")
    image = inspection.answer({"x": torch._C._VariableFunctions.rand(3, 9, 9)}, Inspect(1, 1, "x"))
    assert image.problem is None
    assert image.inspection is not None
    assert image.inspection.numbers is not None


def test_random_generators_keep_their_state() -> None:
    before = torch.get_rng_state()
    asked("x", x=torch.ones(3, 300, 300))
    assert torch.equal(before, torch.get_rng_state())
