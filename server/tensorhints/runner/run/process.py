"""The process of one run: made to look like that of a fresh `python FILE`, then given the program.

Knows nothing of the host that it was forked from.
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


class RunProcess:
    """From the fork to the exit."""

    def __init__(
        self,
        request: messages.Run,
        accepted: program.Program,
        passed: Sequence[int],
        registrar: Optional[int] = None,
        host: int = 0,
        edit_point: Optional[ProgramPoint] = None,
    ) -> None:
        """Prepare the process of `request`; checkpoints go to `host` over the `registrar`."""
        self._request = request
        self._program = accepted
        self._passed = passed
        self._registrar = registrar
        self._host = host
        self._edit_point = edit_point

    def become(self, first: Callable[[], None] = lambda: None) -> NoReturn:
        """Makes this process the run's, and raises `Become` to leave the host's frames behind:
        below the program's own frames there shall be as good as nothing, as in a fresh interpreter.
        """
        with _faults_told():
            limits.reset_signals()
            first()
            self._prepare()
        raise Become(self)

    def __iter__(self) -> Iterator[types.CodeType]:
        """The program's statements, to be run one by one in `namespace`."""
        return self._execution.codes()

    @property
    def namespace(self) -> Dict[str, Any]:
        return self._execution.namespace

    def goes_on(self, error: BaseException) -> bool:
        """Whether `error` only made way: iterate again then."""
        with _faults_told():
            return self._execution.goes_on(error)

    def failed(self, error: BaseException) -> None:
        with _faults_told():
            self._execution.failed(error)

    def leave(self) -> NoReturn:
        """What Python does at exit, then the exit."""
        with _faults_told():
            status = self._execution.finish()
            self._execution.stay()
            self._execution.let_go()
            self._output.finish()
            os._exit(status & 0xFF)

    def _prepare(self) -> None:
        request = self._request
        try:
            os.setsid()
        except OSError:
            pass  # It leads one already.
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

        from .execution import Execution

        _spare_depth(_DEPTH_BELOW)
        self._execution = Execution(request, self._program, channel)
        # What a simulated program guessed cannot follow another text.
        if self._registrar is not None and request.device != "simulated":
            from ..checkpoint.snapshot import CheckpointContext

            context = CheckpointContext(
                self._host, descriptors, self._output, channel.send, self._edit_point
            )
            self._execution.keep_copies(context)

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
        """What a fresh interpreter would have taken from its command line and environment."""
        request = self._request
        environment = request.environment
        for name, value in environment.items():
            os.environ[name] = value
        os.environ.setdefault("MPLBACKEND", "Agg")
        # `time.tzset` and the rest of such state follow the environment at start-up only.
        if "TZ" in environment and hasattr(time, "tzset"):
            time.tzset()
        folders = environment.get("PYTHONPATH", "").split(os.pathsep)
        sys.path[:0] = [os.path.abspath(folder) for folder in folders if folder]
        sys.argv = [request.path, *request.arguments]
        if hasattr(sys, "orig_argv"):
            sys.orig_argv = [sys.executable, *sys.argv]
        sys.dont_write_bytecode = True
        # Before Python 3.13, a fork keeps its parent's number for the main thread.
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
        return devices.put_in_force(self._request.device)

    def _sees_gpus(self) -> bool:
        """A GPU's driver reserves far more address space than it uses: no limit on it would do."""
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
def _faults_told() -> Iterator[None]:
    """A fault of ours ends the run; its stderr is the one place where somebody will see it."""
    try:
        yield
    except KeyboardInterrupt:
        os._exit(130)
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        os._exit(1)


_DEPTH_BELOW = 2 if sys.version_info < (3, 12) else 1
"""The depth below the program's first frame: the bottom frame of this process, and `exec`, which
counts as a frame before Python 3.12.
"""


def _spare_depth(depth: int) -> None:
    """Lets the program recurse exactly as deep as it could by itself, and read that limit."""
    limit, set_limit = sys.getrecursionlimit, sys.setrecursionlimit

    def getrecursionlimit() -> int:
        return limit() - depth

    def setrecursionlimit(new: int, /) -> None:
        set_limit(new + depth)

    set_limit(limit() + depth)
    sys.getrecursionlimit, sys.setrecursionlimit = getrecursionlimit, setrecursionlimit
