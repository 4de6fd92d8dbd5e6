"""Standby processes with a CUDA context, for programs that have been seen to use one.

CUDA takes longer to initialise than most programs take to run, and a fork cannot inherit it. Once a
run has used it, a standby process initialises it in advance, for the next run only. The process
holds some of the GPU's memory, and is ended when it was not needed for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tensorhints.model import messages

from .host_kinds import gpu_of
from .standby import HostPhase
from .start_environment import read_at_start
from .warm_host import WarmHost

# A program that sets such a variable chooses or configures its GPUs when it initialises CUDA.
_CONFIGURES_CUDA = (
    "CUDA_",
    "HIP_",
    "ROCR_",
    "NVIDIA_",
    "PYTORCH_",
    "NCCL_",
    "CUBLAS_",
    "TORCH_",
)


class CudaStandbys:
    """The CUDA standbys of one interpreter.

    `make_host` creates the host of the standby on one GPU. A standby ends after `idle` seconds.
    """

    def __init__(self, make_host: Callable[[int], WarmHost], idle: float) -> None:
        self._make_host = make_host
        self._idle = idle
        self._gpus: dict[str, int] = {}  # the GPU that each program uses, by its path
        self._hosts: dict[int, WarmHost] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def prepare(self, request: messages.Run) -> None:
        """Prepare a standby for the next run of a program that has initialised CUDA."""
        gpu = gpu_of(request.device)
        if gpu is None or _configures_cuda(request):
            return
        self._gpus[request.path] = gpu
        if gpu not in self._hosts:
            self._hosts[gpu] = self._make_host(gpu)
        self._hosts[gpu].standby.warm()
        self._restart_idle_timer(gpu)

    def forget(self, request: messages.Run) -> None:
        """End the standby of a program that does not use its GPU any more, unless another does."""
        gpu = self._gpus.pop(request.path, None)
        if gpu is not None and gpu not in self._gpus.values():
            self._end(gpu)

    def host_for(self, request: messages.Run) -> WarmHost | None:
        """Return the standby that is ready for this run now: a fork is faster than waiting."""
        gpu = gpu_of(request.device)
        if self._gpus.get(request.path, gpu) != gpu:
            self.forget(request)
        if gpu is None or request.path not in self._gpus or _configures_cuda(request):
            return None
        host = self._hosts[gpu]
        self._restart_idle_timer(gpu)
        return host if host.is_free else None

    def close(self) -> None:
        """Cancel all timers. The pool closes the hosts."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _restart_idle_timer(self, gpu: int) -> None:
        if gpu in self._timers:
            self._timers[gpu].cancel()
        loop = asyncio.get_running_loop()
        self._timers[gpu] = loop.call_later(self._idle, self._on_idle, gpu)

    def _on_idle(self, gpu: int) -> None:
        if self._hosts[gpu].standby.state.phase is HostPhase.WARMING:
            self._restart_idle_timer(gpu)
        else:
            self._end(gpu)

    def _end(self, gpu: int) -> None:
        timer = self._timers.pop(gpu, None)
        if timer is not None:
            timer.cancel()
        host = self._hosts.get(gpu)
        if host is not None and host.standby.state.phase is not HostPhase.COLD:
            host.retire()


def _configures_cuda(request: messages.Run) -> bool:
    """Whether the environment chooses or configures what a standby has read already."""
    if read_at_start(request.environment):
        return True
    return any(name.startswith(_CONFIGURES_CUDA) for name in request.environment)
