"""Guesses the outputs of operations whose shapes depend on values.

A guessed size is always the largest one that is possible.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from .branch_answers import branch_answers
from .taint import state


def _truth(mode: FakeTensorMode, *_: Any, **__: Any) -> bool:
    state.guesses += 1
    return branch_answers.truth()


def _nonzero(mode: FakeTensorMode, tensor: Any) -> Any:
    return _positions(mode, tensor, tensor.numel(), tensor.dim())


def _masked_select(mode: FakeTensorMode, tensor: Any, mask: Any) -> Any:
    shape = torch.broadcast_shapes(tensor.shape, mask.shape)
    count = shape.numel()
    if mask.constant is not None:
        count = int(mask.constant.expand(shape).sum())
    else:
        state.guesses += 1
    with mode:
        return torch.empty(count, dtype=tensor.dtype, device=tensor.device)


def _index(mode: FakeTensorMode, tensor: Any, indices: Sequence[Any]) -> Any:
    with mode:
        positions: List[Any] = []
        for index in indices:
            if index is None or index.dtype not in (torch.bool, torch.uint8):
                positions.append(index)
                continue
            if index.constant is not None:
                count = int(index.constant.sum())
            else:
                state.guesses += 1
                count = index.numel()
            positions += [_empty(mode, index, count) for _ in range(index.dim())]
        return torch.ops.aten.index.Tensor(tensor, positions)


def _unique(mode: FakeTensorMode, tensor: Any, *_: Any, **__: Any) -> Any:
    inverse = _positions(mode, tensor, *tensor.shape)
    with mode:
        values = torch.empty(tensor.numel(), dtype=tensor.dtype, device=tensor.device)
    return values, inverse, _positions(mode, tensor, tensor.numel())


def _unique_dim(mode: FakeTensorMode, tensor: Any, dim: int, *_: Any, **__: Any) -> Any:
    count = tensor.shape[dim]
    with mode:
        values = torch.empty_like(tensor)
    return values, _positions(mode, tensor, count), _positions(mode, tensor, count)


def _unique_consecutive(
    mode: FakeTensorMode, tensor: Any, inverse: bool = False, counts: bool = False, dim: Any = None
) -> Any:
    return _unique(mode, tensor) if dim is None else _unique_dim(mode, tensor, dim)


def _bincount(mode: FakeTensorMode, tensor: Any, weights: Any = None, minlength: int = 0) -> Any:
    counts = _positions(mode, tensor, max(1, minlength))
    if weights is None:
        return counts
    with mode:
        return counts.to(weights.dtype if weights.dtype is torch.float32 else torch.float64)


def _repeat_interleave(mode: FakeTensorMode, repeats: Any, *, output_size: Any = None) -> Any:
    if output_size is None:
        return _positions(mode, repeats, repeats.numel())
    return _empty(mode, repeats, output_size)


def _positions(mode: FakeTensorMode, like: Any, *sizes: int) -> Any:
    """Return unknown int64 values whose number is a guess, on the device of `like`."""
    state.guesses += 1
    return _empty(mode, like, *sizes)


def _empty(mode: FakeTensorMode, like: Any, *sizes: int) -> Any:
    with mode:
        return torch.empty(*sizes, dtype=torch.int64, device=like.device)


GUESSES: Dict[str, Callable[..., Any]] = {
    "equal": _truth,
    "allclose": _truth,
    "is_nonzero": _truth,
    "nonzero": _nonzero,
    "masked_select": _masked_select,
    "index": _index,
    "_unique2": _unique,
    "unique_dim": _unique_dim,
    "unique_consecutive": _unique_consecutive,
    "bincount": _bincount,
    "repeat_interleave": _repeat_interleave,
}
"""Functions that guess outputs, by the name of the operation."""


# ---- operations that exist on GPUs only and of which FakeTensor does not know the outputs --------


def _gru_cell(mode: FakeTensorMode, gates: Any, hidden_gates: Any, state: Any, *_: Any) -> Any:
    with mode:
        return torch.empty_like(state), state.new_empty(state.shape[0], 5 * state.shape[1])


def _gru_cell_backward(mode: FakeTensorMode, gradient: Any, workspace: Any, has_bias: bool) -> Any:
    with mode:
        size = gradient.shape[1]
        gates = gradient.new_empty(gradient.shape[0], 3 * size)
        bias = gradient.new_empty(3 * size) if has_bias else None
        return gates, gates.clone(), torch.empty_like(gradient), bias, bias


EMPTY_OUTPUTS: Dict[str, Callable[..., Any]] = {
    "_thnn_fused_gru_cell": _gru_cell,
    "_thnn_fused_gru_cell_backwardward": _gru_cell_backward,
}
"""Functions that create empty outputs, by the name of the operation."""
