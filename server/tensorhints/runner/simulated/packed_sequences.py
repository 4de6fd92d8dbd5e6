"""Packed sequences: their lengths are values, and torch's kernels read them from memory."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import torch

from .taint import state

_F: Any = torch._C._VariableFunctions
_PACK, _PAD = _F._pack_padded_sequence, _F._pad_packed_sequence


def _packed(data: Any, lengths: Any, batch_first: bool) -> Tuple[Any, Any]:
    if batch_first:
        data = data.transpose(0, 1)
    longest, batch = data.shape[0], data.shape[1]
    sizes = _batch_sizes(lengths)
    if sizes is None:
        state.guesses += 1
        sizes = [batch] * longest
    flat = data.reshape(longest * batch, *data.shape[2:])
    rows = torch.empty(sum(sizes), dtype=torch.int64, device=data.device)
    return flat.index_select(0, rows), torch.tensor(sizes, dtype=torch.int64, device="cpu")


def _batch_sizes(lengths: Any) -> Any:
    known = getattr(lengths, "constant", None)
    if known is None:
        return None
    values: List[int] = known.tolist()
    return [sum(length > step for length in values) for step in range(max(values))]


def _padded(
    data: Any, batch_sizes: Any, batch_first: bool, padding_value: float, total_length: int
) -> Tuple[Any, Any]:
    known = getattr(batch_sizes, "constant", None)
    if known is None:
        state.guesses += 1
        longest, batch = batch_sizes.numel(), max(1, data.shape[0] // batch_sizes.numel())
        lengths = torch.empty(batch, dtype=torch.int64)
    else:
        sizes: List[int] = known.tolist()
        longest, batch = len(sizes), sizes[0]
        counts = [sum(size > row for size in sizes) for row in range(batch)]
        lengths = torch.tensor(counts, dtype=torch.int64, device="cpu")
    if total_length > 0:
        longest = total_length
    rows = torch.empty(longest * batch, dtype=torch.int64, device=data.device)
    padded = data.index_select(0, rows).reshape(longest, batch, *data.shape[1:])
    return (padded.transpose(0, 1) if batch_first else padded), lengths


def _recurrent(function: Any) -> Any:
    def run(data: Any, second: Any, *rest: Any) -> Any:
        if not isinstance(second, torch.Tensor):  # not packed: (data, hidden, weights, …)
            return function(data, second, *rest)
        if not isinstance(rest[1], (list, tuple)):
            return function(data, second, *rest)
        hidden, weights, *flags = rest
        states = hidden if isinstance(hidden, (list, tuple)) else (hidden,)
        firsts = [state[:, :1].contiguous() for state in states]
        start = firsts if isinstance(hidden, (list, tuple)) else firsts[0]
        # As a batch of one padded sequence: the sizes and the autograd graph are the same.
        output, *ends = function(data.unsqueeze(1), start, weights, *flags, False)
        batch = states[0].shape[1]
        return (output.squeeze(1), *(end.expand(-1, batch, -1).contiguous() for end in ends))

    return run


REPLACEMENTS: Dict[Any, Any] = {_PACK: _packed, _PAD: _padded}
for _name in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
    REPLACEMENTS[getattr(_F, _name)] = _recurrent(getattr(_F, _name))
