"""The private parts of torch that the simulation needs."""

from __future__ import annotations

import importlib
from typing import List, Tuple

_NEEDED = (
    "torch._C._ensureCUDADeviceGuardSet",
    "torch._C._VariableFunctions",
    "torch._subclasses.fake_tensor.CONSTANT_NUMEL_LIMIT",
    "torch._subclasses.fake_tensor.DataDependentOutputException",
    "torch._subclasses.fake_tensor.DynamicOutputShapeException",
    "torch._subclasses.fake_tensor.FakeTensor.fake_device",
    "torch._subclasses.fake_tensor.FakeTensorDeviceMismatchError",
    "torch._subclasses.fake_tensor.FakeTensorMode.dispatch",
    "torch._subclasses.fake_tensor.FakeTensorMode.invalidate_written_to_constants",
    "torch._subclasses.fake_tensor.init_gpu_context",
    "torch._subclasses.fake_tensor.unset_fake_temporarily",
    "torch.autograd.graph._engine_run_backward",
    "torch.overrides.TorchFunctionMode",
    "torch.utils.data.dataloader._BaseDataLoaderIter",
    "torch.utils.swap_tensors",
)


def missing() -> Tuple[str, ...]:
    """Return the names that this torch lacks. With any of them the simulation is refused."""
    absent: List[str] = [name for name in _NEEDED if not _exists(name)]
    if not absent:
        from . import device_guard

        if not device_guard.is_possible():
            absent.append("c10::impl::device_guard_impl_registry")
    return tuple(absent)


def _exists(name: str) -> bool:
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False
