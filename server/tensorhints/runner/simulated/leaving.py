"""Where a guess leaves the program for code that cannot carry it on: the run is adrift then.

The program's own functions and torch carry guesses on. Everything else, Python's `bytes(n)` or
`random.randint(0, n)`, reads an int from memory and gives an ordinary one back.
"""

from __future__ import annotations

import builtins
import collections
import os
import sys
import types
from typing import Any, Callable, Dict, Set

import torch

from .marks import course
from .numbers import formatted, holds_guess

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep

_KEEPING = frozenset(
    (
        "print", "isinstance", "issubclass", "type", "id", "callable", "repr", "str", "ascii",
        "format", "getattr", "setattr", "hasattr", "hash", "any", "all", "iter", "next",
        "list", "tuple", "dict", "set", "frozenset", "zip", "reversed", "super", "vars", "dir",
        "locals", "globals",
    )
)  # fmt: skip
_KEEPERS = frozenset(id(getattr(builtins, name)) for name in _KEEPING)
"""Functions of Python's that only hand their arguments on, or show them."""

_KEEPING_METHODS = frozenset(
    (
        "append", "extend", "add", "update", "appendleft", "throw", "send",
        "format", "join", "ljust", "rjust", "center", "strip", "rstrip",
    )
)  # fmt: skip
_CONTAINERS = (list, tuple, dict, set, frozenset, str, collections.deque, types.GeneratorType)
_SHOWING = ("logging", "warnings", "tqdm", "rich", "wandb", "torch.utils.tensorboard")
# Layers that only make tensors of the sizes that they are given.
_LOSING_LAYERS = (
    "torch.nn.modules.container", "torch.nn.modules.rnn", "torch.nn.modules.transformer",
)  # fmt: skip
_FOLLOWING = (
    "torch.nn.functional", "torch.nn.init", "torch.functional", "torch._tensor", "torch._VF",
)  # fmt: skip
_INDEXED = (list, tuple, str, bytes, bytearray, range, dict, collections.deque)

_watched: Set[str] = set()


def watch(path: str) -> None:
    """The functions of this file carry guesses on: their calls are rewritten."""
    _watched.add(path)


def compared(value: Any) -> Any:
    """An operand of a comparison. Numbers see to it themselves, text does not."""
    if type(value) is str:
        _leaves(value)
    return value


def is_watched(frame: types.FrameType) -> bool:
    return frame.f_code.co_filename in _watched


def callee_of(followers: Dict[int, Callable[..., Any]]) -> Callable[[Any], Any]:
    """What to call in place of a function."""

    def callee(function: Any) -> Any:
        follower = followers.get(id(function))
        if follower is not None:
            return follower
        if not course.guesses or course.adrift or _carries(function):
            return function
        return _observed(function)

    return callee


def held(container: Any) -> Any:
    """What to index, or to format with `%`, in place of a container or a text."""
    if not course.guesses or (course.adrift and type(container) is not str):
        return container
    return (
        _Held(container) if isinstance(container, _INDEXED) or _is_array(container) else container
    )


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy"


class _Held:
    """A container of Python's, for the moment of one subscript; a text, for that of one `%`."""

    def __init__(self, container: Any) -> None:
        self._container = container

    def __getitem__(self, index: Any) -> Any:
        _leaves(index)
        return self._container[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        _leaves(index)
        self._container[index] = value

    def __delitem__(self, index: Any) -> None:
        _leaves(index)
        del self._container[index]

    def __mod__(self, values: Any) -> Any:
        return formatted(self._container, values)


def _leaves(*values: Any) -> None:
    if any(map(holds_guess, values)):
        course.drift()


def _observed(function: Callable[..., Any]) -> Callable[..., Any]:
    owner = getattr(function, "__self__", None)

    def observed(*args: Any, **kwargs: Any) -> Any:
        _leaves(*args, *kwargs.values(), owner if isinstance(owner, str) else None)
        return function(*args, **kwargs)

    return observed


def _carries(function: Any) -> bool:
    if id(function) in _KEEPERS or isinstance(function, (torch.nn.Module, torch.Tensor)):
        return True
    if isinstance(function, types.MethodType):
        return _carries(function.__func__)
    if isinstance(function, types.FunctionType):
        path, module = function.__code__.co_filename, str(function.__module__)
        return (
            path in _watched
            or module.startswith((*_SHOWING, *_FOLLOWING))
            or (path.startswith(_TORCH) and module.startswith("torch.nn.modules"))
        )
    if isinstance(function, type):
        return _makes_carriers(function)
    name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
    if getattr(torch._C._VariableFunctions, name, None) is function:
        return True
    if isinstance(owner, _CONTAINERS):
        return name in _KEEPING_METHODS
    if isinstance(owner, types.ModuleType):
        return owner.__name__.partition(".")[0] == "torch"
    kind = owner if isinstance(owner, type) else type(function if owner is None else owner)
    return _is_torchs(kind) or _is_of_the_program(kind)


def _makes_carriers(kind: type) -> bool:
    if issubclass(kind, torch.nn.Module) and _is_torchs(kind):
        return not kind.__module__.startswith(_LOSING_LAYERS)
    return issubclass(kind, (BaseException, torch.Size)) or _is_of_the_program(kind)


def _is_torchs(kind: type) -> bool:
    return issubclass(kind, torch.Tensor) or str(kind.__module__).partition(".")[0] == "torch"


def _is_of_the_program(kind: type) -> bool:
    module = sys.modules.get(str(kind.__module__))
    return getattr(module, "__file__", None) in _watched or kind.__module__ == "__main__"
