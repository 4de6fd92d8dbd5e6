"""Isolates checks from each other and from the run: a fork for each, or time limits in place.

A check may crash, hang or change any object. In a fork, only its own verdict is lost then. Where
forks are not possible, the checks after one that ended the process have no verdict either.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
import types
import warnings
from collections import deque
from contextlib import contextmanager
from typing import Deque, Iterator, NoReturn, Optional, Sequence, Tuple

import torch

from ...model.verdicts import CANNOT_CHECK
from ..system import limits
from .declared import DeclaredCheck
from .judge import CheckResult, Judge, TimeIsUp

LIMIT_SECONDS = 3.0
"""For one check. If it runs the learner's code again, twice the run's time is added."""

BUDGET_SECONDS = 10.0
"""For all checks of a run together, if they run one after another in this process."""

_PATIENCE = 0.5
"""Seconds past its limit after which a fork that does not answer is killed."""

_FORKS_AT_ONCE = max(2, min(os.cpu_count() or 1, 8))

# Bound here, before the learner's program can replace them.
_fork, _exit, _kill, _waitpid = getattr(os, "fork", None), os._exit, os.kill, os.waitpid
_write, _read, _dup2 = os.write, os.read, os.dup2

Judged = Tuple[DeclaredCheck, CheckResult, float]
"""A check, its verdict, and the seconds that it took."""


def judge_all(judge: Judge, checks: Sequence[DeclaredCheck], seconds: float) -> Iterator[Judged]:
    """Judge the program by each check, in order. `seconds` is how long the program ran."""
    judged = _judge_in_forks if _may_fork() else _judge_in_this_process
    return judged(judge, checks, seconds)


def _limit(check: DeclaredCheck, seconds: float) -> float:
    return LIMIT_SECONDS + (2 * seconds if check.varied else 0.0)


def _may_fork() -> bool:
    """Whether a fork can use torch: not once a GPU was used or autograd has a thread for one."""
    if _fork is None:
        return False
    try:
        if torch.cuda.is_available() or torch.cuda.is_initialized():
            return False
        return sys.platform != "darwin" or not torch.backends.mps.is_available()
    except Exception:
        return True


# ---- a fork for each check -----------------------------------------------------------------------


def _judge_in_forks(
    judge: Judge, checks: Sequence[DeclaredCheck], seconds: float
) -> Iterator[Judged]:
    """Run a few forks at once and yield their verdicts in the order of the checks."""
    waiting: Deque[DeclaredCheck] = deque(checks)
    begun: Deque[_Fork] = deque()
    try:
        while waiting or begun:
            while waiting and len(begun) < _FORKS_AT_ONCE:
                begun.append(_Fork(judge, waiting.popleft(), seconds))
            verdict, took = begun[0].verdict()
            yield begun.popleft().check, verdict, took
    finally:
        for fork in begun:
            fork.end()


class _Fork:
    """The process that runs one check. Not forked if missing names decide the verdict."""

    def __init__(self, judge: Judge, check: DeclaredCheck, seconds: float) -> None:
        assert _fork is not None
        self.check = check
        self._began = time.monotonic()
        self._limit = _limit(check, seconds)
        self._pid = 0
        self._verdict = judge.verdict_by_names(check)
        if self._verdict is not None:
            return
        self._reader, writer = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch has threads; the child uses none of them
            self._pid = _fork()
        if self._pid == 0:
            _run_in_child(judge, check, self._limit, parent, writer)
        os.close(writer)

    def verdict(self) -> Tuple[CheckResult, float]:
        """Wait for the verdict; return it and the seconds that the check took."""
        if self._verdict is None:
            line = _read_line(self._reader, self._began + self._limit + _PATIENCE)
            self.end()
            if line is None:
                self._verdict = CheckResult(CANNOT_CHECK, "timeout")
            else:
                self._verdict = _decoded(line) or CheckResult(CANNOT_CHECK, "crashed")
        return self._verdict, time.monotonic() - self._began

    def end(self) -> None:
        pid, self._pid = self._pid, 0
        if not pid:
            return
        os.close(self._reader)
        try:
            _kill(pid, signal.SIGKILL)
            _waitpid(pid, 0)
        except OSError:
            pass  # The program may have reaped the child: it may ignore SIGCHLD, for example.


def _run_in_child(
    judge: Judge, check: DeclaredCheck, limit: float, parent: int, writer: int
) -> NoReturn:
    try:
        limits.die_with_parent(parent)

        def send(verdict: CheckResult) -> NoReturn:
            _write(writer, _encoded(verdict))
            _exit(0)

        def on_alarm(number: int, frame: Optional[types.FrameType]) -> None:
            send(judge.out_of_time(check, _line_in(frame, judge.path)))

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, on_alarm)
        signal.setitimer(signal.ITIMER_REAL, limit)
        # A fork does not inherit the threads of torch's pool.
        torch.set_num_threads(1)
        torch.set_num_threads = lambda count: None
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            _dup2(null, descriptor)
        with open(os.devnull, "w") as silence:
            # The streams of the run would report output beyond the limit.
            sys.stdout = sys.stderr = silence
            sys.__stdout__ = sys.__stderr__ = silence  # type: ignore[misc]
            verdict = judge.judge(check)
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(verdict)
    finally:
        _exit(1)


def _encoded(verdict: CheckResult) -> bytes:
    plain = (verdict.verdict, verdict.kind, dict(verdict.fields), verdict.line)
    return json.dumps(plain).encode("ascii") + b"\n"


def _decoded(line: bytes) -> Optional[CheckResult]:
    try:
        verdict, kind, fields, number = json.loads(line)
    except ValueError:
        return None
    return CheckResult(verdict, kind, fields, number)


def _read_line(reader: int, deadline: float) -> Optional[bytes]:
    """Return the line that a child writes; empty if it ended without one, `None` on timeout."""
    received = b""
    while not received.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return None
        part = _read(reader, 1 << 16)
        if not part:
            return b""
        received += part
    return received


# ---- one after another in this process -----------------------------------------------------------


def _judge_in_this_process(
    judge: Judge, checks: Sequence[DeclaredCheck], seconds: float
) -> Iterator[Judged]:
    """Judge without forking: the program has ended, and its process will not be used again."""
    left = BUDGET_SECONDS
    for check in checks:
        began = time.monotonic()
        verdict = judge.verdict_by_names(check)
        if verdict is None and left <= 0:
            verdict = CheckResult(CANNOT_CHECK, "timeout")
        elif verdict is None:
            verdict = _judge_within(judge, check, _limit(check, seconds))
        took = time.monotonic() - began
        left -= took
        yield check, verdict, took


def _judge_within(judge: Judge, check: DeclaredCheck, limit: float) -> CheckResult:
    main = sys.modules.get("__main__")
    try:
        with _discarded_output(), _alarm(limit, judge.path):
            return judge.judge(check)
    except TimeIsUp as up:
        return judge.out_of_time(check, up.line)
    except KeyboardInterrupt:
        return CheckResult(CANNOT_CHECK, "timeout")
    finally:
        if main is not None:
            sys.modules["__main__"] = main


@contextmanager
def _discarded_output() -> Iterator[None]:
    streams = sys.stdout, sys.stderr
    with open(os.devnull, "w") as null:
        sys.stdout = sys.stderr = null
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams


@contextmanager
def _alarm(limit: float, path: str) -> Iterator[None]:
    """Raise `TimeIsUp` in the main thread after `limit` seconds.

    Platforms without timers get a KeyboardInterrupt instead.
    """
    if not hasattr(signal, "setitimer"):
        import _thread

        timer = threading.Timer(limit, _thread.interrupt_main)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        return

    def on_alarm(number: int, frame: Optional[types.FrameType]) -> None:
        raise TimeIsUp(_line_in(frame, path))

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _line_in(frame: Optional[types.FrameType], path: str) -> Optional[int]:
    """Return the innermost line of a file, from 1, on the stack of a frame."""
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None
