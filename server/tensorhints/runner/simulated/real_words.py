"""What torch itself says of an operation that FakeTensor refused in words of its own."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import torch
from torch._subclasses import fake_tensor
from torch.utils import _pytree as pytree

_MOST_ELEMENTS = 1 << 22


def of(error: Exception, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Exception:
    """The exception that the operation raises on real tensors of these sizes, full of zeros; the
    one given where they are too large, or where it raises none.
    """
    leaves = pytree.tree_leaves((args, kwargs))
    tensors = [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]
    if not tensors or sum(tensor.numel() for tensor in tensors) > _MOST_ELEMENTS:
        return error
    try:
        with fake_tensor.unset_fake_temporarily(), torch._C.DisableTorchFunction():
            real_args, real_kwargs = pytree.tree_map(_real, (tuple(args), dict(kwargs)))
            func(*real_args, **real_kwargs)
    except Exception as real:
        return real.with_traceback(None)
    return error


def _real(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        size, stride, dtype = tuple(value.shape), value.stride(), value.dtype
        return torch.empty_strided(size, stride, dtype=dtype, device="cpu").zero_()
    if isinstance(value, torch.device):
        return torch.device("cpu")
    return value
