"""The machine's devices: put in force for a run, named, and asked how full they are.

A GPU is never initialised here unless the run was asked for on one.
"""

from __future__ import annotations

import os
from typing import Dict, Optional, Tuple

import torch

from ...model.messages import DeviceMemory, NotReady

HIDING = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
_HIDDEN_FROM_THE_HOST = tuple(map(os.environ.get, HIDING))

# As torch has them, whatever the program puts in their place.
_is_initialized = torch.cuda.is_initialized
_memory_stats = torch.cuda.memory_stats
_device_count = torch.cuda.device_count
_device_name = torch.cuda.get_device_name


def put_in_force(device: str) -> Optional[NotReady]:
    """Makes a device the program's own. The reason where there is no such device."""
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
    """Initialises a GPU, which takes longer than most programs. Nothing is allocated on it."""
    try:
        torch.cuda.set_device(index)
        torch.cuda.synchronize(index)
    except Exception as error:
        return NotReady("no-context", f"cuda:{index}: {str(error).partition(chr(10))[0][:300]}")
    return None


def in_force(asked: str) -> str:
    """The device that tensors come to where the program names none."""
    return {"auto": "cpu", "cuda": "cuda:0"}.get(asked, asked)


def names() -> Dict[str, str]:
    """What each GPU calls itself. To ask spoils every later fork of this process."""
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


def know(found: Dict[str, str]) -> None:
    """Takes what `names` answered in another process."""
    _names.update(found)


def known() -> Dict[str, str]:
    return dict(_names)


def visible(asked: str) -> Optional[Dict[str, str]]:
    """The GPUs that a run sees, of those known; `None` where a variable of its own surroundings
    chooses among them: to ask would initialise them.
    """
    if asked.partition(":")[0] == "cuda":
        device = in_force(asked)
        return {device: str(_device_name(torch.device(device)))}
    if asked == "auto" and tuple(map(os.environ.get, HIDING)) != _HIDDEN_FROM_THE_HOST:
        return None
    return dict(_names)


def uses_cuda() -> bool:
    """Whether the program has initialised CUDA. Costs nothing, and changes nothing."""
    return bool(_is_initialized())


def gpu_memory() -> Tuple[DeviceMemory, ...]:
    """Of each GPU that the program has used; waits for none."""
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
