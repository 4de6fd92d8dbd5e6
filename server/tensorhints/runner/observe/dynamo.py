"""Hides the probes from `torch.compile`.

torch._dynamo treats gates as constants of `builtins`: it reads them while it traces, without a
guard. The gates are closed while it traces, so that it compiles the program without probes.
"""

from __future__ import annotations

import sys
import types
from typing import Any, Callable, Dict, Iterable

import torch

NAME = "torch._dynamo"

FLAG = "_is_compiling_flag"


def compiler_flags() -> Dict[str, Any]:
    """Return the variables of `torch.compiler`: `FLAG` is set while torch.export traces.

    Reading the flag takes a tenth of the time of `torch.compiler.is_compiling()`. Frames that
    torch._dynamo traces meet closed gates instead.
    """
    flags = vars(torch.compiler)
    return flags if FLAG in flags else {FLAG: False}


def stand_aside(
    close: Callable[[], None], reopen: Callable[[], None], probes: Iterable[Any]
) -> bool:
    """Have `close` called before torch._dynamo traces a frame, and `reopen` after it.

    The probes themselves are never compiled. Return whether this torch has the hooks; without them
    it traces through the probes, which return their values unchanged.
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
        # Programs call `torch._dynamo.reset()`, which removes every callback.
        clear()
        register()

    try:
        register()
        handler.clear = clear_and_register
    except Exception:
        return False
    return True
