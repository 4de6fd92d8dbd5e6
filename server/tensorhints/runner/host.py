"""The warm parent: imports torch once and forks a run from itself for every request.

It runs no line of the user's program, holds no thread but its own and never initialises a GPU, so
that each fork is as good as a fresh interpreter. Where forking is no way, it becomes the one run
that it is asked for.
"""

from __future__ import annotations

import argparse
import gc
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections import OrderedDict, deque
from typing import Callable, Deque, Dict, List, NoReturn, Optional, Sequence, Tuple, Union

from ..model import failures, messages, wire
from . import descendants, limits, program
from .channel import Channel

OLDEST_TORCH = (2, 4)

# events, stdout, stderr, faults: sent beside each `Run`, in this order.
DESCRIPTORS_OF_A_RUN = 4

_RECEIVE = 1 << 16
_FILES_REMEMBERED = 64
_DEVICE_PATIENCE = 20.0


def main(arguments: Sequence[str]) -> NoReturn:
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--single-use", type=int, metavar="PARENT", default=0)
    # Variables that only the host needs: they are gone before any program can see them.
    parser.add_argument("--unset", default="")
    options = parser.parse_args(arguments)

    started = time.monotonic()
    descriptor = limits.above_the_programs(options.control)
    control = Control(socket.socket(fileno=descriptor))
    problem = import_torch()
    if problem is not None:
        control.send(problem)
        sys.exit(1)
    for name in filter(None, options.unset.split(",")):
        os.environ.pop(name, None)
    forks = hasattr(os, "fork") and not options.single_use
    if options.single_use:
        limits.die_with_parent(options.single_use)
    ready = messages.Ready(
        protocol=messages.PROTOCOL_VERSION,
        pid=os.getpid(),
        python="{}.{}.{}".format(*sys.version_info[:3]),
        executable=sys.executable,
        torch=str(sys.modules["torch"].__version__),
        devices=devices(),
        forks=forks,
        seconds=round(time.monotonic() - started, 3),
    )
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    gc.collect()
    gc.freeze()
    control.send(ready)
    Host(control, forks).serve()


def import_torch() -> Optional[messages.NotReady]:
    """Imports torch and what it imports at its first use. The reason where there is no way."""
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name == "torch":
            return messages.NotReady("no-torch")
        return messages.NotReady("torch-broken", _sentence(error))
    except BaseException as error:
        return messages.NotReady("torch-broken", _sentence(error))
    version = getattr(torch, "__version__", None)
    if getattr(torch, "__file__", None) is None or version is None:
        # A folder named torch, imported as a namespace package.
        return messages.NotReady("no-torch")
    if _release(str(version)) < OLDEST_TORCH:
        return messages.NotReady("torch-too-old", str(version))
    try:
        import torch._dynamo
        import torch.optim  # noqa: F401

        from . import execute  # noqa: F401
    except BaseException as error:
        return messages.NotReady("torch-broken", _sentence(error))
    try:
        import numpy  # noqa: F401
    except Exception:
        pass
    return None


def _sentence(error: BaseException) -> str:
    text = str(error).strip()
    name = type(error).__name__
    return f"{name}: {text}"[:2000] if text else name


def _release(version: str) -> Tuple[int, ...]:
    parts = []
    for part in version.split("+")[0].split(".")[:2]:
        digits = "".join(character for character in part if character.isdigit())
        parts.append(int(digits or 0))
    return tuple(parts)


def devices() -> Tuple[str, ...]:
    """As torch names them. Counted in a fork, since asking for a GPU spoils every later fork."""
    import torch

    found = ["cpu"]
    if torch.backends.mps.is_built():
        found.append("mps")
    if (torch.version.cuda or torch.version.hip) and hasattr(os, "fork"):
        found += [f"cuda:{index}" for index in range(_gpus())]
    return tuple(found)


def _gpus() -> int:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0
        try:
            import torch

            count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        finally:
            os.write(writer, bytes((min(count, 255),)))
            os._exit(0)
    os.close(writer)
    answered, _, _ = select.select([reader], [], [], _DEVICE_PATIENCE)
    answer = os.read(reader, 1) if answered else b""
    os.close(reader)
    descendants.kill([child])
    os.waitpid(child, 0)
    return answer[0] if answer else 0


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

    def changed(self, request: messages.Run, file: str, now: program.Program) -> bool:
        before = self._programs.get((request.path, file))
        return before is None or not program.same_code(before, now)

    def keep(self, request: messages.Run, file: str, now: program.Program) -> None:
        self._programs[request.path, file] = now
        self._programs.move_to_end((request.path, file))
        while len(self._programs) > _FILES_REMEMBERED:
            self._programs.popitem(last=False)


class Host:
    def __init__(self, control: Control, forks: bool) -> None:
        self._control = control
        self._forks = forks
        self._memory = Memory()
        self._runs: Dict[int, int] = {}  # process id by run; of processes not yet reaped
        self._ended: Deque[Tuple[int, int, int]] = deque()  # run, process id, wait status

    def serve(self) -> NoReturn:
        if not self._forks:
            self._serve_one()
        limits.adopt_orphans()
        wake, self._wake = socket.socketpair()
        wake = socket.socket(fileno=limits.above_the_programs(wake.detach()))
        self._wake = socket.socket(fileno=limits.above_the_programs(self._wake.detach()))
        wake.setblocking(False)
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._own = (wake, self._wake)
        while True:
            ready, _, _ = select.select([self._control, wake], [], [])
            if wake in ready:
                try:
                    wake.recv(_RECEIVE)
                except BlockingIOError:
                    pass
            self._report_ended()
            if self._control in ready:
                requests = self._control.receive()
                if requests is None:
                    self._leave()
                for request in requests:
                    self._handle(request)

    def _serve_one(self) -> NoReturn:
        while True:
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
                    Run(request, accepted, passed).live()

    def _handle(self, request: object) -> None:
        if isinstance(request, messages.Run):
            self._start(request)
        elif isinstance(request, messages.Stop):
            self._stop(request)
        elif isinstance(request, messages.Quit):
            self._leave()

    # ---- starting --------------------------------------------------------------------------------

    def _start(self, request: messages.Run) -> None:
        passed = self._control.take_descriptors()
        accepted = self._accept(request)
        if accepted is not None:
            parent = os.getpid()
            pid = os.fork()
            if pid == 0:
                Run(request, accepted, passed).live(lambda: self._forget_host(parent))
            self._runs[request.run] = pid
            self._control.send(messages.Forked(request.run, pid))
        for descriptor in passed:
            os.close(descriptor)

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

    # ---- stopping --------------------------------------------------------------------------------

    def _stop(self, request: messages.Stop) -> None:
        pid = self._runs.get(request.run)
        if pid is None:
            return
        if request.how == "interrupt":
            os.kill(pid, signal.SIGINT)
        elif request.how == "locate" and limits.LOCATE_SIGNAL is not None:
            os.kill(pid, limits.LOCATE_SIGNAL)
        elif request.how == "kill":
            descendants.kill([pid, *descendants.below(pid, descendants.listing())])

    def _leave(self) -> NoReturn:
        for pid in self._runs.values():
            descendants.kill([pid, *descendants.below(pid, descendants.listing())])
        while self._runs:
            if not self._reap(wait=True):
                break
        descendants.sweep(0, (), self._reap_all)
        os._exit(0)

    # ---- ends ------------------------------------------------------------------------------------

    def _report_ended(self) -> None:
        self._reap_all()
        while self._ended:
            run, pid, status = self._ended.popleft()
            if not sys.platform.startswith("linux"):
                try:
                    os.killpg(pid, signal.SIGKILL)
                except OSError:
                    pass
            swept = descendants.sweep(pid, tuple(self._runs.values()), self._reap_all)
            by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -by
            self._control.send(messages.Exited(run, code, by, swept))

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
        for run, known in self._runs.items():
            if known == pid:
                del self._runs[run]
                self._ended.append((run, pid, status))
                break
        return True


class Run:
    """The process of one run, from the fork to its exit."""

    def __init__(
        self, request: messages.Run, accepted: program.Program, passed: Sequence[int]
    ) -> None:
        self._request = request
        self._program = accepted
        self._passed = passed

    def live(self, first: Callable[[], None] = lambda: None) -> NoReturn:
        status = 1
        try:
            limits.reset_signals()
            first()
            status = self._live()
        except KeyboardInterrupt:
            status = 130
        except BaseException:
            # A fault of ours. The run's stderr is the one place where somebody will see it.
            os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        finally:
            os._exit(status & 0xFF)

    def _live(self) -> int:
        request = self._request
        try:
            os.setsid()
        except OSError:
            pass  # It leads one already.
        events, faults = self._take_descriptors()
        channel = Channel(socket.socket(fileno=events))
        limits.report_faults(faults)
        output = limits.Output(request.run, request.output_limit, channel.send)
        output.install()
        refusal = self._enter_directory() or self._prepare_device_environment()
        if refusal is None:
            self._prepare_interpreter()
            refusal = self._prepare_device()
        if refusal is not None:
            channel.send(refusal)
            return 0
        if request.memory_limit and not self._sees_gpus():
            limits.limit_memory(request.memory_limit)

        from . import execute

        status = execute.execute(request, self._program, channel)
        output.finish()
        return status

    def _take_descriptors(self) -> Tuple[int, int]:
        events, stdout, stderr, faults = map(limits.above_the_programs, self._passed)
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (stdout, 1), (stderr, 2)):
            os.dup2(source, target)
            os.close(source)
        return events, faults

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
        processes = sys.modules.get("multiprocessing.process")
        if processes is not None:
            processes.ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]
        numbers = sys.modules.get("numpy.random")
        if numbers is not None:
            numbers.seed()

    # ---- device ----------------------------------------------------------------------------------

    def _prepare_device_environment(self) -> Optional[messages.NotReady]:
        if self._request.device == "simulated":
            return messages.NotReady("simulated-missing")
        return None

    def _prepare_device(self) -> Optional[messages.NotReady]:
        device = self._request.device
        if device == "cpu":
            for name in ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"):
                os.environ[name] = ""
        elif device.partition(":")[0] == "cuda":
            import torch

            index = int(device.partition(":")[2] or 0)
            if not torch.cuda.is_available():
                return messages.NotReady("no-cuda", _why_no_cuda())
            count = torch.cuda.device_count()
            if index >= count:
                return messages.NotReady("no-cuda", f"{device}: {count}")
            torch.cuda.set_device(index)
            torch.set_default_device(torch.device("cuda", index))
        return None

    def _sees_gpus(self) -> bool:
        """A GPU's driver reserves far more address space than it uses: no limit on that would do."""
        import torch

        return bool(torch.version.cuda or torch.version.hip) and self._request.device != "cpu"


def _why_no_cuda() -> str:
    import torch

    return "" if torch.version.cuda or torch.version.hip else f"torch {torch.__version__}"
