"""The warm parent: imports torch once and forks a run from itself for every request.

It runs no line of the user's program, holds no thread but its own and never initialises a GPU, so
that each fork is as good as a fresh interpreter. Where forking is no way, it becomes the one run
that it is asked for.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import select
import signal
import socket
import sys
import time
from collections import OrderedDict, deque
from functools import partial
from typing import Deque, Dict, Iterator, List, NoReturn, Optional, Sequence, Set, Tuple, Union

from ...model import failures, messages, wire
from ...model.signals import LOCATE_SIGNAL
from ...model.user_messages import UserMessage
from .. import imports
from ..checkpoint.resume_plan import ProgramPoint, ResumePlanner
from ..run.process import RunProcess
from ..syntax import program
from ..system import descendants, limits, packets
from . import checkpoint_store, warmup
from .checkpoint_store import Copies, Copy

# events, stdout, stderr, faults: sent beside each `Run`, in this order.
DESCRIPTORS_OF_A_RUN = 4

_RECEIVE = 1 << 16
_QUIET_SECONDS = 0.25
"""Without a request, after which warming goes on. A file that is open is run at once."""
_FILES_REMEMBERED = 64


def main(arguments: Sequence[str]) -> NoReturn:
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--single-use", type=int, metavar="PARENT", default=0)
    parser.add_argument("--context", type=int, metavar="GPU")
    parser.add_argument("--simulated", action="store_true")
    # Variables that only the host needs: they are gone before any program can see them.
    parser.add_argument("--unset", default="")
    options = parser.parse_args(arguments)

    started = time.monotonic()
    descriptor = limits.move_to_high_fd(options.control)
    control = Control(socket.socket(fileno=descriptor))
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
    found = warmup.find_devices(asked_here=options.context is not None)
    ready = messages.Ready(
        protocol=messages.PROTOCOL_VERSION,
        pid=os.getpid(),
        python="{}.{}.{}".format(*sys.version_info[:3]),
        executable=sys.executable,
        torch=str(sys.modules["torch"].__version__),
        devices=found,
        forks=forks,
        seconds=round(time.monotonic() - started, 3),
        gpus=devices.known(),
        tensor_attributes=dict(warmup.attributes_of_a_tensor()),
    )
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    imports.settle()
    control.send(ready)
    Host(control, forks).serve()


class Control:
    """The host's end of the control channel: requests in, with the descriptors sent beside them."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._decoder = wire.Decoder()
        self._descriptors: Deque[int] = deque()

    def fileno(self) -> int:
        return self._connection.fileno()

    def send(self, message: object) -> None:
        try:
            self._connection.sendall(wire.encode(message))
        except OSError:
            pass  # The server is gone: the next receive says so.

    def receive(self) -> Optional[List[object]]:
        """The requests that have come; `None` where the server is gone."""
        try:
            data, passed = self._receive()
            self._descriptors.extend(passed)
            return list(self._decoder.feed(data)) if data else None
        except (OSError, wire.WireError):
            return None

    def _receive(self) -> Tuple[bytes, List[int]]:
        if not hasattr(socket, "recv_fds"):
            return self._connection.recv(_RECEIVE), []
        data, passed, _, _ = socket.recv_fds(self._connection, _RECEIVE, 4 * DESCRIPTORS_OF_A_RUN)
        return data, passed

    def take_descriptors(self) -> List[int]:
        return [self._descriptors.popleft() for _ in range(DESCRIPTORS_OF_A_RUN)]

    def close(self) -> None:
        self._connection.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())


class Memory:
    """The texts that ran last, to tell an edit of code from an edit of comments."""

    def __init__(self) -> None:
        self._programs: OrderedDict[Tuple[str, str], program.Program] = OrderedDict()

    def last(self, path: str) -> Optional[program.Program]:
        """The text that a program itself was run with last."""
        return self._programs.get((path, path))

    def changed(self, request: messages.Run, file: str, now: program.Program) -> bool:
        before = self._programs.get((request.path, file))
        return before is None or not program.same_code(before, now)

    def keep(self, request: messages.Run, file: str, now: program.Program) -> None:
        self._programs[request.path, file] = now
        self._programs.move_to_end((request.path, file))
        while len(self._programs) > _FILES_REMEMBERED:
            self._programs.popitem(last=False)


@dataclasses.dataclass(frozen=True)
class Made:
    """A run under way: `registrar` is where its copies are given to this host."""

    pid: int
    request: messages.Run
    edit_point: Optional[ProgramPoint]
    program: program.Program
    registrar: Optional[socket.socket]


class Host:
    def __init__(self, control: Control, forks: bool) -> None:
        self._control = control
        self._forks = forks
        self._memory = Memory()
        self._planner = ResumePlanner(imports.modules)
        self._released: Set[str] = set()  # paths; what their last runs still leave is not kept
        self._late: Optional[Iterator[None]] = warmup.late_imports()
        self._patience = _QUIET_SECONDS
        self._runs: Dict[int, Made] = {}  # whose processes are not yet reaped
        self._copies = Copies(self._planner, self._tell_forgotten)
        self._ended: Deque[Tuple[Made, int]] = deque()  # process id, wait status

    def serve(self) -> NoReturn:
        if not self._forks:
            self._serve_one()
        limits.adopt_orphans()
        wake, self._wake = socket.socketpair()
        wake = socket.socket(fileno=limits.move_to_high_fd(wake.detach()))
        self._wake = socket.socket(fileno=limits.move_to_high_fd(self._wake.detach()))
        wake.setblocking(False)
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._own = (wake, self._wake)
        while True:
            ready = self._ready()
            if wake.fileno() in ready:
                try:
                    wake.recv(_RECEIVE)
                except BlockingIOError:
                    pass
            self._hear_copies(ready)
            self._report_ended()
            if self._control.fileno() in ready:
                requests = self._control.receive()
                if requests is None:
                    self._leave()
                for request in requests:
                    self._handle(request)

    def _ready(self) -> List[int]:
        listening = [self._control.fileno(), self._own[0].fileno()]
        listening += [copy.connection.fileno() for copy in self._copies]
        for made in self._runs.values():
            if made.registrar is not None:
                listening.append(made.registrar.fileno())
        return self._heard(listening)

    def _heard(self, listening: List[int]) -> List[int]:
        """Those where something has come. Warms on while there is nothing."""
        while True:
            patience = None if self._late is None else self._patience
            ready = select.select(listening, [], [], patience)[0]
            if ready:
                self._patience = _QUIET_SECONDS
                return ready
            self._patience = 0.0
            if self._late is not None and next(self._late, self) is self:
                self._late = None

    def _serve_one(self) -> NoReturn:
        while True:
            self._heard([self._control.fileno()])
            requests = self._control.receive()
            if requests is None:
                os._exit(0)
            for request in requests:
                if isinstance(request, messages.Quit):
                    os._exit(0)
                if isinstance(request, messages.Run):
                    accepted = self._accept(request)
                    if accepted is None:
                        for descriptor in self._control.take_descriptors():
                            os.close(descriptor)
                        continue
                    passed = self._control.take_descriptors()
                    self._control.send(messages.Forked(request.run, os.getpid()))
                    RunProcess(request, accepted, passed).become()

    def _handle(self, request: object) -> None:
        if isinstance(request, messages.Run):
            self._start(request)
        elif isinstance(request, messages.Stop):
            self._stop(request)
        elif isinstance(request, messages.Release):
            self._released.add(request.path)
            self._copies.drop_path(request.path)
        elif isinstance(request, messages.Inspect):
            self._inspect(request)
        elif isinstance(request, messages.Quit):
            self._leave()

    # ---- starting --------------------------------------------------------------------------------

    def _start(self, request: messages.Run) -> None:
        passed = self._control.take_descriptors()
        self._released.discard(request.path)
        last = self._memory.last(request.path)
        accepted = self._accept(request)
        if accepted is not None:
            edit_point = None
            if last is not None and request.checkpoints:
                edit_point = self._planner.edit_point(last, accepted)
            near, far = self._registrar(request)
            forked = None
            if request.checkpoints and far is not None:
                forked = self._resume(request, edit_point, accepted, [*passed, far.fileno()])
            if forked is None:
                pid = self._fork(request, edit_point, accepted, passed, near, far)
                forked = messages.Forked(request.run, pid)
            if far is not None:
                far.close()
            self._runs[request.run] = Made(forked.pid, request, edit_point, accepted, near)
            self._control.send(forked)
        for descriptor in passed:
            os.close(descriptor)

    def _registrar(
        self, request: messages.Run
    ) -> Tuple[Optional[socket.socket], Optional[socket.socket]]:
        if not (request.checkpoints or request.inspect) or not sys.platform.startswith("linux"):
            return None, None
        near, far = packets.pair()
        return near, socket.socket(fileno=limits.move_to_high_fd(far.detach()))

    def _fork(
        self,
        request: messages.Run,
        edit_point: Optional[ProgramPoint],
        accepted: program.Program,
        passed: Sequence[int],
        near: Optional[socket.socket],
        far: Optional[socket.socket],
    ) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            if near is not None:
                near.close()
            registrar = far.detach() if far is not None else None
            run = RunProcess(request, accepted, passed, registrar, parent, edit_point)
            run.become(lambda: self._forget_host(parent))
        return pid

    def _resume(
        self,
        request: messages.Run,
        edit_point: Optional[ProgramPoint],
        accepted: program.Program,
        passed: Sequence[int],
    ) -> Optional[messages.Forked]:
        """The process of a run that goes on from a copy, where one does."""
        fitting = self._copies.fitting(request, accepted)
        if request.afresh:
            return None
        for copy in fitting:
            edited = edit_point or ProgramPoint(-1)
            asked = messages.ResumeRequest(
                request, edited.step, edited.body_index, self._copies.has_twin(copy)
            )
            pid = checkpoint_store.resume(copy, asked, passed, partial(self._heard_from, copy))
            if pid is not None:
                if pid == copy.pid:
                    self._copies.drop(copy)
                return messages.Forked(request.run, pid, copy.paused.run, copy.paused.number)
            self._copies.drop(copy)
            descendants.kill([copy.pid, *descendants.below(copy.pid, descendants.listing())])
            alive = tuple(made.pid for made in self._runs.values())
            descendants.sweep(copy.pid, alive, self._copies.pids, self._reap_all)
        return None

    def _accept(self, request: messages.Run) -> Optional[program.Program]:
        """The program to run; `None` where there is nothing to run, which the server is told."""
        main = self._parsed(request, request.path, request.text)
        if main is None:
            return None
        file = request.only_if_changed
        parsed = {request.path: main}
        if file is not None and file in request.buffers:
            buffer = self._parsed(request, file, request.buffers[file])
            if buffer is None:
                return None
            parsed[file] = buffer
        if file in parsed and not self._memory.changed(request, file, parsed[file]):
            self._control.send(messages.Rejected(request.run, "unchanged"))
            return None
        for path, text in request.buffers.items():
            if path not in parsed:
                tree = program.parse(path, text)
                if isinstance(tree, program.Program):
                    parsed[path] = tree
        for path, tree in parsed.items():
            self._memory.keep(request, path, tree)
        return main

    def _parsed(self, request: messages.Run, path: str, text: str) -> Optional[program.Program]:
        parsed: Union[program.Program, failures.SyntaxProblem] = program.parse(path, text)
        if isinstance(parsed, failures.SyntaxProblem):
            self._control.send(messages.Rejected(request.run, "syntax", parsed))
            return None
        return parsed

    def _forget_host(self, parent: int) -> None:
        """In the run's process: leaves nothing of the host's."""
        limits.die_with_parent(parent)
        self._control.close()
        for connection in self._own:
            connection.close()
        for copy in self._copies:
            copy.connection.close()
        for made in self._runs.values():
            if made.registrar is not None:
                made.registrar.close()

    # ---- stopping --------------------------------------------------------------------------------

    def _stop(self, request: messages.Stop) -> None:
        made = self._runs.get(request.run)
        if made is None:
            return
        pid = made.pid
        if request.how == "interrupt":
            os.kill(pid, signal.SIGINT)
        elif request.how == "locate" and LOCATE_SIGNAL is not None:
            os.kill(pid, LOCATE_SIGNAL)
        elif request.how == "kill":
            descendants.kill([pid, *descendants.below(pid, descendants.listing())])

    def _leave(self) -> NoReturn:
        for made in self._runs.values():
            descendants.kill([made.pid, *descendants.below(made.pid, descendants.listing())])
        while self._runs:
            if not self._reap(wait=True):
                break
        descendants.sweep(0, (), (), self._reap_all)
        os._exit(0)

    # ---- paused copies ---------------------------------------------------------------------------

    def _hear_copies(self, ready: List[int]) -> None:
        for made in tuple(self._runs.values()):
            if made.registrar is not None and made.registrar.fileno() in ready:
                self._register(made)
        for copy in tuple(self._copies):
            if copy.connection.fileno() in ready:
                self._hear(copy)

    def _register(self, made: Made) -> None:
        """Takes in the copies that a run has made so far."""
        assert made.registrar is not None
        while True:
            try:
                message, passed = packets.receive(made.registrar, socket.MSG_DONTWAIT)
            except (OSError, EOFError):
                return
            if isinstance(message, messages.CheckpointMade):
                connection = socket.socket(fileno=passed[0])
                setup = checkpoint_store.setup_of(made.request)
                self._keep(Copy(message, connection, made.program, setup))
            elif isinstance(message, messages.CheckpointDropped):
                if not self._copies.drop_number(message.run, message.number):
                    self._control.send(message)  # It never came to be.
            else:
                self._control.send(message)

    def _keep(self, copy: Copy) -> None:
        self._copies.add(copy)
        if copy.setup.path in self._released:
            self._copies.drop(copy)

    def _hear(self, copy: Copy) -> None:
        try:
            message, passed = packets.receive(copy.connection, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except (OSError, EOFError):
            self._copies.drop(copy)
            return
        self._heard_from(copy, message, passed)

    def _heard_from(self, copy: Copy, message: object, passed: List[int]) -> None:
        if isinstance(message, messages.CheckpointMade):
            twin = Copy(message, socket.socket(fileno=passed.pop()), copy.program, copy.setup)
            self._keep(twin)
            self._tell(twin, messages.Adopt())
        elif isinstance(message, messages.Inspected):
            self._control.send(message)
        for descriptor in passed:
            os.close(descriptor)

    def _tell(self, copy: Copy, message: object) -> None:
        try:
            packets.send(copy.connection, message)
        except OSError:
            self._copies.drop(copy)

    def _inspect(self, request: messages.Inspect) -> None:
        copy = self._copies.at_the_end_of(request.run)
        try:
            if copy is not None:
                packets.send(copy.connection, request)
                return
        except OSError:
            pass
        problem = UserMessage("tensor-no-copy")
        self._control.send(messages.Inspected(request.run, request.query, problem=problem))

    def _tell_forgotten(self, copy: Copy) -> None:
        self._control.send(messages.CheckpointDropped(copy.paused.run, copy.paused.number))

    # ---- ends ------------------------------------------------------------------------------------

    def _report_ended(self) -> None:
        self._reap_all()
        while self._ended:
            made, status = self._ended.popleft()
            run, pid = made.request.run, made.pid
            if not sys.platform.startswith("linux"):
                try:
                    os.killpg(pid, signal.SIGKILL)
                except OSError:
                    pass
            alive = tuple(made.pid for made in self._runs.values())
            swept = descendants.sweep(pid, alive, self._copies.pids, self._reap_all)
            by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -by
            self._control.send(messages.Exited(run, code, by, swept))
            if made.edit_point is not None:
                needs = self._copies.needs_spare(made.request.path, made.edit_point)
                if needs is not None:
                    self._tell(needs, messages.MakeSpare())

    def _reap_all(self) -> None:
        while self._reap():
            pass

    def _reap(self, wait: bool = False) -> bool:
        try:
            pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return False
        for run, made in self._runs.items():
            if made.pid == pid:
                if made.registrar is not None:
                    self._register(made)
                    made.registrar.close()
                del self._runs[run]
                self._ended.append((made, status))
                break
        else:
            self._copies.drop_pid(pid)
        return True
