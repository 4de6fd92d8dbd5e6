"""Uncaught exceptions, printed as Python prints them, without frames of the runner."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import traceback
import types
from contextlib import nullcontext
from typing import Any, Callable, ContextManager, List, Mapping, Optional, Tuple

from .. import RUNNER_FOLDER
from ..syntax.program import Program

FORWARDING_FILES = tuple(
    os.path.join(RUNNER_FOLDER, "simulated", name)
    for name in ("guessed_numbers.py", "lost_guesses.py")
)
"""Files whose frames only forward a call of the program: program frames may follow them."""


class TracebackReport:
    """Prints the exception that ended a program.

    `files` are the instrumented texts by path. `hidden` takes our names out of `builtins`, where
    Python looks for what a misspelt name may have meant.
    """

    def __init__(
        self, files: Mapping[str, Program], hidden: Callable[[], ContextManager[None]]
    ) -> None:
        self._files = files
        self._hidden = hidden

    def print(self, error: BaseException) -> None:
        """Print an exception whose traceback is the program's own."""
        try:
            sys.stdout.flush()
        except Exception:
            pass  # The program closed or replaced the stream.
        matches_disk = self._matches_disk(error)
        suggests_names = isinstance(error, NameError) and sys.excepthook is sys.__excepthook__
        with self._hidden() if suggests_names else nullcontext():
            _print_uncaught(error, matches_disk)

    def _matches_disk(self, error: BaseException) -> bool:
        """Whether the files on disk hold the lines that ran: Python's own printer reads those."""
        for frame, _ in traceback.walk_tb(error.__traceback__):
            program = self._files.get(frame.f_code.co_filename)
            if program is None:
                continue
            try:
                with open(program.path, "rb") as file:
                    if file.read() != program.text.encode("utf-8", "surrogatepass"):
                        return False
            except OSError:
                return False
        return True


def run_exit_handlers(status: int) -> int:
    """Wait for threads and run `atexit` handlers, as Python does; return the exit status."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
    except BaseException as error:
        error.__traceback__ = program_part(error.__traceback__)
        _report_ignored(error)
    try:
        atexit._run_exitfuncs()
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        if sys.version_info >= (3, 10):  # Python 3.9 raises what it has printed.
            error.__traceback__ = program_part(error.__traceback__)
            _print_uncaught(error, True)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # The program closed or replaced the stream.
    return status


def exit_status(error: SystemExit) -> int:
    """Return the status of a `SystemExit`; like Python, print a code that is not a number."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) & 0xFF
    try:
        sys.stdout.flush()
        sys.stderr.write(f"{code}\n")
        sys.stderr.flush()
    except Exception:
        pass  # Python too exits silently if it cannot print here.
    return 1


def program_part(tb: Optional[types.TracebackType]) -> Optional[types.TracebackType]:
    """Cut the runner's frames out of a traceback.

    They come before the program's first frame, and after its last if the exception, such as a
    Ctrl-C, was raised inside a probe.
    """
    while tb is not None and _is_of_runner(tb.tb_frame):
        tb = tb.tb_next
    last = tb
    while last is not None:
        following = last.tb_next
        while following is not None and _forwards(following.tb_frame):
            following = last.tb_next = following.tb_next
        if following is not None and _is_of_runner(following.tb_frame):
            last.tb_next = None
            break
        last = following
    return tb


def _is_of_runner(frame: types.FrameType) -> bool:
    return frame.f_code.co_filename.startswith(RUNNER_FOLDER)


def _forwards(frame: types.FrameType) -> bool:
    return frame.f_code.co_filename in FORWARDING_FILES


def _type_of_ignored() -> Any:
    """The class of what `sys.unraisablehook` takes, which has no public name."""

    class Raises:
        def __del__(self) -> None:
            raise ValueError

    reported: List[Any] = []
    before, sys.unraisablehook = sys.unraisablehook, reported.append
    try:
        Raises()
    finally:
        sys.unraisablehook = before
    return type(reported[0])


_Ignored = _type_of_ignored()


def _report_ignored(error: BaseException) -> None:
    """Report an exception of `threading._shutdown` as Python does, whatever it is."""
    where: Tuple[Any, Any] = (None, threading)
    if sys.version_info >= (3, 13):
        where = ("Exception ignored on threading shutdown", None)
    try:
        sys.unraisablehook(_Ignored((type(error), error, error.__traceback__, *where)))
    except Exception:
        pass  # The program replaced the hook, or closed the stream.


def _print_uncaught(error: BaseException, matches_disk: bool) -> None:
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    hook = sys.excepthook
    try:
        if hook is sys.__excepthook__ and not matches_disk:
            traceback.print_exception(type(error), error, error.__traceback__)
        else:
            hook(type(error), error, error.__traceback__)
    except BaseException as raised:
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(raised), raised, program_part(raised.__traceback__))
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, error.__traceback__)
