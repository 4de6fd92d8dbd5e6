"""The server's side of jedi's process: one question at a time, each with a time limit.

The first question starts the process. A question that takes far too long ends it; by then the
caller has long had its empty answer.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
import sys
from pathlib import Path
from typing import Any

from .questions import Question, answers_of, line_of

PATIENCE = 2.0
"""Seconds after which a question counts as unanswered. jedi continues: it remembers what it has
read, so the next question is answered sooner."""

LIMIT = 30.0
"""Seconds of work on one question after which the process is killed."""

_LONGEST_ANSWER = 1 << 24

_START = f"""\
import sys
sys.path[:] = sys.argv[1:]
from {__package__}.worker import main
main()
"""

logger = logging.getLogger(__name__)


class Reader:
    """A client of one jedi process, which is started on demand and restarted if it dies."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[list[Any]]] = set()
        self._closed = False
        self._sent: dict[str, str | None] = {}  # open files, as sent to the process

    async def ask(self, question: Question, patience: float = PATIENCE) -> list[Any]:
        """Return the answers, or an empty list if jedi has none within `patience` seconds.

        The class of the answers depends on the question's kind. Questions wait for earlier ones,
        and a question whose caller has given up is not sent.
        """
        caller = _Caller()
        work = asyncio.ensure_future(self._send(question, caller))
        self._work.add(work)
        work.add_done_callback(self._work.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(work), patience)
        except asyncio.TimeoutError:
            return []
        finally:
            caller.is_waiting = False

    def close(self) -> None:
        """Cancel all questions and kill the process."""
        self._closed = True
        for work in tuple(self._work):
            work.cancel()
        self._kill()

    async def _send(self, question: Question, caller: _Caller) -> list[Any]:
        async with self._turn:
            if self._closed or not caller.is_waiting:
                return []
            try:
                line = await asyncio.wait_for(self._exchange(question), LIMIT)
                return answers_of(question.kind, line)
            except (OSError, ValueError, TypeError, asyncio.TimeoutError) as error:
                logger.info("jedi gave no answer: %r", error)
                self._kill()
                return []
            except asyncio.CancelledError:
                # Half of an answer may still be in the pipe.
                self._kill()
                raise

    async def _exchange(self, question: Question) -> bytes:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", _START, *_import_path(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=None if logger.isEnabledFor(logging.INFO) else asyncio.subprocess.DEVNULL,
                limit=_LONGEST_ANSWER,
            )  # fmt: skip
            self._sent.clear()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line_of(self._with_changed_buffers(question)))
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise OSError("jedi's process has ended")
        return line

    def _with_changed_buffers(self, question: Question) -> Question:
        """Reduce the buffers to the texts that the process does not have yet."""
        now = {**question.buffers, question.path: question.text}
        changed = {path: text for path, text in now.items() if self._sent.get(path) != text}
        closed = dict.fromkeys(self._sent.keys() - now.keys())
        self._sent = now
        changed.pop(question.path, None)
        return dataclasses.replace(question, buffers={**changed, **closed})

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()


class _Caller:
    is_waiting = True


def _import_path() -> list[str]:
    """Return the server's own module search path.

    The working directory belongs to the user: nothing is imported from there.
    """
    own = str(Path(__file__).parents[2])
    user, found = os.getcwd(), [own]
    return found + [path for path in sys.path if path and path not in (own, user)]
