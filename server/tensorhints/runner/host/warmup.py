"""What makes a host warm: torch, then all that torch imports late; and what it found on the way."""

from __future__ import annotations

import importlib
import json
import os
import select
import sys
from typing import Callable, Dict, Iterator, Optional, Tuple

from ...model import messages
from ...model.messages import AttributeKind
from .. import imports
from ..system import descendants

OLDEST_TORCH = (2, 4)

_DEVICE_PATIENCE = 20.0
_PIPE = 1 << 16


def import_torch() -> Optional[messages.NotReady]:
    """The reason where there is no way."""
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name == "torch":
            return messages.NotReady("no-torch")
        return messages.NotReady("torch-broken", _sentence(error))
    except BaseException as error:
        return messages.NotReady("torch-broken", _sentence(error))
    version = getattr(torch, "__version__", None)
    if getattr(torch, "__file__", None) is None or version is None:
        # A folder named torch, imported as a namespace package.
        return messages.NotReady("no-torch")
    if _release(str(version)) < OLDEST_TORCH:
        return messages.NotReady("torch-too-old", str(version))
    try:
        from ..run import execution  # noqa: F401
    except BaseException as error:
        return messages.NotReady("torch-broken", _sentence(error))
    try:
        import numpy  # noqa: F401
    except Exception:
        pass
    return None


def late_imports() -> Iterator[None]:
    """Imports what torch imports when a model is first trained or compiled: as long again as torch
    itself. Each step takes some tenths of a second, and a run may be forked between them. A program
    that gets there by itself is told what is wrong, where something is.
    """
    import torch

    parts = ["sympy", "torch.fx.experimental.symbolic_shapes"]
    if torch.distributed.is_available():
        parts.append("torch.distributed.fsdp")
    for part in (*parts, "torch._dynamo", "torch.optim"):
        path = list(sys.path)
        try:
            importlib.import_module(part)
        except Exception:
            pass
        # Older releases of torch.distributed add a temporary folder.
        sys.path[:] = path
        yield
    imports.settle()


def attributes_of_a_tensor() -> Iterator[Tuple[str, AttributeKind]]:
    """Yield the name and the kind of each attribute of `torch.Tensor`."""
    tensor = sys.modules["torch"].Tensor
    for name in dir(tensor):
        is_called = callable(getattr(tensor, name, None))
        yield name, "function" if is_called else "property"


def import_simulation() -> Optional[messages.NotReady]:
    """Imports what simulated runs need beside. Torch works as before until one begins."""
    try:
        from ..simulated import world

        world.preload()
    except BaseException as error:
        return messages.NotReady("torch-broken", _sentence(error))
    return None


def _sentence(error: BaseException) -> str:
    text = str(error).strip()
    name = type(error).__name__
    return f"{name}: {text}"[:2000] if text else name


def _release(version: str) -> Tuple[int, ...]:
    parts = []
    for part in version.split("+")[0].split(".")[:2]:
        digits = "".join(character for character in part if character.isdigit())
        parts.append(int(digits or 0))
    return tuple(parts)


def find_devices(*, asked_here: bool = False) -> Tuple[str, ...]:
    """The devices as torch names them; what the GPUs among them are called is kept for the runs.
    Asked in a fork, since asking for a GPU spoils every later one, unless none is meant to come.
    """
    import torch

    from ..run import devices

    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.append("mps")
        devices.know({"mps": "Apple GPU"})
    if (torch.version.cuda or torch.version.hip) and hasattr(os, "fork"):
        gpus = devices.names() if asked_here else _asked_in_a_fork(devices.names)
        devices.know(gpus)
        found += gpus
    return tuple(found)


def _asked_in_a_fork(ask: Callable[[], Dict[str, str]]) -> Dict[str, str]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(ask()).encode()[:_PIPE])
        finally:
            os._exit(0)
    os.close(writer)
    answered, _, _ = select.select([reader], [], [], _DEVICE_PATIENCE)
    answer = os.read(reader, _PIPE) if answered else b""
    os.close(reader)
    descendants.kill([child])
    os.waitpid(child, 0)
    try:
        return dict(json.loads(answer))
    except ValueError:
        return {}
