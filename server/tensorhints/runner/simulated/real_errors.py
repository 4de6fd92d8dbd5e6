"""The errors that torch raises for an operation on real tensors of the same sizes.

FakeTensor has messages of its own, and it accepts some operations that real tensors do not: with
incompatible dtypes, or with indices out of range.
"""

from __future__ import annotations

import re
from typing import Any, Hashable, List, Mapping, Optional, Sequence, Set

import torch
from torch._subclasses import fake_tensor
from torch.utils import _pytree as pytree

_MOST_ELEMENTS = 1 << 20
"""Operations on more elements are not tried on real tensors."""

_ABOUT_DTYPES = re.compile(r"dtype|scalar type|not implemented for '|[Tt]ype")
_ABOUT_INDICES = re.compile(r"out of (bounds|range)")

_checked: Set[Hashable] = set()


def real_error(
    error: Exception, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Exception:
    """Return the exception that real tensors raise, or `error` if that cannot be found out."""
    tensors = _tensors(args, kwargs)
    return _raised(func, args, kwargs) or error if _are_small(tensors) else error


def missed_error(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[Exception]:
    """Return the exception of an operation that FakeTensor accepted but real tensors do not.

    Only errors about dtypes, and about indices whose values are known, are reported.
    """
    tensors = _tensors(args, kwargs)
    has_known_indices = any(
        tensor.constant is not None and tensor.dtype is torch.int64
        for tensor in tensors
        if isinstance(tensor, fake_tensor.FakeTensor)
    )
    kinds = {tensor.dtype for tensor in tensors}
    if not has_known_indices and all(kind.is_floating_point for kind in kinds) and len(kinds) < 2:
        return None
    signature = (func, tuple((tensor.dtype, tensor.dim(), tensor.device) for tensor in tensors))
    if (signature in _checked and not has_known_indices) or not _are_small(tensors):
        return None
    _checked.add(signature)
    error = _raised(func, args, kwargs)
    if isinstance(error, IndexError) or _ABOUT_INDICES.search(str(error)):
        return error if has_known_indices else None
    if not isinstance(error, RuntimeError) or not _ABOUT_DTYPES.search(str(error)):
        return None
    # A GPU has kernels that the CPU lacks.
    is_on_gpu = any(tensor.device.type != "cpu" for tensor in tensors)
    return None if is_on_gpu and "not implemented for" in str(error) else error


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
