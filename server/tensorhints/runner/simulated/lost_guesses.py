"""Detects guesses that reach code which cannot propagate them, and taints the run then.

The program's own functions and torch propagate guesses: what they compute from a guess is marked as
one. Other code, such as `bytes(n)` or `random.randint(0, n)`, reads an int from memory and returns
an ordinary one.
"""

from __future__ import annotations

import builtins
import collections
import os
import sys
import types
from typing import Any, Callable, Dict, Set

import torch

from .guessed_numbers import formatted, holds_guess
from .taint import state

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep

_PROPAGATING = frozenset(
    (
        "print", "isinstance", "issubclass", "type", "id", "callable", "repr", "str", "ascii",
        "format", "getattr", "setattr", "hasattr", "hash", "any", "all", "iter", "next",
        "list", "tuple", "dict", "set", "frozenset", "zip", "reversed", "super", "vars", "dir",
        "locals", "globals",
    )
)  # fmt: skip
_PROPAGATING_IDS = frozenset(id(getattr(builtins, name)) for name in _PROPAGATING)
"""Built-in functions that only forward their arguments, or print them."""

_PROPAGATING_METHODS = frozenset(
    (
        "append", "extend", "add", "update", "appendleft", "throw", "send",
        "format", "join", "ljust", "rjust", "center", "strip", "rstrip",
    )
)  # fmt: skip
_CONTAINERS = (list, tuple, dict, set, frozenset, str, collections.deque, types.GeneratorType)
_PRINTING_MODULES = ("logging", "warnings", "tqdm", "rich", "wandb", "torch.utils.tensorboard")
# Layers whose constructors do more with their arguments than create tensors of these sizes.
_LOSING_LAYERS = (
    "torch.nn.modules.container", "torch.nn.modules.rnn", "torch.nn.modules.transformer",
)  # fmt: skip
_PROPAGATING_MODULES = (
    "torch.nn.functional", "torch.nn.init", "torch.functional", "torch._tensor", "torch._VF",
)  # fmt: skip
_INDEXED = (list, tuple, str, bytes, bytearray, range, dict, collections.deque)

_tracked_files: Set[str] = set()


def add_tracked_file(path: str) -> None:
    """Register a file whose calls are rewritten, so that its functions propagate guesses."""
    _tracked_files.add(path)


def operand_hook(value: Any) -> Any:
    """Return an operand of a comparison. Guessed numbers taint the run themselves, texts do not."""
    if type(value) is str:
        _taint_if_guess(value)
    return value


def is_tracked(frame: types.FrameType) -> bool:
    """Whether a frame executes code of the program."""
    return frame.f_code.co_filename in _tracked_files


def make_callee_hook(replacements: Dict[int, Callable[..., Any]]) -> Callable[[Any], Any]:
    """Return the hook that every callee passes through.

    `replacements` are functions that propagate guesses, by the `id` of the built-in function that
    each of them replaces. Any other function that does not propagate guesses is wrapped.
    """

    def callee(function: Any) -> Any:
        replacement = replacements.get(id(function))
        if replacement is not None:
            return replacement
        if not state.guesses or state.tainted or _propagates(function):
            return function
        return _tainting(function)

    return callee


def container_hook(container: Any) -> Any:
    """Return what to index instead of a container, or to format with `%` instead of a text."""
    if not state.guesses or (state.tainted and type(container) is not str):
        return container
    return (
        _ContainerProxy(container)
        if isinstance(container, _INDEXED) or _is_array(container)
        else container
    )


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy"


class _ContainerProxy:
    """Stands for a container during one subscript, or for a text during one `%`."""

    def __init__(self, container: Any) -> None:
        self._container = container

    def __getitem__(self, index: Any) -> Any:
        _taint_if_guess(index)
        return self._container[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        _taint_if_guess(index)
        self._container[index] = value

    def __delitem__(self, index: Any) -> None:
        _taint_if_guess(index)
        del self._container[index]

    def __mod__(self, values: Any) -> Any:
        return formatted(self._container, values)


def _taint_if_guess(*values: Any) -> None:
    if any(map(holds_guess, values)):
        state.set_tainted()


def _tainting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function that loses guesses: an argument that is one taints the run."""
    owner = getattr(function, "__self__", None)

    def call(*args: Any, **kwargs: Any) -> Any:
        _taint_if_guess(*args, *kwargs.values(), owner if isinstance(owner, str) else None)
        return function(*args, **kwargs)

    return call


def _propagates(function: Any) -> bool:
    if id(function) in _PROPAGATING_IDS or isinstance(function, (torch.nn.Module, torch.Tensor)):
        return True
    if isinstance(function, types.MethodType):
        return _propagates(function.__func__)
    if isinstance(function, types.FunctionType):
        path, module = function.__code__.co_filename, str(function.__module__)
        return (
            path in _tracked_files
            or module.startswith((*_PRINTING_MODULES, *_PROPAGATING_MODULES))
            or (path.startswith(_TORCH) and module.startswith("torch.nn.modules"))
        )
    if isinstance(function, type):
        return _constructor_propagates(function)
    name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
    if getattr(torch._C._VariableFunctions, name, None) is function:
        return True
    if isinstance(owner, _CONTAINERS):
        return name in _PROPAGATING_METHODS
    if isinstance(owner, types.ModuleType):
        return owner.__name__.partition(".")[0] == "torch"
    kind = owner if isinstance(owner, type) else type(function if owner is None else owner)
    return _is_of_torch(kind) or _is_of_the_program(kind)


def _constructor_propagates(kind: type) -> bool:
    if issubclass(kind, torch.nn.Module) and _is_of_torch(kind):
        return not kind.__module__.startswith(_LOSING_LAYERS)
    return issubclass(kind, (BaseException, torch.Size)) or _is_of_the_program(kind)


def _is_of_torch(kind: type) -> bool:
    return issubclass(kind, torch.Tensor) or str(kind.__module__).partition(".")[0] == "torch"


def _is_of_the_program(kind: type) -> bool:
    module = sys.modules.get(str(kind.__module__))
    return getattr(module, "__file__", None) in _tracked_files or kind.__module__ == "__main__"
