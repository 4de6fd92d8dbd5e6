"""Registers a device guard for CUDA if torch was built without CUDA.

torch has a guard for this that does nothing, but registers it only over another guard. So the guard
of torch's lazy backend, which needs no device either, is registered for CUDA first.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any, Optional

import torch

_REGISTRY = "_ZN3c104impl26device_guard_impl_registryE"
_CUDA, _LAZY, _DEVICE_TYPES = 1, 17, 18  # c10/core/DeviceType.h


def install() -> bool:
    """Register the guard. Return whether operations on CUDA can be traced; none can be executed."""
    ensure = torch._C._ensureCUDADeviceGuardSet
    if torch.backends.cuda.is_built():
        ensure()
        return True
    registry = _registry()
    if registry is None:
        return False
    if not registry[_CUDA]:
        if not registry[_LAZY]:
            return False
        registry[_CUDA] = registry[_LAZY]
    ensure()
    if registry[_CUDA] != registry[_LAZY]:
        return True
    registry[_CUDA] = None
    return False


def is_possible() -> bool:
    """Whether `install` can succeed, found out without changing anything."""
    if torch.backends.cuda.is_built():
        return True
    registry = _registry()
    return registry is not None and bool(registry[_CUDA] or registry[_LAZY])


def _registry() -> Optional[Any]:
    """Return c10's array of device guards by device type, or `None` if it cannot be found."""
    folder = os.path.join(os.path.dirname(torch.__file__), "lib")
    for name in ("libc10.so", "libc10.dylib", "c10.dll"):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        try:
            return (ctypes.c_void_p * _DEVICE_TYPES).in_dll(ctypes.CDLL(path), _REGISTRY)
        except (OSError, ValueError):
            return None
    return None
