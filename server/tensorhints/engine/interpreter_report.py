"""Reports on an interpreter by starting a host in it, for `tensorhints doctor`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.messages import Ready
from tensorhints.model.user_messages import UserMessage

from .pool import Pool
from .standby import WARM_UP_LIMIT


@dataclass(frozen=True)
class Description:
    """The report on one interpreter.

    `ready` is None if it cannot run programs, and `user_message` gives the reason. `seconds` is the
    time that it took to find out, including the start of the interpreter.
    """

    interpreter: Path
    ready: Ready | None
    user_message: UserMessage | None
    seconds: float


async def describe(
    interpreter: Path, directory: Path, *, warm_up_limit: float = WARM_UP_LIMIT
) -> Description:
    """Return its Python, torch and devices, and how long its host takes to warm up."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    pool = Pool(warm_up_limit=warm_up_limit)
    try:
        pool.warm(interpreter, directory)
        state = await pool.settled(interpreter)
    finally:
        await pool.close()
    return Description(interpreter, state.ready, state.user_message, loop.time() - started)
