"""Warms up a host: imports torch and what torch imports late, and finds the devices."""

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

_DEVICE_QUERY_SECONDS = 20.0
_PIPE_BYTES = 1 << 16


def import_torch() -> Optional[messages.NotReady]:
    """Import torch and the runner's own modules; return why programs cannot run, if so."""
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
        # A folder named torch was imported as a namespace package.
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
        pass  # NumPy is optional; a program that needs it reports the error itself.
    return None


def late_imports() -> Iterator[None]:
    """Import what torch imports when a model is first trained or compiled.

    All of it takes as long as torch itself. Each step takes some tenths of a second, and a run may
    be forked between two steps. Errors are ignored: a program that imports such a module itself
    gets the error.
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
            pass  # Warming is optional: a program that imports it sees the error.
        # Older releases of torch.distributed add a temporary folder.
        sys.path[:] = path
        yield
    imports.settle()


def tensor_attributes() -> Iterator[Tuple[str, AttributeKind]]:
    """Yield the name and the kind of each attribute of `torch.Tensor`."""
    tensor = sys.modules["torch"].Tensor
    for name in dir(tensor):
        is_called = callable(getattr(tensor, name, None))
        yield name, "function" if is_called else "property"


def import_simulation() -> Optional[messages.NotReady]:
    """Import what simulated runs need; it does not change torch until such a run starts."""
    try:
        from ..simulated import activation

        activation.preload()
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


def find_devices(*, query_here: bool = False) -> Tuple[str, ...]:
    """Return the devices as torch names them; remember the product names of GPUs for the runs.

    Queries CUDA in a child process: initialising it here would break every later fork. With
    `query_here` it is queried in this process, which will not fork.
    """
    import torch

    from ..run import devices

    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.append("mps")
        devices.add_names({"mps": "Apple GPU"})
    if (torch.version.cuda or torch.version.hip) and hasattr(os, "fork"):
        gpus = devices.query_names() if query_here else _query_in_child(devices.query_names)
        devices.add_names(gpus)
        found += gpus
    return tuple(found)


def _query_in_child(query: Callable[[], Dict[str, str]]) -> Dict[str, str]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(query()).encode()[:_PIPE_BYTES])
        finally:
            os._exit(0)
    os.close(writer)
    answered, _, _ = select.select([reader], [], [], _DEVICE_QUERY_SECONDS)
    answer = os.read(reader, _PIPE_BYTES) if answered else b""
    os.close(reader)
    descendants.kill([child])
    os.waitpid(child, 0)
    try:
        return dict(json.loads(answer))
    except ValueError:
        return {}
