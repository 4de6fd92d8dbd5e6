"""What an interpreter can do, found out by bringing its host up: for `tensorhints doctor`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.messages import Ready
from tensorhints.model.user_messages import UserMessage

from .pool import Pool
from .warm_host import WARM_UP_LIMIT


@dataclass(frozen=True)
class Description:
    """`ready` is `None`, and `user_message` says why, where the interpreter cannot run programs.
    `seconds` is how long that took to find out, the interpreter's own start included.
    """

    interpreter: Path
    ready: Ready | None
    user_message: UserMessage | None
    seconds: float


async def describe(
    interpreter: Path, directory: Path, *, warm_up_limit: float = WARM_UP_LIMIT
) -> Description:
    """Its Python, torch and devices, and how long its host takes to get warm."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    pool = Pool(warm_up_limit=warm_up_limit)
    try:
        pool.warm(interpreter, directory)
        state = await pool.settled(interpreter)
    finally:
        await pool.close()
    return Description(interpreter, state.ready, state.user_message, loop.time() - started)
