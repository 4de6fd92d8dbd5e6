"""The server's side of jedi's process: one question at a time, each with a limit.

The process is started by the first question and killed by one that takes far too long; whoever
asked has gone on long before.
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
"""Seconds after which a question has no answer. jedi goes on: it remembers what it has read, so
that the next one is answered sooner."""

LIMIT = 30.0
"""Seconds of work on one question after which the process is given up."""

_LONGEST_ANSWER = 1 << 24

_START = f"""\
import sys
sys.path[:] = sys.argv[1:]
from {__package__}.worker import main
main()
"""

logger = logging.getLogger(__name__)


class Reader:
    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[list[Any]]] = set()
        self._closed = False
        self._told: dict[str, str | None] = {}  # the open files, as the process knows them

    async def ask(self, question: Question, patience: float = PATIENCE) -> list[Any]:
        """The answers, of the class that goes with the question's kind; none where jedi knows
        nothing or is not done in time. Questions wait for those before them, and one whose asker
        has left is not put at all.
        """
        asker = _Asker()
        work = asyncio.ensure_future(self._put(question, asker))
        self._work.add(work)
        work.add_done_callback(self._work.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(work), patience)
        except asyncio.TimeoutError:
            return []
        finally:
            asker.waits = False

    def close(self) -> None:
        self._closed = True
        for work in tuple(self._work):
            work.cancel()
        self._kill()

    async def _put(self, question: Question, asker: _Asker) -> list[Any]:
        async with self._turn:
            if self._closed or not asker.waits:
                return []
            try:
                line = await asyncio.wait_for(self._exchange(question), LIMIT)
                return answers_of(question.kind, line)
            except (OSError, ValueError, TypeError, asyncio.TimeoutError) as error:
                logger.info("jedi gave no answer: %r", error)
                self._kill()
                return []
            except asyncio.CancelledError:
                # Half an answer may lie in the pipe.
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
            self._told.clear()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line_of(self._with_news(question)))
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise OSError("its process is gone")
        return line

    def _with_news(self, question: Question) -> Question:
        """Of the open files only those whose text the process does not know."""
        now = {**question.buffers, question.path: question.text}
        news = {path: text for path, text in now.items() if self._told.get(path) != text}
        closed = dict.fromkeys(self._told.keys() - now.keys())
        self._told = now
        news.pop(question.path, None)
        return dataclasses.replace(question, buffers={**news, **closed})

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()


class _Asker:
    waits = True


def _import_path() -> list[str]:
    """Where the server found its own modules. The folder that it works in is the user's: nothing is
    imported from there.
    """
    own = str(Path(__file__).parents[2])
    user, found = os.getcwd(), [own]
    return found + [path for path in sys.path if path and path not in (own, user)]
