"""The warm host: imports torch once and forks a run from itself for every request.

It executes no line of the user's program, has a single thread and never initialises a GPU, so that
each fork is as good as a fresh interpreter. If it cannot fork, it becomes the first run requested.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from typing import Deque, Dict, Iterator, List, NoReturn, Optional, Sequence, Tuple, Union

from ...model import messages
from ...model.messages import Whole
from ...model.signals import LOCATE_SIGNAL
from .. import imports
from ..checkpoint.resume_plan import ResumePlanner
from ..run.process import RunProcess
from ..syntax.program import Program
from ..system import descendants, limits, packets
from . import warmup
from .checkpoint_service import CheckpointService
from .control_channel import ControlChannel
from .hosted_run import HostedRun
from .lock_holders import end_lock_holders
from .program_history import ProgramHistory
from .received_texts import ReceivedTexts

_WAKE_BYTES = 1 << 16

_QUIET_SECONDS = 0.25
"""Warming continues after so long without a request, so that a file that is opened runs first."""


def main(arguments: Sequence[str]) -> NoReturn:
    """Warm up, report to the server and serve it until it has gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--single-use", type=int, metavar="PARENT", default=0)
    parser.add_argument("--context", type=int, metavar="GPU")
    parser.add_argument("--simulated", action="store_true")
    # Variables that only the host needs: they are gone before any program can see them.
    parser.add_argument("--unset", default="")
    options = parser.parse_args(arguments)

    started = time.monotonic()
    control = ControlChannel(socket.socket(fileno=limits.move_to_high_fd(options.control)))
    problem = warmup.import_torch()
    if problem is None and options.simulated:
        problem = warmup.import_simulation()
    if problem is not None:
        control.send(problem)
        sys.exit(1)
    for name in filter(None, options.unset.split(",")):
        os.environ.pop(name, None)
    from ..run import devices

    forks = hasattr(os, "fork") and not options.single_use
    if options.single_use:
        limits.die_with_parent(options.single_use)
    if options.context is not None:
        problem = devices.open_context(options.context)
        if problem is not None:
            control.send(problem)
            sys.exit(1)
    found = warmup.find_devices(query_here=options.context is not None)
    ready = messages.Ready(
        protocol=messages.PROTOCOL_VERSION,
        pid=os.getpid(),
        python="{}.{}.{}".format(*sys.version_info[:3]),
        executable=sys.executable,
        torch=str(sys.modules["torch"].__version__),
        devices=found,
        forks=forks,
        seconds=round(time.monotonic() - started, 3),
        gpus=devices.known_names(),
        tensor_attributes=dict(warmup.tensor_attributes()),
    )
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    imports.settle()
    control.send(ready)
    HostServer(control).serve(forks=forks)


class HostServer:
    """Serves the requests of one server: starts runs, stops them and reports their ends."""

    def __init__(self, control: ControlChannel) -> None:
        self._control = control
        self._history = ProgramHistory()
        self._texts = ReceivedTexts()
        self._planner = ResumePlanner(imports.modules)
        self._warming: Optional[Iterator[None]] = warmup.late_imports()
        self._patience = _QUIET_SECONDS
        self._runs: Dict[int, HostedRun] = {}
        self._checkpoints = CheckpointService(self._planner, control.send, self._kill_checkpoint)
        self._ended: Deque[Tuple[HostedRun, int]] = deque()  # with their wait status
        self._wakeup: Tuple[socket.socket, ...] = ()

    def serve(self, *, forks: bool) -> NoReturn:
        """Handle requests until the server has gone; without `forks`, only up to the first run."""
        if not forks:
            self._serve_one()
        limits.adopt_orphans()
        wake = self._wake_on_child_exit()
        while True:
            ready = self._wait([wake.fileno(), *self._sockets()])
            if wake.fileno() in ready:
                try:
                    wake.recv(_WAKE_BYTES)
                except BlockingIOError:
                    pass  # Another signal had emptied it.
            self._receive_checkpoints(ready)
            self._report_ended()
            if self._control.fileno() in ready:
                requests = self._control.receive()
                if requests is None:
                    self._quit()
                for request in requests:
                    self._handle(request)

    def _serve_one(self) -> NoReturn:
        while True:
            self._wait([self._control.fileno()])
            requests = self._control.receive()
            if requests is None:
                os._exit(0)
            for request in requests:
                if isinstance(request, messages.Quit):
                    os._exit(0)
                if isinstance(request, messages.Run):
                    passed = self._control.take_descriptors()
                    request = self._texts.complete(request)
                    program = self._accept(request)
                    if program is None:
                        for descriptor in passed:
                            os.close(descriptor)
                        continue
                    self._control.send(messages.Forked(request.run, os.getpid()))
                    whole = _why_whole(request, program, None, can_fork=False)
                    RunProcess(request, program, passed, whole=whole).become()

    def _handle(self, request: object) -> None:
        if isinstance(request, messages.Run):
            self._start(request)
        elif isinstance(request, messages.Stop):
            self._stop(request)
        elif isinstance(request, messages.Release):
            self._checkpoints.release(request.path)
            self._texts.forget(request.path)
        elif isinstance(request, messages.Inspect):
            self._checkpoints.inspect(request)
        elif isinstance(request, messages.Quit):
            self._quit()

    # ---- waiting ---------------------------------------------------------------------------------

    def _wake_on_child_exit(self) -> socket.socket:
        """Return a socket that becomes readable on SIGCHLD."""
        pair = socket.socketpair()
        wake, source = (socket.socket(fileno=limits.move_to_high_fd(end.detach())) for end in pair)
        wake.setblocking(False)
        source.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(source.fileno(), warn_on_full_buffer=False)
        self._wakeup = (wake, source)
        return wake

    def _sockets(self) -> List[int]:
        sockets = [self._control.fileno()]
        sockets += [checkpoint.connection.fileno() for checkpoint in self._checkpoints]
        for run in self._runs.values():
            if run.registrar is not None:
                sockets.append(run.registrar.fileno())
        return sockets

    def _wait(self, sockets: List[int]) -> List[int]:
        """Return the readable sockets; continue warming until there are any."""
        while True:
            timeout = None if self._warming is None else self._patience
            ready = select.select(sockets, [], [], timeout)[0]
            if ready:
                self._patience = _QUIET_SECONDS
                return ready
            self._patience = 0.0
            if self._warming is not None and next(self._warming, self) is self:
                self._warming = None

    def _receive_checkpoints(self, ready: List[int]) -> None:
        for run in tuple(self._runs.values()):
            if run.registrar is not None and run.registrar.fileno() in ready:
                self._checkpoints.register(run)
        for checkpoint in tuple(self._checkpoints):
            if checkpoint.connection.fileno() in ready:
                self._checkpoints.receive(checkpoint)

    # ---- starting --------------------------------------------------------------------------------

    def _start(self, arrived: messages.Run) -> None:
        passed = self._control.take_descriptors()
        request = self._texts.complete(arrived)
        self._checkpoints.keep(request.path)
        last = self._history.last(request.path)
        program = self._accept(request)
        if program is not None:
            edit_point = None
            if last is not None and request.checkpoints:
                edit_point = self._planner.edit_point(last, program)
            near, far = _registrar(request)
            end_lock_holders(self._runs.values(), request.path, self._control.send)
            whole = _why_whole(request, program, last, can_fork=far is not None)
            forked: Union[messages.Forked, Whole, None] = None
            if request.checkpoints and far is not None:
                descriptors = [*passed, far.fileno()]
                forked = self._checkpoints.resume(arrived, edit_point, program, descriptors)
            if not isinstance(forked, messages.Forked):
                process = RunProcess(
                    request, program, passed, edit_point=edit_point, whole=whole or forked
                )
                forked = messages.Forked(request.run, self._fork(process, near, far))
            if far is not None:
                far.close()
            self._runs[request.run] = HostedRun(forked.pid, arrived, edit_point, program, near)
            self._control.send(forked)
        for descriptor in passed:
            os.close(descriptor)

    def _accept(self, request: messages.Run) -> Optional[Program]:
        """Return the program to run; `None` if there is none, which is reported to the server."""
        accepted = self._history.accept(request)
        if isinstance(accepted, messages.Rejected):
            self._control.send(accepted)
            return None
        return accepted

    def _fork(
        self, process: RunProcess, near: Optional[socket.socket], far: Optional[socket.socket]
    ) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            if near is not None:
                near.close()
            if far is not None:
                process.connect(far.detach(), parent)
            process.become(lambda: self._detach(parent))
        return pid

    def _detach(self, parent: int) -> None:
        """Close everything of the host in a run's process."""
        limits.die_with_parent(parent)
        self._control.close()
        for connection in self._wakeup:
            connection.close()
        for checkpoint in self._checkpoints:
            checkpoint.connection.close()
        for run in self._runs.values():
            if run.registrar is not None:
                run.registrar.close()

    # ---- stopping --------------------------------------------------------------------------------

    def _stop(self, request: messages.Stop) -> None:
        run = self._runs.get(request.run)
        if run is None:
            return
        if request.how == "interrupt":
            os.kill(run.pid, signal.SIGINT)
        elif request.how == "locate" and LOCATE_SIGNAL is not None:
            os.kill(run.pid, LOCATE_SIGNAL)
        elif request.how == "suspend":
            descendants.suspend_tree(run.pid)
        elif request.how == "continue":
            descendants.continue_tree(run.pid)
        elif request.how == "kill":
            descendants.kill_tree(run.pid)

    def _quit(self) -> NoReturn:
        for run in self._runs.values():
            descendants.kill_tree(run.pid)
        while self._runs:
            if not self._reap(wait=True):
                break
        descendants.sweep(0, (), (), self._reap_all)
        os._exit(0)

    def _kill_checkpoint(self, pid: int) -> None:
        descendants.kill_tree(pid)
        self._sweep(pid)

    # ---- ends ------------------------------------------------------------------------------------

    def _report_ended(self) -> None:
        self._reap_all()
        while self._ended:
            run, status = self._ended.popleft()
            if not sys.platform.startswith("linux"):
                try:
                    os.killpg(run.pid, signal.SIGKILL)
                except OSError:
                    pass  # The group is empty.
            swept = self._sweep(run.pid)
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -number
            self._control.send(messages.Exited(run.request.run, code, number, swept))
            self._checkpoints.request_spare(run)

    def _sweep(self, pid: int) -> int:
        """Kill what process `pid` has left behind; return the number of processes."""
        alive = tuple(run.pid for run in self._runs.values())
        return descendants.sweep(pid, alive, self._checkpoints.pids, self._reap_all)

    def _reap_all(self) -> None:
        while self._reap():
            pass

    def _reap(self, wait: bool = False) -> bool:
        """Reap one child; return whether there was one."""
        try:
            pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return False
        for number, run in self._runs.items():
            if run.pid == pid:
                if run.registrar is not None:
                    self._checkpoints.register(run)
                    run.registrar.close()
                del self._runs[number]
                self._ended.append((run, status))
                break
        else:
            self._checkpoints.evict_pid(pid)
        return True


def _why_whole(
    request: messages.Run, program: Program, last: Optional[Program], *, can_fork: bool
) -> Optional[Whole]:
    """Return why a run begins at the top whatever checkpoints there are, if so."""
    if request.afresh:
        return Whole("requested")
    if not request.checkpoints:
        return Whole("checkpoints-off")
    if not can_fork:
        return Whole("single-use")
    if request.device == "simulated":
        return Whole("simulated")
    if last is None:
        return Whole("first-run")
    return Whole("compiler-warning") if program.warns else None


def _registrar(
    request: messages.Run,
) -> Tuple[Optional[socket.socket], Optional[socket.socket]]:
    """Create the connection over which a run sends its checkpoints, where it can make any."""
    if not (request.checkpoints or request.inspect) or not sys.platform.startswith("linux"):
        return None, None
    near, far = packets.pair()
    return near, socket.socket(fileno=limits.move_to_high_fd(far.detach()))
