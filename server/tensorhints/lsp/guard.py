"""Guards handlers: an exception is logged, and shown to the user as one sentence.

pygls would answer a request with an error that most editors hide, and ignore a notification.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], Any]
"""Takes a message's params (None if it has none); may be a coroutine function."""

logger = logging.getLogger(__name__)


def guarded(name: str, handler: Handler, failed: Callable[[Exception], Any]) -> Handler:
    """Return `handler` as a function `name` whose exceptions are logged and passed to `failed`.

    The result of `failed` is the answer then. Without an argument, `handler` gets None.
    """
    if inspect.iscoroutinefunction(handler):

        async def waiting(params: Any = None) -> Any:
            try:
                return await handler(params)
            except Exception as error:
                logger.exception("%s failed", name)
                return failed(error)

        waiting.__name__ = name
        return waiting

    def direct(params: Any = None) -> Any:
        try:
            return handler(params)
        except Exception as error:
            logger.exception("%s failed", name)
            return failed(error)

    direct.__name__ = name
    return direct
