"""Keeps what the runner does from the program's audit hooks.

A hook may forbid to open files, or print each one that is opened. It has to see the program's
events alone.
"""

from __future__ import annotations

import _thread
import sys
from typing import Any, Callable

from ..own_modules import is_own

_AuditHook = Callable[[str, Any], Any]


def install() -> None:
    """Replace `sys.addaudithook`."""
    add, frame_at, thread = sys.addaudithook, sys._getframe, _thread._local()

    def addaudithook(hook: _AuditHook) -> None:
        """Adds a new audit hook callback."""

        def program_events(event: str, arguments: Any) -> None:
            if getattr(thread, "is_asking", False):
                return  # To ask for a frame is an event, too.
            thread.is_asking = True
            try:
                is_runner = event != "sys.addaudithook" and is_own(frame_at(1))
            finally:
                thread.is_asking = False
            if not is_runner:
                hook(event, arguments)

        if getattr(hook, "__cantrace__", False):
            program_events.__cantrace__ = True  # type: ignore[attr-defined]
        add(program_events)

    sys.addaudithook = addaudithook
