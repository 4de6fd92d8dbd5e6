"""Whether the current command was sent by a page in a browser instead of the editor."""

from __future__ import annotations

from contextvars import ContextVar

_requested_by_page: ContextVar[bool] = ContextVar("requested_by_page", default=False)


def is_requested_by_page() -> bool:
    """Whether the current task serves a page."""
    return _requested_by_page.get()


def mark_requested_by_page() -> None:
    """Mark the current task, and those that it starts, as serving a page."""
    _requested_by_page.set(True)
