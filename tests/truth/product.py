"""Runs programs through the product, as the server and the command line do.

The engine's `Pool` gets an event loop in a thread of its own, so that programs can run concurrently
and tests need not be coroutines.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model import messages
from tensorhints.session.runs.record import RunRecord

PATIENCE = 60.0


@dataclass(frozen=True)
class ProductRun:
    """A finished run: what was recorded, and how it ended."""

    record: RunRecord
    result: RunResult

    @property
    def stdout(self) -> str:
        return self.record.text_output("stdout")

    @property
    def stderr(self) -> str:
        return self.record.text_output("stderr")


def read(path: Path) -> str:
    """Return a file's text as an editor holds it: decoded by its cookie, with its line ends."""
    with path.open("rb") as file:
        encoding, _ = tokenize.detect_encoding(file.readline)
    return path.read_bytes().decode(encoding)


def request(path: Path, text: str | None = None, **more: object) -> messages.Run:
    """Return a request to run a file as `python FILE` does in the file's folder."""
    plain = messages.Run(
        run=0,
        path=str(path),
        text=read(path) if text is None else text,
        directory=str(path.parent),
        roots=(str(path.parent),),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


class Product:
    def __init__(self, interpreter: Path, single_use: bool) -> None:
        self._interpreter = interpreter
        self._single_use = single_use
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="product", daemon=True)
        self._thread.start()
        self._numbers = itertools.count(1)
        self._pool: Pool = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    async def _open(self) -> Pool:
        pool = Pool(single_use=self._single_use)
        pool.warm(self._interpreter, Path.cwd())
        return pool

    def start(self, request: messages.Run) -> Future[ProductRun]:
        """Start a run. The future is done when the run has ended."""
        return asyncio.run_coroutine_threadsafe(self._run(request), self._loop)

    def run(self, request: messages.Run) -> ProductRun:
        return self.start(request).result(PATIENCE * 2)

    async def _run(self, request: messages.Run) -> ProductRun:
        record = RunRecord()
        numbered = replace(request, run=next(self._numbers))
        live = self._pool.start(self._interpreter, numbered, record, timeout=PATIENCE)
        return ProductRun(record, await live.finished())

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._pool.close(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


@contextmanager
def opened(interpreter: Path, single_use: bool = False) -> Iterator[Product]:
    """Open a pool. `single_use` means a process for each run, as on platforms without fork."""
    product = Product(interpreter, single_use)
    try:
        yield product
    finally:
        product.close()


def run_all(
    product: Product, requests: Mapping[Path, messages.Run], at_once: int = 2
) -> dict[Path, ProductRun]:
    """Run every request, `at_once` at a time."""
    done: dict[Path, ProductRun] = {}
    pending: list[tuple[Path, Future[ProductRun]]] = []
    for path, wanted in requests.items():
        pending.append((path, product.start(wanted)))
        if len(pending) >= at_once:
            first, future = pending.pop(0)
            done[first] = future.result(PATIENCE * 2)
    for path, future in pending:
        done[path] = future.result(PATIENCE * 2)
    return done


def problem(run: ProductRun, allowed: Sequence[Outcome]) -> str | None:
    """Return a sentence if the run ended in a way that is not allowed, else `None`."""
    if run.result.outcome in allowed:
        return None
    reason = run.result.user_message or run.result.failure
    return f"{run.result.outcome}: {reason}\n{run.stderr[-2000:]}"
