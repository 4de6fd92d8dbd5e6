"""What torch itself says against an operation, on real tensors of the same sizes.

FakeTensor refuses in words of its own, and lets some things pass: types that do not go together,
and positions that do not exist.
"""

from __future__ import annotations

import re
from typing import Any, Hashable, List, Mapping, Optional, Sequence, Set

import torch
from torch._subclasses import fake_tensor
from torch.utils import _pytree as pytree

_MOST_ELEMENTS = 1 << 20
_OF_TYPES = re.compile(r"dtype|scalar type|not implemented for '|[Tt]ype")
_OF_POSITIONS = re.compile(r"out of (bounds|range)")

_passed: Set[Hashable] = set()


def of(error: Exception, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Exception:
    """The exception that the operation really raises; the one given where it is too large to try,
    or raises none.
    """
    tensors = _tensors(args, kwargs)
    return _raised(func, args, kwargs) or error if _are_small(tensors) else error


def objection(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[Exception]:
    """Why an operation that FakeTensor let pass would fail, by its types or by known positions."""
    tensors = _tensors(args, kwargs)
    positions = any(
        tensor.constant is not None and tensor.dtype is torch.int64
        for tensor in tensors
        if isinstance(tensor, fake_tensor.FakeTensor)
    )
    kinds = {tensor.dtype for tensor in tensors}
    if not positions and all(kind.is_floating_point for kind in kinds) and len(kinds) < 2:
        return None
    signature = (func, tuple((tensor.dtype, tensor.dim(), tensor.device) for tensor in tensors))
    if (signature in _passed and not positions) or not _are_small(tensors):
        return None
    _passed.add(signature)
    error = _raised(func, args, kwargs)
    if isinstance(error, IndexError) or _OF_POSITIONS.search(str(error)):
        return error if positions else None
    if not isinstance(error, RuntimeError) or not _OF_TYPES.search(str(error)):
        return None
    # A CPU lacks kernels that a GPU has.
    is_elsewhere = any(tensor.device.type != "cpu" for tensor in tensors)
    return None if is_elsewhere and "not implemented for" in str(error) else error


def _tensors(args: Sequence[Any], kwargs: Mapping[str, Any]) -> List[Any]:
    return [leaf for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]


def _are_small(tensors: Sequence[Any]) -> bool:
    return bool(tensors) and sum(tensor.numel() for tensor in tensors) <= _MOST_ELEMENTS


def _raised(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[Exception]:
    try:
        with fake_tensor.unset_fake_temporarily(), torch._C.DisableTorchFunction():
            real_args, real_kwargs = pytree.tree_map(_real, (tuple(args), dict(kwargs)))
            func(*real_args, **real_kwargs)
    except Exception as error:
        return error.with_traceback(None)
    return None


def _real(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        if getattr(value, "constant", None) is not None:
            return value.constant.clone()
        size, stride, dtype = tuple(value.shape), value.stride(), value.dtype
        return torch.empty_strided(size, stride, dtype=dtype, device="cpu").zero_()
    if isinstance(value, torch.device):
        return torch.device("cpu")
    return value
