"""The signature of a part of a tensor or array is that of the part itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tensorhints.model.values import Array, Tensor
from tensorhints.runner.observe import tensor_parts

SHAPE = (4, 1, 3, 5)

_bounds = st.none() | st.integers(-6, 6)
_slices = st.builds(slice, _bounds, _bounds, st.none() | st.integers(1, 3))
_plain = st.integers(-1, 0) | _slices | st.none() | st.just(...)
_lists = st.lists(st.just(0), max_size=3).map(lambda items: torch.tensor(items, dtype=torch.int64))
_keys = _plain | st.lists(_plain, max_size=6).map(tuple)
_torch_keys = _keys | _lists | st.lists(_plain | _lists, max_size=5).map(tuple)


@given(_torch_keys)
def test_a_part_of_a_tensor(key: Any) -> None:
    whole = torch.zeros(SHAPE, dtype=torch.int32)
    found = tensor_parts.signature(whole, key)
    try:
        part = whole[key]
    except IndexError:
        return
    if found is not None:
        assert isinstance(found, Tensor)
        assert found == Tensor(tuple(part.shape), "int32", "cpu")


@given(_keys)
def test_a_part_of_an_array(key: Any) -> None:
    whole = np.zeros(SHAPE, np.float32)
    found = tensor_parts.signature(whole, key)
    try:
        part = whole[key]
    except IndexError:
        return
    if isinstance(part, np.ndarray) and part.shape:
        assert found == Array(part.shape, "float32")
    else:
        assert found is None


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        (0, (1, 3, 5)),
        ((slice(None), 0), (4, 3, 5)),
        ((..., slice(1, None)), (4, 1, 3, 4)),
        (torch.tensor([0, 2]), (2, 1, 3, 5)),
        ((0, slice(None), torch.tensor([1, 2])), (1, 2, 5)),
        ((0, 0, 0, 0), ()),
    ],
)
def test_common_indices_are_known(key: Any, shape: tuple[int, ...]) -> None:
    assert tensor_parts.signature(torch.zeros(SHAPE), key) == Tensor(shape, "float32", "cpu")


def test_a_mask_does_not_say_how_much_it_selects() -> None:
    whole = torch.zeros(3)
    assert tensor_parts.signature(whole, whole > 0) is None
    assert tensor_parts.signature(whole, True) is None
