"""Replacements for functions of `torch.cuda` and `torch.accelerator`: a machine with one GPU."""

from __future__ import annotations

import types
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator

import torch

NAME = "Simulated CUDA device"
MEMORY = 80 << 30
_CAPABILITY = (9, 0)


class _Selected:
    index = 0


class Stream:
    """`torch.cuda.Stream`. Everything on it is done at once, since nothing is computed."""

    def __init__(self, device: Any = None, priority: int = 0, **_: Any) -> None:
        self.device = torch.device("cuda", _index(device))
        self.priority = priority
        self.cuda_stream = 0
        self.stream_id = 0

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def query(self) -> bool:
        """Whether all work is done: always."""
        return True

    def is_capturing(self) -> bool:
        """Whether a CUDA graph is being captured: never."""
        return False

    def record_event(self, event: Any = None) -> Any:
        """Return the event, or a new one."""
        return event if event is not None else Event()

    def wait_event(self, event: Any) -> None:
        """Do nothing."""

    wait_stream = wait_event

    def synchronize(self) -> None:
        """Do nothing."""


class Event:
    """`torch.cuda.Event`."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def record(self, stream: Any = None) -> None:
        """Do nothing."""

    wait = record

    def query(self) -> bool:
        """Whether all work is done: always."""
        return True

    def synchronize(self) -> None:
        """Do nothing."""

    def elapsed_time(self, end: Any) -> float:
        """Return 0 milliseconds."""
        return 0.0


class _Device:
    """`torch.cuda.device`."""

    def __init__(self, device: Any) -> None:
        self.idx = _index(device)
        self._before = 0

    def __enter__(self) -> None:
        self._before, _Selected.index = _Selected.index, self.idx

    def __exit__(self, *_: Any) -> None:
        _Selected.index = self._before


def _index(device: Any) -> int:
    if device is None:
        return _Selected.index
    if isinstance(device, int):
        return device
    if isinstance(device, _Device):
        return device.idx
    device = torch.device(device)
    return _Selected.index if device.index is None else int(device.index)


def _select(device: Any) -> None:
    _Selected.index = _index(device)


@contextmanager
def _stream(stream: Any) -> Iterator[None]:
    yield


def _nothing(*_: Any, **__: Any) -> None:
    pass


def _properties(device: Any = None) -> Any:
    return types.SimpleNamespace(
        name=NAME, major=_CAPABILITY[0], minor=_CAPABILITY[1], total_memory=MEMORY,
        multi_processor_count=128, is_integrated=False, is_multi_gpu_board=False,
        max_threads_per_multi_processor=2048, warp_size=32, gcnArchName="", L2_cache_size=50 << 20,
        regs_per_multiprocessor=65536, shared_memory_per_block=49152, uuid="",
    )  # fmt: skip


def attributes() -> Dict[str, Any]:
    """Return the replacements in `torch.cuda`, by name."""
    names: Dict[str, Any] = {
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "device_count": lambda: 1,
        "current_device": lambda: _Selected.index,
        "set_device": _select,
        "get_device_name": lambda device=None: NAME,
        "get_device_capability": lambda device=None: _CAPABILITY,
        "get_device_properties": _properties,
        "get_arch_list": lambda: ["sm_90"],
        "is_bf16_supported": lambda *_, **__: True,
        "can_device_access_peer": lambda *_: True,
        "device": _Device,
        "device_of": lambda tensor: _Device(tensor.device if tensor.is_cuda else None),
        "Stream": Stream,
        "Event": Event,
        "stream": _stream,
        "current_stream": Stream,
        "default_stream": Stream,
        "mem_get_info": lambda device=None: (MEMORY, MEMORY),
        "memory_stats": lambda device=None: {},
        "memory_summary": lambda *_, **__: "",
        "utilization": lambda device=None: 0,
        "get_rng_state": lambda device="cuda": torch.get_rng_state(),
        "get_rng_state_all": lambda: [torch.get_rng_state()],
        "initial_seed": torch.initial_seed,
        "_lazy_init": _nothing,
        "_lazy_call": _nothing,
        "is_current_stream_capturing": lambda: False,
        "_is_in_bad_fork": lambda: False,
    }
    for name in ("memory_allocated", "memory_reserved", "memory_cached"):
        names[name] = names[f"max_{name}"] = lambda device=None: 0
    for name in (
        "init", "synchronize", "empty_cache", "ipc_collect", "set_rng_state", "set_rng_state_all",
        "reset_peak_memory_stats", "reset_max_memory_allocated", "reset_accumulated_memory_stats",
        "reset_max_memory_cached", "set_per_process_memory_fraction", "set_stream",
    ):  # fmt: skip
        names[name] = _nothing
    for name in ("manual_seed", "manual_seed_all", "seed", "seed_all"):
        names[name] = _nothing
    return names


def accelerator() -> Dict[str, Callable[..., Any]]:
    """Return the replacements in `torch.accelerator`, which torch has from 2.6 on."""
    return {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "current_accelerator": lambda check_available=False: torch.device("cuda"),
        "current_device_index": lambda: _Selected.index,
        "current_device_idx": lambda: _Selected.index,
        "set_device_index": _select,
        "set_device_idx": _select,
        "synchronize": _nothing,
        "current_stream": Stream,
        "set_stream": _nothing,
    }
