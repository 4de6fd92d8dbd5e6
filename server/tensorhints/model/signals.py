"""The signals that the server and the runner both use, and their names."""

from __future__ import annotations

import signal
from typing import Optional

LOCATE_SIGNAL: Optional[int] = (
    signal.SIGRTMAX - 1 if hasattr(signal, "SIGRTMAX") else getattr(signal, "SIGINFO", None)
)
"""Makes a run write its current lines to its fault stream, even while C code holds the interpreter.

`None` on platforms that have no signal to spare.
"""


def signal_name(number: int) -> Optional[str]:
    """Return the name of a signal, such as `SIGSEGV`, or `None` if Python does not know it."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return None
