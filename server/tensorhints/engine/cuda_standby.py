"""Processes that stand by with a GPU's context ready, for programs that were seen to use one.

CUDA takes longer to initialise than most programs take to run, and a fork cannot inherit it. So
once a run has used it, a warm process does that beforehand, for the next run alone. It holds some
of the GPU's memory, and is let go when it has not been needed for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tensorhints.model import messages

from .host_kinds import gpu_of
from .warm_host import HostPhase, WarmHost

# A program whose own surroundings choose among GPUs, or set them up, has to initialise them itself.
_CHOOSING = ("CUDA_", "HIP_", "ROCR_", "NVIDIA_", "PYTORCH_", "NCCL_", "CUBLAS_", "TORCH_")


class Contexts:
    """Those of one interpreter. `host_on` makes the host that stands by on a GPU."""

    def __init__(self, host_on: Callable[[int], WarmHost], idle: float) -> None:
        self._host_on = host_on
        self._idle = idle
        self._programs: dict[str, int] = {}  # the GPU that each program uses, by its path
        self._hosts: dict[int, WarmHost] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}

    @property
    def hosts(self) -> tuple[WarmHost, ...]:
        return tuple(self._hosts.values())

    def used(self, request: messages.Run) -> None:
        """A run has initialised CUDA: its program's next one shall find it ready."""
        gpu = gpu_of(request.device)
        if gpu is None or _chooses(request):
            return
        self._programs[request.path] = gpu
        if gpu not in self._hosts:
            self._hosts[gpu] = self._host_on(gpu)
        self._hosts[gpu].warm()
        self._rest(gpu)

    def unused(self, request: messages.Run) -> None:
        """A run came to its end without CUDA, or shall run elsewhere from now on."""
        gpu = self._programs.pop(request.path, None)
        if gpu is not None and gpu not in self._programs.values():
            self._release(gpu)

    def host_for(self, request: messages.Run) -> WarmHost | None:
        """The host that is ready for a run now; a fork is faster than one that is not."""
        gpu = gpu_of(request.device)
        if self._programs.get(request.path, gpu) != gpu:
            self.unused(request)
        if gpu is None or request.path not in self._programs or _chooses(request):
            return None
        host = self._hosts[gpu]
        self._rest(gpu)
        return host if host.is_free else None

    def _rest(self, gpu: int) -> None:
        """Lets the process go unless it is needed before long."""
        if gpu in self._timers:
            self._timers[gpu].cancel()
        loop = asyncio.get_running_loop()
        self._timers[gpu] = loop.call_later(self._idle, self._idled, gpu)

    def _idled(self, gpu: int) -> None:
        if self._hosts[gpu].state.phase is HostPhase.WARMING:
            self._rest(gpu)
        else:
            self._release(gpu)

    def _release(self, gpu: int) -> None:
        timer = self._timers.pop(gpu, None)
        if timer is not None:
            timer.cancel()
        host = self._hosts.get(gpu)
        if host is not None and host.state.phase is not HostPhase.COLD:
            host.retire()

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()


def _chooses(request: messages.Run) -> bool:
    return any(name.startswith(_CHOOSING) for name in request.environment)
