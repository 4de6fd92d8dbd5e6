"""Guards handlers: an exception is logged, and shown to the user as one sentence.

pygls would answer a request with an error that most editors hide, and ignore a notification.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def guarded(handler: Handler, failed: Callable[[Exception], Any]) -> Handler:
    """Return `handler` with its exceptions logged; the result of `failed` is the answer then."""
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def waiting(*arguments: Any) -> Any:
            try:
                return await handler(*arguments)
            except Exception as error:
                logger.exception("%s failed", handler.__name__)
                return failed(error)

        return waiting  # type: ignore[return-value]

    @functools.wraps(handler)
    def direct(*arguments: Any) -> Any:
        try:
            return handler(*arguments)
        except Exception as error:
            logger.exception("%s failed", handler.__name__)
            return failed(error)

    return direct  # type: ignore[return-value]
