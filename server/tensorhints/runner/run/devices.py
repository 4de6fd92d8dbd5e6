"""Selects the device of a run, and names the machine's devices and their use of memory.

A GPU is not initialised here unless the run was requested on one.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Tuple

import torch

from ...model.messages import DeviceMemory, NotReady

HIDING = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
_environment = os.environ._data  # type: ignore[attr-defined]
"""What `os.environ` wraps in functions written in Python, which use the program's builtins."""

# torch's own functions, even if the program replaces them.
_is_initialized = torch.cuda.is_initialized
_memory_stats = torch.cuda.memory_stats
_device_count = torch.cuda.device_count
_device_name = torch.cuda.get_device_name


def _hidden() -> List[Any]:
    """What the environment hides at the moment."""
    encoded = map(os.fsencode, HIDING) if os.supports_bytes_environ else HIDING
    return [_environment.get(name) for name in encoded]


_HIDDEN_IN_HOST = _hidden()


def select(device: str) -> Optional[NotReady]:
    """Make a device the default of the program; return why there is no such device, if so."""
    kind, _, number = device.partition(":")
    if kind == "cpu":
        for name in HIDING:
            os.environ[name] = ""
    elif kind == "cuda":
        return _cuda(int(number or 0))
    elif kind == "mps":
        if not torch.backends.mps.is_available():
            return NotReady("no-mps")
        torch.set_default_device(torch.device("mps"))
    return None


def _cuda(index: int) -> Optional[NotReady]:
    if not (torch.version.cuda or torch.version.hip):
        return NotReady("no-cuda-build", str(torch.__version__))
    if not torch.cuda.is_available():
        return NotReady("no-cuda")
    if index >= _device_count():
        return NotReady("no-such-gpu", f"cuda:{index}")
    problem = open_context(index)
    if problem is None:
        torch.set_default_device(torch.device("cuda", index))
    return problem


def open_context(index: int) -> Optional[NotReady]:
    """Initialise a GPU, which takes longer than most programs. Nothing is allocated on it."""
    try:
        torch.cuda.set_device(index)
        torch.cuda.synchronize(index)
    except Exception as error:
        return NotReady("no-context", f"cuda:{index}: {str(error).partition(chr(10))[0][:300]}")
    return None


def default_device(requested: str) -> str:
    """Return the device on which tensors are created by default."""
    return {"auto": "cpu", "cuda": "cuda:0"}.get(requested, requested)


def query_names() -> Dict[str, str]:
    """Query the name of each GPU. That initialises CUDA and so breaks every later fork."""
    if not torch.cuda.is_available():
        return {}
    found = {}
    for index in range(_device_count()):
        try:
            found[f"cuda:{index}"] = str(_device_name(index))
        except Exception:
            found[f"cuda:{index}"] = ""
    return found


_names: Dict[str, str] = {}


def add_names(found: Dict[str, str]) -> None:
    """Store the result of `query_names` from another process."""
    _names.update(found)


def known_names() -> Dict[str, str]:
    """The GPUs that `add_names` was called with, by device."""
    return dict(_names)


def visible(requested: str) -> Optional[Dict[str, str]]:
    """Return the known GPUs that a run sees, with their names.

    `None` if an environment variable of its own selects some: a query would initialise them.
    """
    if requested.partition(":")[0] == "cuda":
        device = default_device(requested)
        return {device: str(_device_name(torch.device(device)))}
    if requested == "auto" and _hidden() != _HIDDEN_IN_HOST:
        return None
    return dict(_names)


def uses_cuda() -> bool:
    """Whether the program has initialised CUDA; asking has no side effects."""
    return bool(_is_initialized())


def gpu_memory() -> Tuple[DeviceMemory, ...]:
    """Return the memory of each GPU that the program has used, without synchronising."""
    if not uses_cuda():
        return ()
    found = []
    current = torch.cuda.current_device()
    for index in range(_device_count()):
        stats = _memory_stats(index)
        reserved = stats.get("reserved_bytes.all.current", 0)
        allocated = stats.get("allocated_bytes.all.current", 0)
        peak = stats.get("allocated_bytes.all.peak", 0)
        if reserved or peak or index == current:
            found.append(DeviceMemory(f"cuda:{index}", allocated, reserved, peak))
    return tuple(found)
