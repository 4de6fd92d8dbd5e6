"""Which operations accept tensors of several devices, and the errors that the others raise.

FakeTensor compares devices for most operations, but not for those that it implements itself:
convolutions, indexing, `masked_select`, `bincount` and others.
Which operations of torch skip the comparison is in its `native_functions.yaml` (`device_check`).
"""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Sequence

import torch
from torch._subclasses import fake_tensor

from . import taint

_CROSSING = frozenset(
    (
        # They copy, or use only the sizes of the second tensor.
        "copy_", "copy", "slice_scatter", "diagonal_scatter", "select_scatter",
        "as_strided_scatter", "resize_as_", "is_same_size", "is_set_to", "set_",
        # Lengths and sizes, which the GPU's kernels read on the CPU.
        "_ctc_loss", "_pack_padded_sequence", "_pad_packed_sequence",
        # The probabilities are moved to the device of the tensor.
        "bernoulli_", "bernoulli",
    )
)  # fmt: skip
_CROSSING_FAMILIES = ("_foreach_", "_fused_", "_amp_", "_nested_")
"""Lists may be spread over several devices: each of their tensors is compared with its own pair."""

_INDEXING = frozenset(
    ("index", "_unsafe_index", "index_put", "index_put_", "_unsafe_index_put", "_index_put_impl_")
)
_CONVOLUTIONS = frozenset(("convolution", "_convolution", "convolution_overrideable"))


def check(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise what real devices raise if an operation's tensors are on devices that do not agree.

    Tensors without dimensions on the CPU count as numbers. `name` is that of the operation without
    its overload.

    Raises:
        RuntimeError: with torch's own words.
    """
    error = _error(name, args, kwargs)
    if error is not None:
        raise error


def _error(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[RuntimeError]:
    tensors = list(_tensors(args, kwargs))
    first = tensors[0].device if tensors else None
    if all(tensor.device == first for tensor in tensors):  # fast path: nearly every call
        return None
    if name in _INDEXING:
        return _index_error(args, kwargs)
    if name in _CROSSING or name.startswith(_CROSSING_FAMILIES):
        return None
    if name in _CONVOLUTIONS:
        return _convolution_error(args)
    return _different(tensors)


def _tensors(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[Any]:
    for leaf in taint.leaves((args, kwargs)):
        if isinstance(leaf, torch.Tensor) and leaf.device.type != "meta":
            yield leaf


def _different(tensors: Sequence[Any]) -> Optional[RuntimeError]:
    devices: List[torch.device] = []
    for tensor in tensors:
        if tensor.device not in devices and not _is_number(tensor):
            devices.append(tensor.device)
    if len(devices) < 2:
        return None
    return RuntimeError(
        "Expected all tensors to be on the same device, but found at least two devices, "
        f"{devices[0]} and {devices[1]}!"
    )


def _is_number(tensor: Any) -> bool:
    return tensor.dim() == 0 and tensor.device.type == "cpu"


def _index_error(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Optional[RuntimeError]:
    """Return the error of indexing. Indices on the CPU are moved to the device of the tensor."""
    tensor, indices = args[0], args[1]
    for index in indices:
        if index is not None and index.device not in (tensor.device, torch.device("cpu")):
            return RuntimeError(
                "indices should be either on cpu or on the same device as the indexed tensor "
                f"({tensor.device})"
            )
    values = args[2] if len(args) > 2 else kwargs.get("values")
    return None if values is None else _different((tensor, values))


def _convolution_error(args: Sequence[Any]) -> Optional[RuntimeError]:
    """Return the error of a convolution, which compares types before it compares devices."""
    given, weight, bias = args[:3]
    for what, other in (("weight", weight), ("bias", bias)):
        if other is not None and other.device.type != given.device.type:
            return RuntimeError(
                f"Input type ({_type_name(given)}) and {what} type ({_type_name(other)}) "
                "should be the same"
            )
    return _different([tensor for tensor in (given, weight, bias) if tensor is not None])


def _type_name(tensor: Any) -> str:
    """Return torch's old name of a dtype on a device, such as `torch.cuda.FloatTensor`."""
    with fake_tensor.unset_fake_temporarily():
        on_cpu = str(torch.empty(0, dtype=tensor.dtype).type())
    if tensor.device.type == "cpu":
        return on_cpu
    return on_cpu.replace("torch.", f"torch.{tensor.device.type}.", 1)
