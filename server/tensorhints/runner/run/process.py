"""The process of one run: prepared like that of a fresh `python FILE`, then given the program.

It knows nothing of the host that it was forked from.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import traceback
import types
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, NoReturn, Optional, Sequence

from ...model import messages
from ..checkpoint.resume_plan import ProgramPoint
from ..syntax import program
from ..system import limits
from ..system.channel import Channel
from ..system.descriptors import OwnDescriptors
from ..system.output import Output
from . import audit_hooks


class RunProcess:
    """A forked process, from the fork to the exit."""

    def __init__(
        self,
        request: messages.Run,
        accepted: program.Program,
        passed: Sequence[int],
        *,
        edit_point: Optional[ProgramPoint] = None,
        whole: Optional[messages.Whole] = None,
    ) -> None:
        """Prepare the process of `request`, which begins at the top because of `whole`."""
        self._request = request
        self._program = accepted
        self._passed = passed
        self._registrar: Optional[int] = None
        self._host = 0
        self._edit_point = edit_point
        self._whole = whole

    def connect(self, registrar: int, host: int) -> None:
        """Let the run's checkpoints go to the process `host` over the `registrar`."""
        self._registrar, self._host = registrar, host

    def become(self, first: Callable[[], None] = lambda: None) -> NoReturn:
        """Make this process the run's, and raise `Become` to unwind the host's frames.

        As in a fresh interpreter, there are next to no frames below the program's own.
        """
        with _reported_faults():
            limits.reset_signals()
            first()
            self._prepare()
        raise Become(self)

    def __iter__(self) -> Iterator[types.CodeType]:
        """The code of the program's statements, to be executed one by one in `namespace`."""
        return self._execution.codes()

    @property
    def namespace(self) -> Dict[str, Any]:
        """The namespace of `__main__`."""
        return self._execution.namespace

    def continues_after(self, error: BaseException) -> bool:
        """Whether an exception has not ended the program: iterate again then."""
        with _reported_faults():
            return self._execution.continues_after(error)

    def failed(self, error: BaseException) -> None:
        """Report the exception that ended the program."""
        with _reported_faults():
            self._execution.failed(error)

    def leave(self) -> NoReturn:
        """Do what Python does at exit, then exit."""
        with _reported_faults():
            status = self._execution.finish()
            self._execution.keep_final_checkpoint()
            self._execution.clear_main_module()
            self._output.finish()
            os._exit(status & 0xFF)

    def _prepare(self) -> None:
        request = self._request
        try:
            os.setsid()
        except OSError:
            pass  # It leads a session already.
        descriptors = self._take_descriptors()
        events, faults = descriptors.events, descriptors.faults
        channel = Channel(socket.socket(fileno=events))
        limits.enable_fault_reports(faults)
        self._output = Output(request.run, request.output_limit, channel.send)
        self._output.install()
        refusal = self._enter_directory()
        if refusal is None:
            self._prepare_interpreter()
            refusal = self._prepare_device()
        if refusal is not None:
            channel.send(refusal)
            os._exit(0)
        if request.memory_limit and not self._sees_gpus():
            limits.limit_memory(request.memory_limit)

        from ..checkpoint.checkpoint_fork import CheckpointContext
        from .execution import Execution

        _hide_frames_below(_FRAMES_BELOW)
        audit_hooks.install()
        context = None
        if self._registrar is not None and request.device != "simulated":
            context = CheckpointContext(
                self._host, descriptors, self._output, channel.send, self._edit_point
            )
        self._execution = Execution(
            request, self._program, channel, context, self._output.last_errors, self._whole
        )

    def _take_descriptors(self) -> OwnDescriptors:
        events, stdout, stderr, faults = map(limits.move_to_high_fd, self._passed)
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (stdout, 1), (stderr, 2)):
            os.dup2(source, target)
        os.close(null)
        if self._registrar is None:
            os.close(stdout)
            os.close(stderr)
            return OwnDescriptors(events, 1, 2, faults, -1)
        return OwnDescriptors(events, stdout, stderr, faults, self._registrar)

    def _enter_directory(self) -> Optional[messages.NotReady]:
        directory = self._request.directory or os.path.dirname(self._request.path)
        try:
            if directory:
                os.chdir(directory)
        except OSError as error:
            return messages.NotReady("no-directory", f"{directory}: {error.strerror}")
        return None

    def _prepare_interpreter(self) -> None:
        """Apply what a fresh interpreter takes from its command line and environment."""
        request = self._request
        environment = request.environment
        for name, value in environment.items():
            os.environ[name] = value
        os.environ.setdefault("MPLBACKEND", "Agg")
        # Python reads the time zone from the environment at start-up only.
        if "TZ" in environment and hasattr(time, "tzset"):
            time.tzset()
        folders = environment.get("PYTHONPATH", "").split(os.pathsep)
        sys.path[:0] = [os.path.abspath(folder) for folder in folders if folder]
        sys.argv = [request.path, *request.arguments]
        if hasattr(sys, "orig_argv"):
            sys.orig_argv = [sys.executable, *sys.argv]
        sys.dont_write_bytecode = True
        # Before Python 3.13, a fork keeps its parent's native id for the main thread.
        threading.main_thread()._set_native_id()  # type: ignore[attr-defined]
        processes = sys.modules.get("multiprocessing.process")
        if processes is not None:
            processes.ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]
        numbers = sys.modules.get("numpy.random")
        if numbers is not None:
            numbers.seed()

    # ---- device ----------------------------------------------------------------------------------

    def _prepare_device(self) -> Optional[messages.NotReady]:
        from . import devices

        if self._request.device == "simulated":
            from ..simulated import activation

            return activation.activate()
        return devices.select(self._request.device)

    def _sees_gpus(self) -> bool:
        """Whether the program may use a GPU, whose driver reserves far more memory than it uses."""
        import torch

        return bool(torch.version.cuda or torch.version.hip) and (
            self._request.device not in ("cpu", "simulated")
        )


class Become(BaseException):
    """Unwinds a forked process to its bottom frame, which then runs `run`."""

    def __init__(self, run: RunProcess) -> None:
        super().__init__()
        self.run = run


@contextmanager
def _reported_faults() -> Iterator[None]:
    """Print an exception of the runner's own on stderr, where the user sees it, and exit."""
    try:
        yield
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        os._exit(1)


_FRAMES_BELOW = 2 if sys.version_info < (3, 12) else 1
"""The frames below the program's first one: the bottom frame of this process, and `exec`.

`exec` counts as a frame before Python 3.12.
"""


def _hide_frames_below(depth: int) -> None:
    """Let the program recurse exactly as deep as under plain Python, and read that limit."""
    limit, set_limit = sys.getrecursionlimit, sys.setrecursionlimit

    def getrecursionlimit() -> int:
        return limit() - depth

    def setrecursionlimit(new: int, /) -> None:
        set_limit(new + depth)

    set_limit(limit() + depth)
    sys.getrecursionlimit, sys.setrecursionlimit = getrecursionlimit, setrecursionlimit
