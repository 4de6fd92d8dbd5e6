"""`torch.compile` sees the program without its probes.

Gates are constants of `builtins` to torch._dynamo: it reads them once while it traces and guards on
none. So they are closed while it traces, and what it compiles is the program itself.
"""

from __future__ import annotations

import sys
import types
from typing import Any, Callable, Iterable

NAME = "torch._dynamo"


def stand_aside(
    close: Callable[[], None], reopen: Callable[[], None], probes: Iterable[Any]
) -> bool:
    """Calls `close` before torch._dynamo traces a frame and `reopen` after it, and has it never
    compile the probes themselves. A torch without these hooks traces through the probes, which
    hand values on as they are. Whether torch has the hooks.
    """
    dynamo: Any = sys.modules.get(NAME)
    handler = getattr(dynamo, "callback_handler", None)
    if handler is None:
        return False
    skip_code = getattr(sys.modules.get("torch._dynamo.eval_frame"), "skip_code", None)
    if skip_code is not None:
        for probe in probes:
            if isinstance(probe, (types.FunctionType, types.MethodType)):
                skip_code(probe.__code__)

    def register() -> None:
        handler.register_start_callback(lambda *_: close())
        handler.register_end_callback(lambda *_: reopen())

    clear = handler.clear

    def clear_and_register() -> None:
        # `torch._dynamo.reset()`, which programs call, forgets every callback.
        clear()
        register()

    try:
        register()
        handler.clear = clear_and_register
    except Exception:
        return False
    return True
