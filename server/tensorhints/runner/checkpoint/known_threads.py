"""Threads of known libraries that wait in the background, and can be stopped for a fork.

A fork has no threads but the one that forks. These are stopped before it, at a point where they
have finished their work, and started again after it in both processes. Another library is one more
entry of `KNOWN`. Where none of these threads runs, that costs one call.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Tuple

from ..system.descriptors import AppendedFile


def _nothing(thread: Any) -> None:
    pass


@dataclass(frozen=True)
class KnownThread:
    """How to stop and restart the threads of one class.

    Attributes:
        stop: Makes the thread end once it has finished its work.
        seconds: How long it may take to end; `None` where it ends in any case. One that has not
            ended continues, after `ready`.
        release: Gives up what the ended thread's owner cannot take through a fork.
        ready: Makes the thread as it was before `stop` and `release`, before it starts again.
        appends_to: The paths of files that it does not keep open.
    """

    stop: Callable[[Any], None]
    seconds: Optional[float] = None
    release: Callable[[Any], None] = _nothing
    ready: Callable[[Any], None] = _nothing
    appends_to: Callable[[Any], Tuple[str, ...]] = lambda thread: ()


def _event_file(thread: Any) -> Tuple[str, ...]:
    # TensorFlow's own files keep their name elsewhere, and them open.
    path = getattr(getattr(thread._record_writer, "_writer", None), "filename", None)
    return (os.fsdecode(path),) if isinstance(path, (str, bytes)) else ()


def _close_queue(thread: Any) -> None:
    thread._queue.close()
    thread._queue.join_thread()


def _open_queue(thread: Any) -> None:
    """Make the queue anew, which is empty: the ended thread has read all that was in it."""
    context = sys.modules["multiprocessing"].get_context()  # type: ignore[attr-defined]
    queue = thread._queue
    queue.__init__(queue._maxsize, ctx=context)
    with queue._notempty:
        queue._start_thread()


KNOWN: Dict[Tuple[str, str], KnownThread] = {
    # Refreshes progress bars that have not been updated for ten seconds.
    ("tqdm._monitor", "TMonitor"): KnownThread(
        lambda thread: thread.was_killed.set(),
        seconds=0.25,
        ready=lambda thread: thread.was_killed.clear(),
    ),
    # Writes the events of a `SummaryWriter` of torch, each by opening the file anew.
    ("tensorboard.summary.writer.event_file_writer", "_AsyncWriterThread"): KnownThread(
        lambda thread: thread._queue.put(thread._shutdown_signal), appends_to=_event_file
    ),
    # The same of tensorboardX, whose queue is one for processes: pipes, locks, another thread.
    ("tensorboardX.event_file_writer", "_EventLoggerThread"): KnownThread(
        lambda thread: thread._queue.put(thread._shutdown_signal),
        release=_close_queue,
        ready=_open_queue,
    ),
    # Draws a display that was started without `with`: a progress bar, a status line.
    ("rich.live", "_RefreshThread"): KnownThread(
        lambda thread: thread.done.set(),
        seconds=0.25,
        ready=lambda thread: thread.done.clear(),
    ),
}
"""By module and name of the thread's class."""

_FEEDER = "QueueFeederThread"
"""The name of the thread of each queue for processes: that of a known thread ends with it."""


def running_threads() -> List[threading.Thread]:
    """`threading.enumerate`, which would use the program's builtins and take a lock."""
    found = threading._active, threading._limbo  # type: ignore[attr-defined]
    return [thread for threads in found for thread in list(threads.values())]


class StoppedThreads:
    """The known threads that were running, stopped until `restart`."""

    def __init__(self) -> None:
        self._stopped: List[Tuple[threading.Thread, KnownThread]] = []
        self._paths: List[str] = []

    @classmethod
    def stop(cls) -> StoppedThreads:
        """Stop all known threads, unless there are others beside them."""
        stopped = cls()
        threads = running_threads()
        if len(threads) == 1:
            return stopped
        found = []
        for thread in threads:
            kind = type(thread)
            known = KNOWN.get((kind.__module__, kind.__qualname__))
            if known is not None:
                found.append((thread, known))
            elif thread is not threading.main_thread() and thread.name != _FEEDER:
                return stopped
        for thread, known in found:
            stopped._stop(thread, known)
        return stopped

    def _stop(self, thread: threading.Thread, known: KnownThread) -> None:
        known.stop(thread)
        thread.join(known.seconds)
        if thread.is_alive():
            known.ready(thread)
        else:
            known.release(thread)
            self._stopped.append((thread, known))
            self._paths += known.appends_to(thread)

    @property
    def files(self) -> List[AppendedFile]:
        """The files that the threads append to, as they are now."""
        return [AppendedFile.at(path) for path in self._paths]

    def restart(self) -> None:
        """Start the threads again, in this process."""
        while self._stopped:
            thread, known = self._stopped.pop()
            known.ready(thread)
            # A thread can be started once, but made ready for that anew.
            threading.Thread.__init__(thread, name=thread.name, daemon=thread.daemon)
            thread.start()
